// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.outbox.store;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.FreshDatabase;
import eu.aval.server.PostgresSetup;
import eu.aval.server.outbox.EventLog;
import eu.aval.server.outbox.EventLog.Event;
import eu.aval.server.outbox.OutboxEvent;
import eu.aval.server.shared.TenantId;
import eu.aval.server.shared.TimeOrderedId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import tools.jackson.databind.json.JsonMapper;

final class EventTableIntegrationTests {

    private static final UUID BEGINNING = new UUID(0, 0);
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private static FreshDatabase database;

    private final OutboxTable outbox = new OutboxTable(JsonMapper.shared());
    private final EventTable log = new EventTable();
    private TenantId tenant;

    @BeforeAll
    static void migrate() {
        database = PostgresSetup.freshDatabase();
    }

    @AfterAll
    static void drop() {
        database.close();
    }

    @BeforeEach
    void makeATenantThatIsListenedTo() {
        database.execute("truncate aval.outbox");
        tenant = tenant();
        listen(tenant, null);
    }

    @Test
    void writesNothingForATenantToWhomNobodyListens() {
        TenantId unheard = tenant();
        append(unheard, 1);
        listen(unheard, Duration.ofHours(1));
        append(unheard, 2);
        database.execute("update aval.listening set until = now() where tenant_id = ?", unheard.value());
        append(unheard, 3);

        assertThat(database.query("select data->>'number' as number from aval.outbox"))
                .singleElement()
                .satisfies(row -> assertThat(row).containsEntry("number", "2"));
    }

    @Test
    void writesNothingThatIsRolledBack() {
        StepVerifier.create(database.tenantDatabase()
                        .in(
                                tenant,
                                client -> outbox.append(client, event(tenant, 1))
                                        .then(Mono.error(new IllegalStateException("on purpose")))))
                .verifyErrorMessage("on purpose");

        assertThat(database.number("select count(*) from aval.outbox")).isZero();
    }

    @Test
    void leavesOutWhatIsNull() {
        Map<String, @Nullable Object> data = new HashMap<>();
        data.put("id", tenant.value());
        data.put("at", Instant.EPOCH);
        data.put("nothing", null);
        block(database.tenantDatabase()
                .in(
                        tenant,
                        client -> outbox.append(client, new OutboxEvent(tenant, tenant.value(), "some.thing", data))));

        assertThat(database.value("select data::text from aval.outbox"))
                .hasToString("{\"at\": \"1970-01-01T00:00:00Z\", \"id\": \"" + tenant + "\"}");
        assertThat(database.value("select subject_id from aval.outbox")).isEqualTo(tenant.value());
    }

    @Test
    void keepsTheOrderInWhichThingsHappened() {
        database.execute(
                "insert into aval.outbox (tenant_id, type, at, data) select ?, 'some.thing', now(), jsonb_build_object('number', i)"
                        + " from generate_series(0, 2499) i order by i",
                tenant.value());

        EventLog.Moved first = move(1_000);
        EventLog.Moved second = move(1_000);
        EventLog.Moved third = move(1_000);

        assertThat(first.events()).isEqualTo(1_000);
        assertThat(third.events()).isEqualTo(500);
        assertThat(second.after()).isGreaterThanOrEqualTo(first.last());
        assertThat(numbers(read(BEGINNING, 10_000)))
                .containsExactlyElementsOf(IntStream.range(0, 2_500).boxed().toList());
        assertThat(read(third.after(), 10_000)).hasSize(500);
        assertThat(read(third.last(), 10_000)).isEmpty();
        assertThat(database.number("select count(*) from aval.outbox")).isZero();
        StepVerifier.create(database.platformDatabase().in(client -> log.move(client, 10)))
                .verifyComplete();
    }

    /** A reader goes by ids: one that appeared behind it would never be seen. */
    @Test
    void neverShowsAnEventBehindOneThatWasSeen() {
        int events = 600;
        Mono<Void> writers = Flux.range(0, events)
                .flatMap(
                        i -> database.tenantDatabase().in(tenant, client -> outbox.append(client, event(tenant, i))), 6)
                .then();
        Flux<EventLog.Moved> movers = Flux.range(0, 3)
                .flatMap(node -> Mono.defer(() -> database.platformDatabase().in(client -> log.move(client, 20)))
                        .repeatWhen(done -> done.delayElements(Duration.ofMillis(1)))
                        .subscribeOn(Schedulers.parallel()));
        List<Event> seen = new ArrayList<>();
        var moving = movers.subscribe();
        var writing = writers.subscribe();
        try {
            UUID after = BEGINNING;
            long until = System.nanoTime() + PATIENCE.toNanos();
            while (seen.size() < events && System.nanoTime() < until) {
                List<Event> page = read(after, 200);
                if (!page.isEmpty()) {
                    seen.addAll(page);
                    after = page.getLast().id();
                }
            }
        } finally {
            moving.dispose();
            writing.dispose();
        }

        assertThat(numbers(seen)).hasSize(events).doesNotHaveDuplicates();
        assertThat(read(BEGINNING, events + 1)).hasSize(events);
    }

