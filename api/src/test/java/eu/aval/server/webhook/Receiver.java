// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.webhook;

import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntFunction;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerResponse;

/** A tenant's system: takes webhooks on this machine, remembers them, and answers as it is told to. */
public final class Receiver implements AutoCloseable {

    /** One request as it came. */
    public record Taken(String path, HttpHeaders headers, String body) {

        public String header(String name) {
            return String.valueOf(headers.get(name));
        }
    }

    /** What to answer, and when. */
    public record Reply(int status, Mono<?> moment, Map<String, String> headers, int octets) {

        public static Reply of(int status) {
            return new Reply(status, Mono.empty(), Map.of(), 0);
        }

        public Reply after(Duration delay) {
            return after(Mono.delay(delay));
        }

        /** Not before this has ended. */
        public Reply after(Mono<?> other) {
            return new Reply(status, other, headers, octets);
        }

        public Reply with(String name, String value) {
            return new Reply(status, moment, Map.of(name, value), octets);
        }

        public Reply octets(int size) {
            return new Reply(status, moment, headers, size);
        }
    }

    private final List<Taken> taken = new CopyOnWriteArrayList<>();
    private final Map<String, IntFunction<Reply>> replies = new ConcurrentHashMap<>();
    private final DisposableServer server;

    public Receiver() {
        this("127.0.0.1", 0);
    }

    public Receiver(String address, int port) {
        server = HttpServer.create()
                .host(address)
                .port(port)
                .handle((request, response) -> request.receive()
                        .aggregate()
                        .asString()
                        .defaultIfEmpty("")
                        .flatMap(body -> {
                            Taken one = new Taken(
                                    request.uri(), request.requestHeaders().copy(), body);
                            taken.add(one);
                            int number = (int) taken.stream()
                                    .filter(each -> each.path().equals(one.path()))
                                    .count();
                            Reply reply = replies.getOrDefault(one.path(), n -> Reply.of(204))
                                    .apply(number);
                            return reply.moment().then(Mono.from(answer(response, reply)));
                        }))
                .bindNow();
    }

    private static Publisher<Void> answer(HttpServerResponse response, Reply reply) {
        response.status(reply.status());
        reply.headers().forEach(response::header);
        return reply.octets() == 0 ? response.send() : response.sendByteArray(Mono.just(new byte[reply.octets()]));
    }

    /** @param reply by the number of the request to this path, from 1 */
    public void answer(String path, IntFunction<Reply> reply) {
        replies.put(path, reply);
    }

    public int port() {
        return server.port();
    }

    public String url(String path) {
        return "http://127.0.0.1:" + port() + path;
    }

    public List<Taken> taken(String path) {
        return taken.stream().filter(each -> each.path().equals(path)).toList();
    }

    @Override
    public void close() {
        server.disposeNow(Duration.ofSeconds(60));
    }
}
