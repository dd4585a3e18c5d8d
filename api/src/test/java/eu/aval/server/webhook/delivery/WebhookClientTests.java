// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.webhook.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.shared.TimeOrderedId;
import eu.aval.server.webhook.Receiver;
import eu.aval.server.webhook.Receiver.Reply;
import eu.aval.server.webhook.WebhookAttempt.Outcome;
import eu.aval.server.webhook.delivery.WebhookClient.Answer;
import eu.aval.server.webhook.delivery.WebhookClient.Request;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.InetNameResolver;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where requests go and where they do not, against real connections. */
final class WebhookClientTests {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    /** Of a client that is to run out of it. */
    private static final Duration SHORT = Duration.ofSeconds(1);

    private static final Targets ONE_ADDRESS = new Targets(true, List.of());
    private static final Targets ONLY_FIRST = new Targets(false, List.of("127.0.0.1/32"));

    private static final String HINTS = "HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n";

    private static final String BROKEN = "HTTP/1.1 500 Broken\r\nContent-Length: 2\r\n\r\nno";

    private final Receiver receiver = new Receiver();
    private final AtomicInteger lookUps = new AtomicInteger();

    @AfterEach
    void close() {
        receiver.close();
    }

    @Test
    void connectsToTheAddressThatWasCheckedThoughTheNameLeadsElsewhereThen() {
        try (Receiver inside = new Receiver("127.0.0.2", receiver.port())) {
            IntFunction<List<String>> rebound = look -> look == 1 ? List.of("127.0.0.1") : List.of("127.0.0.2");

            assertThat(send(client(ONLY_FIRST, rebound), named("/a")).outcome()).isEqualTo(Outcome.DELIVERED);
            assertThat(lookUps).hasValue(1);
            // a new connection: what the name leads to now is checked again
            assertThat(send(client(ONLY_FIRST, rebound), named("/a")).outcome()).isEqualTo(Outcome.BLOCKED);

            assertThat(lookUps).hasValue(2);
            assertThat(receiver.taken("/a")).hasSize(1);
            assertThat(inside.taken("/a")).isEmpty();
        }
    }

    @Test
    void refusesANameOfWhichOneAddressIsNotPublic() {
        WebhookClient client = client(ONLY_FIRST, look -> List.of("127.0.0.1", "10.0.0.1"));

        assertThat(send(client, named("/a")).outcome()).isEqualTo(Outcome.BLOCKED);
        assertThat(receiver.taken("/a")).isEmpty();
    }

    @Test
    void refusesAddressesInTheUrlItself() {
        WebhookClient client = client(new Targets(false, List.of()), look -> List.of("127.0.0.1"));

        assertThat(send(client, receiver.url("/a")).outcome()).isEqualTo(Outcome.BLOCKED);
        assertThat(send(client, "http://[::ffff:127.0.0.1]:" + receiver.port() + "/a")
                        .outcome())
                .isEqualTo(Outcome.BLOCKED);
        assertThat(send(client, "http://2130706433:" + receiver.port() + "/a").outcome())
                .isEqualTo(Outcome.BLOCKED);
        assertThat(send(client, "http://localhost:" + receiver.port() + "/a").outcome())
                .isEqualTo(Outcome.BLOCKED);
        assertThat(receiver.taken("/a")).isEmpty();
    }

    @Test
    void doesNotFollowRedirections() {
        receiver.answer("/a", n -> Reply.of(307).with("location", receiver.url("/b")));

        Answer answer = send(client(ONE_ADDRESS, look -> List.of("127.0.0.1")), receiver.url("/a"));

        assertThat(answer.outcome()).isEqualTo(Outcome.REDIRECTED);
        assertThat(answer.status()).isEqualTo(307);
        assertThat(receiver.taken("/b")).isEmpty();
    }

