// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.FreshDatabase;
import eu.aval.server.PostgresSetup;
import eu.aval.server.shared.TenantId;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
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
        Transactions transactions = new Transactions(database.platformPool());
        Mono<Void> cancelled = Flux.range(0, 1500)
                .flatMap(
                        number -> transactions
                                .run("begin", own -> insert(own, "together").then(insert(own, "together")))
                                .timeout(Duration.ofNanos(
                                        ThreadLocalRandom.current().nextLong(100_000, 4_000_000)))
                                .onErrorResume(late -> Mono.empty()),
                        16)
                .then();
        Mono<Long> acknowledged = Flux.range(0, 1500)
                .flatMap(number -> insert(client, "alone"), 8)
                .count();

        Long answered = Mono.zip(cancelled.thenReturn(true), acknowledged, (done, count) -> count)
                .block(Duration.ofMinutes(3));

        assertThat(answered).isEqualTo(1500);
        assertThat(database.number("select count(*) from aval.watermark where name like 'alone-%'"))
                .isEqualTo(answered);
        // whole transactions or none
        assertThat(database.number("select count(*) % 2 from aval.watermark where name like 'together-%'"))
                .isZero();
    }

    @Test
    void runsAgainWhatWasEndedBecauseTwoWaitedForEachOther() {
        database.execute("insert into aval.watermark (name, at) values ('one', 'epoch'), ('other', 'epoch')");
        Transactions transactions = new Transactions(database.platformPool());
        AtomicInteger runs = new AtomicInteger();
        Map<String, Sinks.Empty<Void>> touched = Map.of("one", Sinks.empty(), "other", Sinks.empty());
        Mono<Void> there = transactions.run("begin", own -> touch(own, "one", "other", touched, runs));
        Mono<Void> back = transactions.run("begin", own -> touch(own, "other", "one", touched, runs));

        StepVerifier.create(Mono.when(there, back)).verifyComplete();

        assertThat(runs).hasValue(3);
        assertThat(database.number(
                        "select count(*) from aval.watermark where name in ('one', 'other') and at > 'epoch'"))
                .isEqualTo(2);
    }

    /** The second not before somebody has touched it. */
    private static Mono<Void> touch(
            DatabaseClient client,
            String first,
            String second,
            Map<String, Sinks.Empty<Void>> touched,
            AtomicInteger runs) {
        return touch(client, first)
                .doOnSubscribe(begun -> runs.incrementAndGet())
                .then(Mono.fromRunnable(() -> touched.get(first).tryEmitEmpty()))
                .then(touched.get(second).asMono())
                .then(touch(client, second));
    }

    private static Mono<Void> touch(DatabaseClient client, String name) {
        return client.sql("update aval.watermark set at = now() where name = $1")
                .bind(0, name)
                .then();
    }

    @Test
    void finishesAWholeTransactionWhoseSubscriberIsGone() {
        String name = "detached-" + UUID.randomUUID();
        PlatformDatabase platform = database.platformDatabase();

        Sinks.Empty<Void> begun = Sinks.empty();
        Disposable subscriber = platform.in(client -> client.sql("select pg_sleep(0.3)")
                        .then()
                        .doOnSubscribe(subscribed -> begun.tryEmitEmpty())
                        .then(client.sql("insert into aval.watermark values ($1, now())")
                                .bind(0, name)
                                .then()))
                .subscribe();
        begun.asMono().block(Duration.ofMinutes(1));
        subscriber.dispose();

        StepVerifier.create(platform.in(client -> client.sql("select from aval.watermark where name = $1")
                                .bind(0, name)
                                .fetch()
                                .first())
                        .repeatWhenEmpty(again -> again.delayElements(Duration.ofMillis(50))))
                .expectNextCount(1)
                .expectComplete()
                .verify(Duration.ofMinutes(3));
    }

    @Test
    void runsEachTransactionOnAConnectionOfItsOwnThoughItIsBegunInsideAnother() {
        PlatformDatabase platform = database.platformDatabase();
        TenantDatabase tenants = database.tenantDatabase();
        TenantId tenant = new TenantId(UUID.randomUUID());

        // As a claim does that finds no fresh snapshot of purposes and senders
        StepVerifier.create(Flux.range(0, 300)
                        .flatMap(
                                number -> platform.in(client ->
                                        client.sql("select 1").then().then(shareAConnection(tenants, tenant))),
                                3)
                        .collectList())
                .assertNext(shared -> assertThat(shared).hasSize(300).doesNotContain(true))
                .expectComplete()
                .verify(Duration.ofMinutes(3));
    }

    @Test
    void commitsWhatWasBegunInsideATransactionThatFails() {
        String name = "inside-" + UUID.randomUUID();
        PlatformDatabase platform = database.platformDatabase();

        StepVerifier.create(platform.in(
                        outer -> platform.in(client -> client.sql("insert into aval.watermark values ($1, now())")
                                        .bind(0, name)
                                        .then())
                                .then(Mono.error(new IllegalStateException()))))
                .verifyError(IllegalStateException.class);

        assertThat(database.number("select count(*) from aval.watermark where name = ?", name))
                .isOne();
    }

    @Test
    void failsWithWhatKeptATransactionFromBeginning() {
        Transactions transactions = new Transactions(database.platformPool());

        StepVerifier.create(transactions.run(
                        "begin; select 1 / 0",
                        client -> client.sql("insert into aval.watermark values ('never', now())")
                                .fetch()
                                .rowsUpdated()))
                .verifyErrorSatisfies(
                        error -> assertThat(StoreFailures.sqlState(error)).isEqualTo("22012"));

        assertThat(database.number("select count(*) from aval.watermark where name = 'never'"))
                .isZero();
    }

    @Test
    void failsThoughTheWorkSaysThatItsFailedStatementDoesNotMatter() {
        Transactions transactions = new Transactions(database.platformPool());

        StepVerifier.create(transactions.run(
                        "begin",
                        client -> client.sql("insert into aval.watermark values ('half', now())")
                                .then()
                                .then(client.sql("select 1 / 0").then().onErrorComplete())))
                .verifyError();

        assertThat(database.number("select count(*) from aval.watermark where name = 'half'"))
                .isZero();
    }

    /** Two transactions at once: neither ends before the other has begun. */
    private static Mono<Boolean> shareAConnection(TenantDatabase tenants, TenantId tenant) {
        Sinks.One<Integer> one = Sinks.one();
        Sinks.One<Integer> other = Sinks.one();
        return Mono.zip(backend(tenants, tenant, one, other), backend(tenants, tenant, other, one), Integer::equals);
    }

    private static Mono<Integer> backend(
            TenantDatabase tenants, TenantId tenant, Sinks.One<Integer> mine, Sinks.One<Integer> theirs) {
        return tenants.in(
                tenant,
                client -> client.sql("select pg_backend_pid() as pid")
                        .map(row -> java.util.Objects.requireNonNull(row.get("pid", Integer.class)))
                        .one()
                        .doOnNext(mine::tryEmitValue)
                        .delayUntil(pid -> theirs.asMono()));
    }

    private static Mono<Integer> insert(DatabaseClient client, String how) {
        return client.sql("insert into aval.watermark values ($1, now())")
                .bind(0, how + "-" + UUID.randomUUID())
                .fetch()
                .rowsUpdated()
                .map(Long::intValue);
    }
}
