// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.database;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.R2dbcTransientResourceException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Looks at connections of one pool before they are handed out.
 *
 * <p>One is asked once a second whether its server is still there: a server that went away without a word leaves it open. The
 * question also waits for whatever is still on its way, so that the driver knows whether a transaction is open. Others need
 * no round trip: transactions give theirs back when they have ended.
 *
 * <p>A session goes on with the {@code default_transaction_read_only} of its database or role that it began with. So one
 * that is read-only is asked each time, and gives way to a new one when one that began after it is not, or after five
 * seconds: whether the new one is so too tells whether it has been taken back.
 */
final class SessionChecks {

    /** A connection that was asked so lately is taken for alive. */
    private static final Duration RECENT = Duration.ofSeconds(1);

    /** How old a session that is read-only may become. */
    private static final Duration OLDEST_READ_ONLY = Duration.ofSeconds(5);

    private static final long BEGAN = System.nanoTime();

    // A dozen entries: handing their upkeep to another thread would cost more than it takes
    private final Cache<Connection, Boolean> recent = Caffeine.newBuilder()
            .weakKeys()
            .expireAfterWrite(RECENT)
            .executor(Runnable::run)
            .build();
    private final Cache<Connection, Long> opened =
            Caffeine.newBuilder().weakKeys().executor(Runnable::run).build();
    /** When the newest of those that take writes was opened. */
    private final AtomicLong newestWritable = new AtomicLong();

    /** Completes when the connection can be used; an error if another should take its place. */
    Mono<Void> check(Connection connection) {
        Mono<Void> rollback = Mono.defer(() -> Mono.from(connection.rollbackTransaction()));
        if (recent.getIfPresent(connection) != null) {
            return rollback;
        }
        long since = opened.get(connection, unknown -> now());
        return isReadOnly(connection)
                // That it is broken, the roll back will tell
                .onErrorReturn(false)
                .flatMap(readOnly -> {
                    if (!readOnly) {
                        newestWritable.accumulateAndGet(since, Math::max);
                        recent.put(connection, true);
                    } else if (since < newestWritable.get() || now() - since > OLDEST_READ_ONLY.toNanos()) {
                        return Mono.error(new R2dbcTransientResourceException("The session is read-only"));
                    }
                    return rollback;
                });
    }

    /** Nanoseconds, never negative. */
    private static long now() {
        return System.nanoTime() - BEGAN;
    }

    /** A question, so that nothing is written; it is a transaction of its own, and as the next one will be. */
    static Mono<Boolean> isReadOnly(Connection connection) {
        return Flux.from(
                        connection.createStatement("show transaction_read_only").execute())
                .flatMap(result -> result.map((row, metadata) -> "on".equals(row.get(0, String.class))))
                .single();
    }
}
