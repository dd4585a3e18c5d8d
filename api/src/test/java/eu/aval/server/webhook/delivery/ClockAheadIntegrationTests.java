// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.webhook.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import eu.aval.server.FreshDatabase;
import eu.aval.server.PlatformTest;
import eu.aval.server.RestSetup;
import eu.aval.server.outbox.OutboxSetup;
import eu.aval.server.shared.TenantId;
import eu.aval.server.shared.TimeOrderedId;
import eu.aval.server.tenant.PlatformDatabase;
import eu.aval.server.webhook.Receiver;
import eu.aval.server.webhook.Receiver.Taken;
import eu.aval.server.webhook.store.DeliveryRows;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.test.context.TestPropertySource;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.Disposable;

/** What the database's clock leaves behind when it was weeks ahead and has been set right: ids of events follow the last one. */
@PlatformTest
@TestPropertySource(properties = {"aval.webhooks.insecure=true", "aval.webhooks.poll=60ms"})
final class ClockAheadIntegrationTests {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration AHEAD = Duration.ofDays(20);

    @Autowired
    private RestSetup rest;

    @Autowired
    private FreshDatabase database;

    @Autowired
    private PlatformDatabase platform;

    @Autowired
    private DeliveryRows deliveries;

    @Autowired
    private Environment environment;

    private final Receiver receiver = new Receiver();
    private TenantId tenant;
    private String key;
    private Instant ahead;

    @BeforeEach
    void putTheLastEventIntoTheFuture() {
        tenant = rest.tenant();
        key = rest.key(tenant);
        ahead = Instant.now().plus(AHEAD);
        database.execute("update aval.outbox_relay set last_stamp = ?", ahead.toEpochMilli() << 12);
    }

    @AfterEach
    void close() {
        receiver.close();
    }

    @Test
    void eventsAreToldOnceAndInTheirOrder() {
        rest.client(key)
                .post()
                .uri("/v1/webhook-endpoints")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(Map.of("url", receiver.url("/hook")))
                .exchange()
                .expectStatus()
                .isCreated();

        List<UUID> happened = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            happened.add(happened());
        }

        await().atMost(PATIENCE).until(() -> receiver.taken("/hook").size() >= happened.size());
        await().atMost(PATIENCE).until(this::pending, pending -> pending == 0);
        List<Taken> taken = receiver.taken("/hook");
        assertThat(taken.stream().map(Taken::body))
                .hasSameSizeAs(happened)
                .allSatisfy(body -> assertThat(happened).anyMatch(id -> body.contains(id.toString())));
        assertThat(taken.stream().map(each -> each.header("webhook-id"))).doesNotHaveDuplicates();
        assertThat(database
                        .query(
                                "select data->>'id' as id from aval.event where tenant_id = ? order by id",
                                tenant.value())
                        .stream()
                        .map(row -> UUID.fromString(String.valueOf(row.get("id")))))
                .containsExactlyElementsOf(happened);
    }

    @Test
    void aStreamGoesOnAfterTheLastEvent() {
        OutboxSetup.listen(database, tenant);
        happened();
        await().atMost(PATIENCE).until(this::pending, pending -> pending == 0);
        String last = String.valueOf(database.value(
                "select id from aval.event where tenant_id = ? order by id desc limit 1", tenant.value()));
        assertThat(TimeOrderedId.instantOf(UUID.fromString(last)))
                .isAfterOrEqualTo(ahead.truncatedTo(ChronoUnit.MILLIS));

        List<ServerSentEvent<String>> read = new CopyOnWriteArrayList<>();
        Disposable reader = read(last).subscribe(read::add);
        try {
            UUID next = happened();

            await().atMost(PATIENCE)
                    .until(() -> read.stream()
                            .anyMatch(event ->
                                    Objects.requireNonNullElse(event.data(), "").contains(next.toString())));
        } finally {
            reader.dispose();
        }
    }

    @Test
    void eventsAreKeptForTheirTimeAndNoLonger() {
        OutboxSetup.listen(database, tenant);
        UUID old = happened();
        UUID recent = happened();
        await().atMost(PATIENCE).until(this::pending, pending -> pending == 0);
        database.execute(
                "update aval.event set at = now() - interval '8 days' where tenant_id = ? and data->>'id' = ?",
                tenant.value(),
                old.toString());

        retain(Instant.now());

        assertThat(database.query("select data->>'id' as id from aval.event where tenant_id = ?", tenant.value()))
                .singleElement()
                .satisfies(row -> assertThat(row).containsEntry("id", recent.toString()));
    }

    @Test
    void nothingIsDroppedThatIsOldByOneClockOnly() {
        Instant day = Instant.now().truncatedTo(ChronoUnit.DAYS).minus(Duration.ofDays(9));
        UUID event = TimeOrderedId.atLeast(day.plusSeconds(60));
        database.execute(
                "call aval.add_partition('event', ?, ?::timestamptz, ?::timestamptz)",
                "event_" + day.toString().substring(0, 10).replace("-", ""),
                day.toString(),
                day.plus(Duration.ofDays(1)).toString());
        database.execute(
                "insert into aval.event (id, tenant_id, type, at, data) values (?, ?, 'message.accepted', ?::timestamptz, '{}')",
                event,
                tenant.value(),
                day.toString());

        // As this node sees it, the database is ten days ahead
        retain(Instant.now().minus(Duration.ofDays(10)));
        assertThat(database.number("select count(*) from aval.event where id = ?", event))
                .isEqualTo(1);

        retain(Instant.now().plus(Duration.ofDays(10)));
        assertThat(database.number("select count(*) from aval.event where id = ?", event))
                .isZero();
    }

    private void retain(Instant own) {
        platform.in(client -> deliveries.dropEvents(client, Duration.ofDays(7), own))
                .block(PATIENCE);
    }

    private reactor.core.publisher.Flux<ServerSentEvent<String>> read(String last) {
        return WebClient.create("http://localhost:" + environment.getRequiredProperty("local.server.port"))
                .get()
                .uri("/v1/events")
                .header(HttpHeaders.ACCEPT, MediaType.TEXT_EVENT_STREAM_VALUE)
                .header(HttpHeaders.AUTHORIZATION, "Bearer " + key)
                .header("Last-Event-ID", last)
                .retrieve()
                .bodyToFlux(new ParameterizedTypeReference<ServerSentEvent<String>>() {});
    }

    private UUID happened() {
        UUID id = TimeOrderedId.next();
        database.execute(
                "insert into aval.outbox (tenant_id, type, at, data) values (?, 'message.accepted', now(), ?::jsonb)",
                tenant.value(),
                "{\"id\":\"" + id + "\",\"status\":\"QUEUED\"}");
        return id;
    }

    private long pending() {
        return database.number("select count(*) from aval.webhook_delivery where tenant_id = ?", tenant.value())
                + database.number("select count(*) from aval.outbox where tenant_id = ?", tenant.value());
    }
}