    @Test
    void doesNotWaitForever() {
        receiver.answer("/a", n -> Reply.of(200).after(Duration.ofMinutes(5)));
        Answer answer = send(client(ONE_ADDRESS, look -> List.of("127.0.0.1"), SHORT), receiver.url("/a"));
        assertThat(answer.outcome()).isEqualTo(Outcome.TIMEOUT);
        assertThat(answer.milliseconds()).isBetween(900, 60_000);
    }

    @Test
    void readsNoMoreOfAnAnswerThanItNeeds() {
        receiver.answer("/a", n -> Reply.of(200).octets(50 * 1024 * 1024));

        assertThat(send(client(ONE_ADDRESS, look -> List.of("127.0.0.1")), receiver.url("/a"))
                        .outcome())
                .isEqualTo(Outcome.DELIVERED);
    }

    @Test
    void refusesHeadersWithoutEnd() {
        receiver.answer("/a", n -> Reply.of(200).with("x-long", "a".repeat(100_000)));

        assertThat(send(client(ONE_ADDRESS, look -> List.of("127.0.0.1")), receiver.url("/a"))
                        .outcome())
                .isNotEqualTo(Outcome.DELIVERED);
    }

    @Test
    void tellsWhatCannotBeReached() {
        WebhookClient client = client(ONE_ADDRESS, look -> List.of("127.0.0.1"));
        int port = receiver.port();
        receiver.close();

        assertThat(send(client, "http://127.0.0.1:" + port + "/a").outcome()).isEqualTo(Outcome.UNREACHABLE);
        assertThat(send(client(ONE_ADDRESS, look -> List.of()), named("/a")).outcome())
                .isEqualTo(Outcome.UNREACHABLE);
    }

    @Test
    void readsRetryAfterAsSecondsAndAsADate() {
        WebhookClient client = client(ONE_ADDRESS, look -> List.of("127.0.0.1"));
        receiver.answer("/a", n -> Reply.of(503).with("retry-after", "120"));
        receiver.answer("/b", n -> Reply.of(429).with("retry-after", "Fri, 31 Dec 2100 23:59:59 GMT"));
        receiver.answer("/c", n -> Reply.of(500).with("retry-after", "soon"));
        receiver.answer("/d", n -> Reply.of(429).with("retry-after", "99999999999999999999"));

        assertThat(send(client, receiver.url("/a")).retryAfter()).isEqualTo(Duration.ofMinutes(2));
        assertThat(send(client, receiver.url("/b")).retryAfter()).isEqualTo(Duration.ofHours(24));
        assertThat(send(client, receiver.url("/c")).retryAfter()).isNull();
        assertThat(send(client, receiver.url("/d")).retryAfter()).isEqualTo(Duration.ofHours(24));
    }

    @Test
    void waitsForTheFinalResponseBehindInterimOnes() throws Exception {
        WebhookClient client = client(ONE_ADDRESS, look -> List.of("127.0.0.1"));
        try (Script script = new Script(
                List.of("HTTP/1.1 100 Continue\r\n\r\n" + HINTS, HINTS + "HTTP/1.1 204 No Content\r\n\r\n"),
                List.of(HINTS + BROKEN),
                List.of(HINTS + BROKEN),
                List.of(HINTS + BROKEN),
                List.of(HINTS + BROKEN))) {
            assertThat(send(client, script.url()).status()).isEqualTo(204);
            for (int i = 0; i < 4; i++) {
                assertThat(send(client, script.url()).status()).isEqualTo(500);
            }
            // One that was just used may be late to be used again
            assertThat(script.connections()).isLessThan(5);
        }
    }

    @Test
    void waitsInVainForTheFinalResponseBehindAnInterimOne() throws Exception {
        try (Script script = new Script(List.of(HINTS))) {
            Answer answer = send(client(ONE_ADDRESS, look -> List.of("127.0.0.1"), SHORT), script.url());
            assertThat(answer.outcome()).isEqualTo(Outcome.TIMEOUT);
            assertThat(answer.status()).isNull();
        }
    }