    @Test
    void followsTheLastIdWhenTheClockWasAhead() {
        long ahead = (System.currentTimeMillis() + 600_000) << 12;
        database.execute("update aval.outbox_relay set last_stamp = ?", ahead);
        append(tenant, 1);
        append(tenant, 2);

        EventLog.Moved moved = move(10);

        assertThat(numbers(read(BEGINNING, 10))).containsExactly(1, 2);
        assertThat(TimeOrderedId.instantOf(moved.last())).isAfter(Instant.now().plusSeconds(300));
        database.execute("update aval.outbox_relay set last_stamp = 0");
        database.execute("delete from aval.event");
    }

    @Test
    void givesEachTenantItsOwn() {
        TenantId other = tenant();
        listen(other, null);
        append(tenant, 1);
        append(other, 2);
        UUID before = block(database.platformDatabase().in(log::newest));
        move(10);

        assertThat(numbers(read(BEGINNING, 10))).containsExactly(1);
        Map<TenantId, UUID> newest = block(database.platformDatabase().in(client -> log.newest(client, before)));
        assertThat(newest).containsOnlyKeys(tenant, other);
    }

    @Test
    void leavesOutFields() {
        append(tenant, 1);
        move(10);

        assertThat(page(BEGINNING, Set.of("number", "unheard"), 10))
                .singleElement()
                .satisfies(event -> assertThat(event.data()).isEqualTo("{}"));
    }

    @Test
    void keepsListeningUntilTheLongestPromiseIsOver() {
        EventLog.Listening first = listen(tenant, Duration.ofMinutes(1));
        assertThat(database.value("select until = 'infinity' from aval.listening where tenant_id = ?", tenant.value()))
                .isEqualTo(true);

        block(database.tenantDatabase().in(tenant, client -> log.cease(client, tenant, Duration.ofSeconds(30))));
        assertThat(database.value(
                        "select until < now() + interval '1 minute' from aval.listening where tenant_id = ?",
                        tenant.value()))
                .isEqualTo(true);
        assertThat(listen(tenant, Duration.ofMinutes(1)).since()).isEqualTo(first.since());

        database.execute("update aval.listening set until = now() where tenant_id = ?", tenant.value());
        assertThat(listen(tenant, Duration.ofMinutes(1)).since()).isAfter(first.since());
    }

    private static TenantId tenant() {
        UUID id = TimeOrderedId.next();
        database.execute(
                "insert into aval.tenant (id, key, name) values (?, ?, 'A tenant')",
                id,
                "t" + id.toString().replace("-", ""));
        return new TenantId(id);
    }

    private EventLog.Listening listen(TenantId whose, @Nullable Duration atLeast) {
        return block(database.tenantDatabase().in(whose, client -> log.listen(client, whose, atLeast)));
    }

    private void append(TenantId whose, int number) {
        block(database.tenantDatabase().in(whose, client -> outbox.append(client, event(whose, number))));
    }

    private static OutboxEvent event(TenantId whose, int number) {
        return new OutboxEvent(whose, null, "some.thing", Map.of("number", number));
    }

    private EventLog.Moved move(int atMost) {
        return block(database.platformDatabase().in(client -> log.move(client, atMost)));
    }

    private List<Event> read(UUID after, int limit) {
        return page(after, Set.of(), limit);
    }

    private List<Event> page(UUID after, Set<String> excluded, int limit) {
        return block(database.tenantDatabase().in(tenant, client -> log.page(client, tenant, after, excluded, limit)));
    }

    private static List<Integer> numbers(List<Event> events) {
        return events.stream()
                .map(event -> JsonMapper.shared()
                        .readTree(event.data())
                        .path("number")
                        .asInt())
                .toList();
    }

    private static <T> T block(Mono<T> work) {
        return work.block(PATIENCE);
    }
}
