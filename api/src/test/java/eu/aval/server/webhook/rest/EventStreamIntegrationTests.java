// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.webhook.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import eu.aval.server.FreshDatabase;
import eu.aval.server.PlatformTest;
import eu.aval.server.RestSetup;
import eu.aval.server.WebhookSchemas;
import eu.aval.server.access.ApiKeys;
import eu.aval.server.access.Application.Scope;
import eu.aval.server.audit.Actor;
import eu.aval.server.shared.TenantId;
import eu.aval.server.shared.TimeOrderedId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
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
import org.springframework.web.reactive.function.client.WebClientResponseException;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SignalType;
import tools.jackson.databind.json.JsonMapper;

@PlatformTest
@TestPropertySource(
        properties = {
            "aval.webhooks.insecure=true",
            "aval.webhooks.poll=50ms",
            "aval.webhooks.heartbeat=500ms",
            "aval.webhooks.streams=3"
        })
final class EventStreamIntegrationTests {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Autowired
    private RestSetup rest;

    @Autowired
    private FreshDatabase database;

    @Autowired
    private Environment environment;

    @Autowired
    private ApiKeys keys;

    private final List<Disposable> readers = new ArrayList<>();
    private TenantId tenant;
    private String key;

    @BeforeEach
    void begin() {
        tenant = rest.tenant();
        key = rest.key(tenant);
    }

    @AfterEach
    void end() {
        readers.forEach(Disposable::dispose);
    }

    @Test
    void tellsWhatHappensInItsOrderAndToNobodyElse() {
        List<ServerSentEvent<String>> own = read(key, null);
        List<ServerSentEvent<String>> others = read(rest.key(rest.tenant()), null);
        List<UUID> happened = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            happened.add(happened(i % 2 == 0 ? "message.accepted" : "message.delivered"));
        }

        List<ServerSentEvent<String>> events = events(own, 30);

