// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.FreshDatabase;
import eu.aval.server.PostgresSetup;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.r2dbc.connection.R2dbcTransactionManager;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** What is answered is stored, though subscribers go away in the middle of transactions. */
final class PooledConnectionIntegrationTests {

    private static final FreshDatabase database = PostgresSetup.freshDatabase();

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void keepsEveryAcknowledgedRowThoughTransactionsAreCancelled() {
        DatabaseClient client = database.platformClient();
        TransactionalOperator transaction =
                TransactionalOperator.create(new R2dbcTransactionManager(database.platformPool()));
        Mono<Void> cancelled = Flux.range(0, 1500)
                .flatMap(
                        number -> insert(client)
                                .then(insert(client))
                                .as(transaction::transactional)
                                .timeout(Duration.ofNanos(
                                        ThreadLocalRandom.current().nextLong(100_000, 4_000_000)))
                                .onErrorResume(late -> Mono.empty()),
                        16)
                .then();
        Mono<Long> acknowledged =
                Flux.range(0, 1500).flatMap(number -> insert(client), 8).count();

        Long answered = Mono.zip(cancelled.thenReturn(true), acknowledged, (done, count) -> count)
                .block(Duration.ofMinutes(1));

        assertThat(answered).isEqualTo(1500);
        assertThat(database.number("select count(*) from aval.watermark where name like 'alone-%'"))
                .isEqualTo(answered);
    }

    @Test
    void finishesAWholeTransactionWhoseSubscriberIsGone() {
        String name = "detached-" + UUID.randomUUID();
        PlatformDatabase platform = database.platformDatabase();

        StepVerifier.create(platform.in(client -> client.sql("select pg_sleep(0.3)")
                        .then()
                        .then(client.sql("insert into aval.watermark values ($1, now())")
                                .bind(0, name)
                                .then())))
                .expectSubscription()
                .thenAwait(Duration.ofMillis(100))
                .thenCancel()
                .verify();

        StepVerifier.create(Mono.delay(Duration.ofSeconds(1)))
                .expectNextCount(1)
                .verifyComplete();
        assertThat(database.number("select count(*) from aval.watermark where name = ?", name))
                .isOne();
    }

    private static Mono<Integer> insert(DatabaseClient client) {
        return Mono.deferContextual(context -> client.sql("insert into aval.watermark values ($1, now())")
                .bind(0, (context.isEmpty() ? "alone-" : "together-") + UUID.randomUUID())
                .fetch()
                .rowsUpdated()
                .map(Long::intValue));
    }
}