    @Test
    void takesNoFinalResponseForAnotherRequestsAfterAnUnaskedChangeOfProtocol() throws Exception {
        WebhookClient client = client(ONE_ADDRESS, look -> List.of("127.0.0.1"));
        try (Script script = new Script(
                List.of("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: other\r\n\r\n"),
                List.of("HTTP/1.1 204 No Content\r\n\r\n"))) {
            assertThat(send(client, script.url()).outcome()).isEqualTo(Outcome.REFUSED);
            assertThat(send(client, script.url()).status()).isEqualTo(204);
            assertThat(script.connections()).isEqualTo(2);
        }
    }

    private String named(String path) {
        return "http://hooks.example.com:" + receiver.port() + path;
    }

    private static Answer send(WebhookClient client, String url) {
        Answer answer = client.send(new Request(url, TimeOrderedId.next(), "{}", List.of()))
                .block(Duration.ofMinutes(2));
        assertThat(answer).isNotNull();
        return answer;
    }

    private WebhookClient client(Targets targets, IntFunction<List<String>> names) {
        return client(targets, names, TIMEOUT);
    }

    private WebhookClient client(Targets targets, IntFunction<List<String>> names, Duration timeout) {
        return new WebhookClient(
                new AddressResolverGroup<>() {
                    @Override
                    protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
                        return new InetNameResolver(executor) {
                            @Override
                            protected void doResolve(String name, Promise<InetAddress> promise) {
                                promise.setFailure(new UnknownHostException("only all of them"));
                            }

                            @Override
                            protected void doResolveAll(String name, Promise<List<InetAddress>> promise) {
                                List<InetAddress> found = names.apply(lookUps.incrementAndGet()).stream()
                                        .map(WebhookClientTests::address)
                                        .toList();
                                if (found.isEmpty()) {
                                    promise.setFailure(new UnknownHostException(name));
                                } else {
                                    promise.setSuccess(found);
                                }
                            }
                        }.asAddressResolver();
                    }
                },
                targets,
                timeout,
                Clock.systemUTC());
    }

    /** Answers the first request with the first list, piece by piece, and so on; and nothing more. */
    private static final class Script implements AutoCloseable {

        private final ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        private final AtomicInteger connections = new AtomicInteger();
        private final Queue<List<String>> answers;

        @SafeVarargs
        private Script(List<String>... answers) throws IOException {
            this.answers = new ConcurrentLinkedQueue<>(List.of(answers));
            Thread.ofVirtual().start(() -> {
                while (!listener.isClosed()) {
                    try {
                        Socket connection = listener.accept();
                        connections.incrementAndGet();
                        Thread.ofVirtual().start(() -> serve(connection));
                    } catch (IOException closed) {
                        return;
                    }
                }
            });
        }

        String url() {
            return "http://127.0.0.1:" + listener.getLocalPort() + "/a";
        }

        int connections() {
            return connections.get();
        }

        private void serve(Socket connection) {
            try (connection) {
                var request = new StringBuilder();
                for (int octet; (octet = connection.getInputStream().read()) >= 0; ) {
                    request.append((char) octet);
                    if (request.toString().endsWith("\r\n\r\n{}")) {
                        request.setLength(0);
                        List<String> pieces = answers.poll();
                        for (String piece : pieces == null ? List.<String>of() : pieces) {
                            connection.getOutputStream().write(piece.getBytes(StandardCharsets.US_ASCII));
                            Thread.sleep(50);
                        }
                    }
                }
            } catch (IOException | InterruptedException gone) {
                // the client has what it came for
            }
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }

    private static InetAddress address(String value) {
        try {
            return InetAddress.getByAddress(octets(value));
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] octets(String value) {
        Integer[] parts =
                Arrays.stream(value.split("\\.")).map(Integer::valueOf).toArray(Integer[]::new);
        byte[] octets = new byte[parts.length];
        for (int i = 0; i < octets.length; i++) {
            octets[i] = parts[i].byteValue();
        }
        return octets;
    }
}
