// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.tenant;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Result;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.r2dbc.connection.SingleConnectionFactory;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.r2dbc.core.binding.BindMarkersFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Transactions on connections of one pool, with as few round trips as they can have: what begins one goes out together with
 * its first statement. Should beginning fail, that statement fails too: PostgreSQL refuses whatever follows an error in a
 * transaction.
 *
 * <p>Each is {@link Detached}: one that is cancelled while it begins could begin after its connection went back.
 */
final class Transactions {

    private static final BindMarkersFactory MARKERS = BindMarkersFactory.indexed("$", 1);

    private static final String DEADLOCK = "40P01";
    private static final int REPETITIONS = 2;
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final ConnectionFactory pool;
    private final DatabaseClient client;

    Transactions(ConnectionFactory pool) {
        this.pool = pool;
        this.client = clientOf(pool);
    }

    /** Runs one statement, which is a transaction of its own. */
    <T> Mono<T> atOnce(Function<DatabaseClient, Mono<T>> statement) {
        return Detached.from(Mono.defer(() -> statement.apply(client)).doOnSuccess(done -> StoreFailures.worked()));
    }

    /**
     * Runs {@code work} between {@code begin} and a commit, or a roll back if it fails. What PostgreSQL ended because two
     * waited for each other has left no trace: it runs again.
     *
     * @param begin statements that begin the transaction, without parameters
     */
    <T> Mono<T> run(String begin, Function<DatabaseClient, Mono<T>> work) {
        return Detached.from(Mono.usingWhen(
                        pool.create(),
                        connection -> begun(connection, begin, Mono.defer(() -> work.apply(heldClient(connection)))),
                        connection -> Flux.concatDelayError(connection.commitTransaction(), connection.close()),
                        (connection, error) -> rollBack(connection),
                        Transactions::rollBack)
                .retryWhen(Retry.backoff(REPETITIONS, PAUSE)
                        .filter(Transactions::isVictim)
                        .onRetryExhaustedThrow((spec, last) -> last.failure()))
                .doOnSuccess(done -> StoreFailures.worked()));
    }

    private static boolean isVictim(Throwable error) {
        return DEADLOCK.equals(StoreFailures.sqlState(error));
    }

    /** The second of the two sends after the first, and is not cut off by its error. */
    private static <T> Mono<T> begun(Connection connection, String begin, Mono<T> working) {
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        Mono<T> beginning = Flux.from(connection.createStatement(begin).execute())
                .flatMap(Result::getRowsUpdated)
                .<T>then(Mono.empty())
                .doOnError(failure::set);
        return Flux.mergeSequentialDelayError(List.of(beginning, working), 2, 1)
                .singleOrEmpty()
                .onErrorMap(error -> Objects.requireNonNullElse(failure.get(), error));
    }

    private static Publisher<Void> rollBack(Connection connection) {
        return Flux.concatDelayError(connection.rollbackTransaction(), connection.close());
    }

    /** All its statements are on this connection, and none of them closes it. */
    private DatabaseClient heldClient(Connection connection) {
        return clientOf(new SingleConnectionFactory(connection, pool.getMetadata(), true));
    }

    private static DatabaseClient clientOf(ConnectionFactory connections) {
        return DatabaseClient.builder()
                .connectionFactory(connections)
                .bindMarkers(MARKERS)
                .namedParameters(false)
                .build();
    }
}