        assertThat(events.stream().map(EventStreamIntegrationTests::message)).containsExactlyElementsOf(happened);
        assertThat(events).allSatisfy(event -> {
            assertThat(WebhookSchemas.defects(Objects.requireNonNull(event.data())))
                    .isEmpty();
            assertThat(event.data()).contains("\"type\":\"" + event.event() + "\"");
        });
        assertThat(events.stream().map(ServerSentEvent::id)).isSorted().doesNotHaveDuplicates();
        assertThat(others).allSatisfy(event -> assertThat(event.data()).isNull());
    }

    @Test
    void goesOnAfterTheLastEvent() {
        List<ServerSentEvent<String>> first = read(key, null);
        happened("message.accepted");
        UUID missed = happened("message.submitted");
        String last = Objects.requireNonNull(events(first, 2).get(0).id());
        readers.forEach(Disposable::dispose);
        UUID meanwhile = happened("message.delivered");

        List<ServerSentEvent<String>> again = read(key, last);
        UUID later = happened("message.accepted");

        assertThat(events(again, 3).stream().map(EventStreamIntegrationTests::message))
                .containsExactly(missed, meanwhile, later);
    }

    @Test
    void readsPagesOfWhatHappenedMeanwhile() {
        List<ServerSentEvent<String>> first = read(key, null);
        happened("message.accepted");
        String last = Objects.requireNonNull(events(first, 1).get(0).id());
        readers.forEach(Disposable::dispose);
        database.execute(
                "insert into aval.outbox (tenant_id, type, at, data) select ?, 'message.accepted', now(),"
                        + " jsonb_build_object('id', gen_random_uuid(), 'status', 'QUEUED') from generate_series(1, 1000)",
                tenant.value());

        assertThat(events(read(key, last), 1000).stream().map(ServerSentEvent::id))
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void waitsForAReaderThatIsSlow() {
        BaseSubscriber<ServerSentEvent<String>> slow = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {
                subscription.request(1);
            }

            @Override
            protected void hookFinally(SignalType type) {
                // whatever it is
            }
        };
        readers.add(slow);
        stream(key, null).subscribe(slow);
        List<ServerSentEvent<String>> quick = read(key, null);
        await().atMost(PATIENCE).until(() -> !quick.isEmpty());

        database.execute(
                "insert into aval.outbox (tenant_id, type, at, data) select ?, 'message.accepted', now(),"
                        + " jsonb_build_object('id', gen_random_uuid(), 'status', 'QUEUED') from generate_series(1, 5000)",
                tenant.value());

        assertThat(events(quick, 5000)).hasSize(5000);
    }

    @Test
    void saysThatItLives() {
        List<ServerSentEvent<String>> read = read(key, null);

        await().atMost(PATIENCE).until(() -> read.size() >= 3);
        assertThat(read).allSatisfy(event -> assertThat(event.comment()).isEqualTo("listening"));
    }

    @Test
    void leavesOutWhatTenantAndApplicationExclude() {
        UUID id = (UUID) database.value("select id from aval.api_key where tenant_id = ?", tenant.value());
        database.execute(
                "insert into aval.event_exclusion (tenant_id, api_key_id, fields) values (?, null, array['parts']), (?, ?, array['carrierCode'])",
                tenant.value(),
                tenant.value(),
                id);
        List<ServerSentEvent<String>> read = read(key, null);

        happened("message.rejected");

        assertThat(events(read, 1).getFirst().data())
                .contains("failureClass")
                .doesNotContain("parts")
                .doesNotContain("carrierCode");
    }

    @Test
    void refusesToGoOnWhereEventsMayBeGone() {
        assertThat(status(key, "01900000-0000-7000-8000-000000000000", MediaType.TEXT_EVENT_STREAM_VALUE))
                .isEqualTo(410);
        // nothing would ever come after it
        assertThat(status(key, "ffffffff-ffff-ffff-ffff-ffffffffffff", MediaType.TEXT_EVENT_STREAM_VALUE))
                .isEqualTo(410);
        // nobody listened yet
        assertThat(status(
                        rest.key(rest.tenant()),
                        TimeOrderedId.atLeast(Instant.now().minusSeconds(60)).toString(),
                        MediaType.TEXT_EVENT_STREAM_VALUE))
                .isEqualTo(410);
        assertThat(status(key, "yesterday", MediaType.TEXT_EVENT_STREAM_VALUE)).isEqualTo(422);
    }

    @Test
    void needsAKeyWithTheScopeThatAcceptsAStream() {
        assertThat(status("aval_live_nonsense", null, MediaType.TEXT_EVENT_STREAM_VALUE))
                .isEqualTo(401);
        assertThat(status(rest.key(tenant, Scope.MESSAGES_READ), null, MediaType.TEXT_EVENT_STREAM_VALUE))
                .isEqualTo(403);
        assertThat(status(key, null, MediaType.APPLICATION_JSON_VALUE)).isEqualTo(406);
    }

    @Test
    void endsWithItsKey() {
        List<ServerSentEvent<String>> read = new CopyOnWriteArrayList<>();
        AtomicReference<SignalType> end = new AtomicReference<>();
        readers.add(stream(key, null).doFinally(end::set).subscribe(read::add));
        await().atMost(PATIENCE).until(() -> !read.isEmpty());
        UUID id = (UUID) database.query("select id from aval.api_key where tenant_id = ?", tenant.value())
                .getFirst()
                .get("id");

        keys.revoke(tenant, id, Actor.SYSTEM).block(PATIENCE);

        await().atMost(PATIENCE).until(() -> end.get() == SignalType.ON_COMPLETE);
        assertThat(status(key, null, "text/event-stream")).isEqualTo(401);
    }

    @Test
    void opensNoMoreThanAFew() {
        for (int i = 0; i < 3; i++) {
            List<ServerSentEvent<String>> read = read(key, null);
            await().atMost(PATIENCE).until(() -> !read.isEmpty());
        }
        assertThat(status(key, null, MediaType.TEXT_EVENT_STREAM_VALUE)).isEqualTo(429);

        readers.forEach(Disposable::dispose);
        await().atMost(PATIENCE)
                .until(() -> Boolean.TRUE.equals(stream(key, null)
                        .next()
                        .map(event -> true)
                        .onErrorReturn(WebClientResponseException.TooManyRequests.class, false)
                        .block(PATIENCE)));
    }

    private List<ServerSentEvent<String>> read(String by, @Nullable String last) {
        List<ServerSentEvent<String>> read = new CopyOnWriteArrayList<>();
        readers.add(stream(by, last).subscribe(read::add, failure -> {}));
        if (last == null) {
            await().atMost(PATIENCE).until(() -> !read.isEmpty());
        }
        return read;
    }

    private Flux<ServerSentEvent<String>> stream(String by, @Nullable String last) {
        return client(by, last, MediaType.TEXT_EVENT_STREAM_VALUE)
                .retrieve()
                .bodyToFlux(new ParameterizedTypeReference<ServerSentEvent<String>>() {});
    }

    private int status(String by, @Nullable String last, String accept) {
        return Objects.requireNonNull(client(by, last, accept)
                .exchangeToMono(response ->
                        response.releaseBody().thenReturn(response.statusCode().value()))
                .block(PATIENCE));
    }

    private WebClient.RequestHeadersSpec<?> client(String by, @Nullable String last, String accept) {
        WebClient.RequestHeadersSpec<?> request = WebClient.create(
                        "http://localhost:" + environment.getRequiredProperty("local.server.port"))
                .get()
                .uri("/v1/events")
                .header(HttpHeaders.ACCEPT, accept)
                .header(HttpHeaders.AUTHORIZATION, "Bearer " + by);
        return last == null ? request : request.header("Last-Event-ID", last);
    }

    private static List<ServerSentEvent<String>> events(List<ServerSentEvent<String>> read, int number) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(read.stream()
                                .filter(event -> event.id() != null)
                                .count())
                        .isGreaterThanOrEqualTo(number));
        return read.stream().filter(event -> event.id() != null).toList();
    }

    private static UUID message(ServerSentEvent<String> event) {
        return UUID.fromString(
                JsonMapper.shared().readTree(event.data()).at("/data/id").asString());
    }

    private UUID happened(String type) {
        UUID id = TimeOrderedId.next();
        String status = type.equals("message.accepted")
                ? "QUEUED"
                : type.substring("message.".length()).toUpperCase(java.util.Locale.ROOT);
        String extra = type.equals("message.rejected")
                ? ",\"failureClass\":\"INVALID_NUMBER\",\"carrierCode\":\"11\",\"parts\":1"
                : "";
        database.execute(
                "insert into aval.outbox (tenant_id, type, at, data) values (?, ?, now(), ?::jsonb)",
                tenant.value(),
                type,
                "{\"id\":\"" + id + "\",\"status\":\"" + status + "\"" + extra + "}");
        return id;
    }
}
