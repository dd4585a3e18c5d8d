// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.webhook.delivery;

import eu.aval.server.webhook.SigningKey;
import eu.aval.server.webhook.WebhookAttempt.Outcome;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.HostsFileEntriesResolver;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.NettyPipeline;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

/**
 * Sends signed requests to endpoints: to checked addresses only, without following redirections, within a time, and
 * without reading more of an answer than it takes to use the connection again. Expected failures are answers.
 */
public final class WebhookClient {

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(24);
    private static final int MOST_READ = 16 * 1024;

    /**
     * What to send.
     *
     * @param keys each of them signs
     */
    public record Request(String url, UUID eventId, String body, List<SigningKey> keys) {

        @Override
        public String toString() {
            return "Request[" + eventId + "]";
        }
    }

    /**
     * What came of it.
     *
     * @param retryAfter how long it asked to be left alone
     */
    public record Answer(
            Outcome outcome,
            @Nullable Integer status,
            @Nullable Duration retryAfter,
            Instant at,
            int milliseconds) {}

    private record Reply(int status, @Nullable String retryAfter) {}

    private final ConnectionProvider connections;
    private final LoopResources loops;
    private final AddressResolverGroup<InetSocketAddress> addresses;
    private final HttpClient http;
    private final Duration timeout;
    private final Clock clock;

    public WebhookClient(Targets targets, Duration timeout, Clock clock) {
        this(systemNames(), targets, timeout, clock);
    }

    WebhookClient(AddressResolverGroup<InetSocketAddress> names, Targets targets, Duration timeout, Clock clock) {
        this.timeout = timeout;
        this.clock = clock;
        this.addresses = new CheckedAddresses(names, targets);
        this.loops = LoopResources.create(
                "webhook", 1, Math.max(1, Runtime.getRuntime().availableProcessors()), true);
        this.connections = ConnectionProvider.builder("webhook")
                // how many requests an endpoint has open is decided before: one that shares its host waits for nobody
                .maxConnections(1_000)
                .pendingAcquireTimeout(timeout)
                .pendingAcquireMaxCount(-1)
                .maxIdleTime(Duration.ofSeconds(30))
                .maxLifeTime(Duration.ofMinutes(5))
                .evictInBackground(Duration.ofSeconds(30))
                .build();
        this.http = HttpClient.create(connections)
                .runOn(loops, false)
                .resolver(addresses)
                .noProxy()
                .followRedirect(false)
                .disableRetry(true)
                .compress(false)
                .keepAlive(true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) CONNECT.toMillis())
                .httpResponseDecoder(spec -> spec.maxHeaderSize(16 * 1024).maxInitialLineLength(4 * 1024))
                .doOnChannelInit((observer, channel, address) -> channel.pipeline()
                        .addAfter(NettyPipeline.HttpCodec, "interim-responses", new InterimResponses()))
                .responseTimeout(timeout);
        // libraries for TLS and providers of keys are read from disk at their first use: better now than on an event
        // loop
        HttpClient.create().secure();
        SigningKey.create(SigningKey.Scheme.V1, new java.security.SecureRandom())
                .key()
                .sign("", 0, new byte[0]);
        SigningKey.create(SigningKey.Scheme.V1A, new java.security.SecureRandom())
                .key()
                .sign("", 0, new byte[0]);
    }

    /** Sends once. Never an error. */
    public Mono<Answer> send(Request request) {
        return Mono.defer(() -> {
            Instant at = clock.instant();
            long start = System.nanoTime();
            return exchange(request, at)
                    .timeout(timeout)
                    .map(reply -> answer(reply, at, start))
                    .onErrorResume(
                            failure -> Mono.just(new Answer(outcome(failure), null, null, at, milliseconds(start))));
        });
    }

    /** Closes what it opened, without waiting for it. */
    public void close() {
        connections
                .disposeLater()
                .then(loops.disposeLater(Duration.ZERO, Duration.ofSeconds(2)))
                .doFinally(end -> addresses.close())
                .subscribe();
    }

    private Mono<Reply> exchange(Request request, Instant at) {
        byte[] body = request.body().getBytes(StandardCharsets.UTF_8);
        String id = request.eventId().toString();
        long timestamp = at.getEpochSecond();
        String signatures = request.keys().stream()
                .map(key -> key.sign(id, timestamp, body))
                .collect(Collectors.joining(" "));
        return http.headers(headers -> headers(headers, id, timestamp, signatures))
                .post()
                .uri(request.url())
                .send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(body)))
                .response((response, content) -> content.map(ByteBuf::readableBytes)
                        .scan(0, Integer::sum)
                        .takeUntil(read -> read > MOST_READ)
                        .then()
                        .timeout(Duration.ofSeconds(2), Mono.empty())
                        .onErrorResume(failure -> Mono.empty())
                        .then(Mono.fromSupplier(() -> reply(response))))
                .next();
    }

    private static Reply reply(HttpClientResponse response) {
        return new Reply(response.status().code(), response.responseHeaders().get("retry-after"));
    }

    private static void headers(HttpHeaders headers, String id, long timestamp, String signatures) {
        headers.set("content-type", "application/json")
                .set("user-agent", "aval-webhooks/1")
                .set("webhook-id", id)
                .set("webhook-timestamp", Long.toString(timestamp))
                .set("webhook-signature", signatures);
    }

    private Answer answer(Reply reply, Instant at, long start) {
        int status = reply.status();
        Outcome outcome = switch (status) {
            case 410 -> Outcome.GONE;
            case 429, 502, 503, 504 -> Outcome.THROTTLED;
            default ->
                status >= 200 && status < 300
                        ? Outcome.DELIVERED
                        : status >= 300 && status < 400 ? Outcome.REDIRECTED : Outcome.REFUSED;
        };
        return new Answer(
                outcome,
                status,
                outcome == Outcome.DELIVERED ? null : pause(reply.retryAfter()),
                at,
                milliseconds(start));
    }

    /** Seconds or a date; what is neither is nothing, and nobody is left alone for longer than a day. */
    private @Nullable Duration pause(@Nullable String value) {
        if (value == null) {
            return null;
        }
        try {
            Duration asked = value.matches("[0-9]+")
                    ? value.length() > 9 ? LONGEST_PAUSE : Duration.ofSeconds(Long.parseLong(value))
                    : Duration.between(
                            clock.instant(), Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(value)));
            return asked.isNegative() ? null : asked.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : asked;
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static Outcome outcome(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CheckedAddresses.Blocked) {
                return Outcome.BLOCKED;
            }
            if (cause instanceof io.netty.handler.timeout.TimeoutException || cause instanceof TimeoutException) {
                return Outcome.TIMEOUT;
            }
        }
        return Outcome.UNREACHABLE;
    }

    private static int milliseconds(long start) {
        return (int) Math.min(Integer.MAX_VALUE, (System.nanoTime() - start) / 1_000_000);
    }

    /** Without blocking, by the servers and the hosts file of this machine, which are read here and not on an event loop. */
    private static AddressResolverGroup<InetSocketAddress> systemNames() {
        return new DnsAddressResolverGroup(new DnsNameResolverBuilder()
                .datagramChannelType(NioDatagramChannel.class)
                .socketChannelType(NioSocketChannel.class)
                .nameServerProvider(DnsServerAddressStreamProviders.platformDefault())
                .hostsFileEntriesResolver(HostsFileEntriesResolver.DEFAULT)
                .queryTimeoutMillis(2_000)
                .maxQueriesPerResolve(4)
                .ttl(0, 30));
    }
}
