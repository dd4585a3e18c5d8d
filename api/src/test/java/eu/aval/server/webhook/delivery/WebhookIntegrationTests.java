// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.webhook.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import eu.aval.server.FreshDatabase;
import eu.aval.server.PlatformTest;
import eu.aval.server.RestSetup;
import eu.aval.server.WebhookSchemas;
import eu.aval.server.access.Application.Scope;
import eu.aval.server.audit.AuditTrail;
import eu.aval.server.encryption.Keys;
import eu.aval.server.outbox.EventLog;
import eu.aval.server.shared.TenantId;
import eu.aval.server.shared.TimeOrderedId;
import eu.aval.server.tenant.PlatformDatabase;
import eu.aval.server.webhook.Receiver;
import eu.aval.server.webhook.Receiver.Reply;
import eu.aval.server.webhook.Receiver.Taken;
import eu.aval.server.webhook.Signatures;
import eu.aval.server.webhook.WebhookAttempt.Outcome;
import eu.aval.server.webhook.WebhookSettings;
import eu.aval.server.webhook.store.DeliveryRows;
import eu.aval.server.webhook.store.DeliveryRows.Claimed;
import eu.aval.server.webhook.store.EndpointRows;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.http.MediaType;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.reactive.server.WebTestClient;
import reactor.core.publisher.Sinks;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Events from the outbox to a receiver on this machine, and everything that can go wrong on the way. */
@PlatformTest
@ExtendWith(OutputCaptureExtension.class)
@TestPropertySource(
        properties = {
            "aval.webhooks.insecure=true",
            "aval.webhooks.poll=50ms",
            "aval.webhooks.heartbeat=500ms",
            "aval.webhooks.streams=3"
        })
final class WebhookIntegrationTests {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String PATH = "/v1/webhook-endpoints";

    @Autowired
    private RestSetup rest;

    @Autowired
    private FreshDatabase database;

    @Autowired
    private PlatformDatabase platform;

    @Autowired
    private DeliveryRows deliveries;

    @Autowired
    private EndpointRows endpoints;

    @Autowired
    private Keys keys;

    @Autowired
    private EventLog log;

    @Autowired
    private AuditTrail audit;

    @Autowired
    private WebhookSettings settings;

    @Autowired
    private WebhookClient webhooks;

    @Autowired
    private MeterRegistry meters;

    private Receiver receiver;
    private TenantId tenant;
    private WebTestClient client;

    @BeforeEach
    void begin() {
        receiver = new Receiver();
        tenant = rest.tenant();
        client = rest.client(rest.key(tenant));
    }

    @AfterEach
    void end() {
        database.execute("delete from aval.webhook_delivery where tenant_id = ?", tenant.value());
        receiver.close();
    }

    @Test
    void tellsWithASignatureThatTheReceiverVerifies() {
        JsonNode endpoint = create(Map.of());

        UUID message = happened("message.delivered");

        Taken taken = one("/hook");
        assertThat(Signatures.verified(taken, text(endpoint, "secret"))).isEqualTo(1);
        assertThat(Signatures.verified(taken, text(create(Map.of("types", List.of("privacy.erased"))), "secret")))
                .isZero();
        assertThat(WebhookSchemas.defects(taken.body())).isEmpty();
        assertThat(json(taken).at("/data/id").asString()).isEqualTo(message.toString());
        assertThat(taken.header("content-type")).isEqualTo("application/json");
        assertThat(Long.parseLong(taken.header("webhook-timestamp")))
                .isBetween(Instant.now().getEpochSecond() - 60, Instant.now().getEpochSecond() + 1);
        assertThat(database.value("select id from aval.event where tenant_id = ?", tenant.value()))
                .hasToString(taken.header("webhook-id"));
        await().atMost(PATIENCE).until(() -> pending() == 0);
        assertThat(meters.counter("sms_webhook_attempts", "outcome", "delivered")
                        .count())
                .isPositive();
    }

    /** Reactor Netty would, with a stack trace that names the host. */
    @Test
    void logsNothingOfAnEndpointWithoutTls(CapturedOutput output) {
        String url = receiver.url("/hook").replace("http:", "https:");

        assertThat(Objects.requireNonNull(
                                webhooks.send(new WebhookClient.Request(url, UUID.randomUUID(), "{}", List.of()))
                                        .block(PATIENCE))
                        .outcome())
                .isEqualTo(Outcome.UNREACHABLE);
        assertThat(output).doesNotContain("SslException", "HttpClientConnect", "127.0.0.1:" + receiver.port());
    }

    @Test
    void signsWithEd25519() {
        JsonNode endpoint = create(Map.of("signature", "v1a"));
        assertThat(endpoint.has("secret")).isFalse();

        happened("message.submitted");

        Taken taken = one("/hook");
        assertThat(Signatures.verified(taken, endpoint.at("/keys/0/publicKey").asString()))
                .isEqualTo(1);
        Taken forged = new Taken(taken.path(), taken.headers(), taken.body().replace("SUBMITTED", "DELIVERED"));
        assertThat(Signatures.verified(forged, endpoint.at("/keys/0/publicKey").asString()))
                .isZero();
    }

    @Test
    void signsWithBothKeysWhileTheyOverlap() {
        JsonNode endpoint = create(Map.of());
        JsonNode rotated = post(endpoint, "/rotate-secret", Map.of("signature", "v1a"));
        String publicKey = rotated.at("/keys/0/publicKey").asString();
        assertThat(rotated.path("keys")).hasSize(2);

        happened("message.accepted");
        Taken both = one("/hook");
        assertThat(Signatures.entries(both)).hasSize(2);
        assertThat(Signatures.verified(both, text(endpoint, "secret"))).isEqualTo(1);
        assertThat(Signatures.verified(both, publicKey)).isEqualTo(1);

        JsonNode third = post(endpoint, "/rotate-secret", Map.of("signature", "v1", "overlap", "PT0S"));
        happened("message.queued");
        Taken last = taken("/hook", 2).get(1);
        assertThat(Signatures.entries(last)).hasSize(1);
        assertThat(Signatures.verified(last, text(third, "secret"))).isEqualTo(1);
        assertThat(Signatures.verified(last, text(endpoint, "secret"))).isZero();
    }

    @Test
    void storesNoSecretInClear() {
        JsonNode endpoint = create(Map.of());
        byte[] secret =
                java.util.Base64.getDecoder().decode(text(endpoint, "secret").substring("whsec_".length()));

        byte[] stored = (byte[]) Objects.requireNonNull(database.value(
                "select secret_sealed from aval.webhook_secret where endpoint_id = ?",
                UUID.fromString(text(endpoint, "id"))));

        assertThat(java.util.HexFormat.of().formatHex(stored))
                .doesNotContain(java.util.HexFormat.of().formatHex(secret));
        client.get()
                .uri(PATH + "/" + text(endpoint, "id"))
                .exchange()
                .expectBody()
                .jsonPath("$.secret")
                .doesNotExist();
    }

    @Test
    void tellsOfTheTypesThatWereAskedFor() {
        create(Map.of("types", List.of("message.delivered")));
        create(Map.of("url", receiver.url("/all")));

        happened("message.accepted");
        happened("message.delivered");

        assertThat(taken("/all", 2)).hasSize(2);
        assertThat(json(one("/hook")).path("type").asString()).isEqualTo("message.delivered");
    }

    @Test
    void leavesOutWhatTenantApplicationAndEndpointExclude() {
        JsonNode endpoint = create(Map.of("excludedFields", List.of("carrierCode")));
        UUID key = (UUID) database.value(
                "select api_key_id from aval.webhook_endpoint where id = ?", UUID.fromString(text(endpoint, "id")));
        exclude(null, "recipientId");
        exclude(key, "parts");

        happened("message.rejected");
        JsonNode data = json(one("/hook")).path("data");
        assertThat(data.propertyNames()).containsExactlyInAnyOrder("id", "status", "final", "failureClass");

        // what stands above cannot be taken back below
        client.put()
                .uri(PATH + "/" + text(endpoint, "id"))
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(Map.of("url", receiver.url("/hook"), "excludedFields", List.of()))
                .exchange()
                .expectStatus()
                .isOk();
        happened("message.rejected");
        assertThat(json(taken("/hook", 2).get(1)).path("data").propertyNames())
                .containsExactlyInAnyOrder("id", "status", "final", "failureClass", "carrierCode");
    }

    @Test
    void triesAgainWithTheSameId() {
        Sinks.Empty<Void> looked = Sinks.empty();
        receiver.answer("/hook", n -> n == 1 ? Reply.of(500) : Reply.of(200).after(looked.asMono()));
        JsonNode endpoint = create(Map.of());
        happened("message.delivered");
        await().atMost(PATIENCE).until(() -> attempts() == 1);
        assertThat(database.number("""
                        select count(*) from aval.webhook_attempt where tenant_id = ? and outcome = 'REFUSED' and status_code = 500
                          and next_at - at - milliseconds * interval '1 millisecond'
                            between interval '4.4 seconds' and interval '5.6 seconds'""", tenant.value())).isEqualTo(1);
        client.get()
                .uri(PATH + "/" + text(endpoint, "id"))
                .exchange()
                .expectBody()
                .jsonPath("$.failingSince")
                .exists();
        looked.tryEmitEmpty();

        List<Taken> both = taken("/hook", 2);
        assertThat(both.get(1).header("webhook-id")).isEqualTo(both.get(0).header("webhook-id"));
        assertThat(both.get(1).body()).isEqualTo(both.get(0).body());
        assertThat(Signatures.verified(both.get(1), text(endpoint, "secret"))).isEqualTo(1);
        await().atMost(PATIENCE).until(() -> pending() == 0);
        client.get()
                .uri(PATH + "/" + text(endpoint, "id") + "/deliveries")
                .exchange()
                .expectBody()
                .jsonPath("$.items[*].outcome")
                .isEqualTo(List.of("DELIVERED", "REFUSED"))
                .jsonPath("$.items[0].attempt")
                .isEqualTo(2);
        client.get()
                .uri(PATH + "/" + text(endpoint, "id"))
                .exchange()
                .expectBody()
                .jsonPath("$.failingSince")
                .doesNotExist();
    }

    @Test
    void givesUpAfterTheLastTry() {
        receiver.answer("/hook", n -> Reply.of(404));
        create(Map.of());
        happened("message.delivered");
        taken("/hook", 1);
        await().atMost(PATIENCE).until(() -> attempts() > 0);
        // Again and again: the second try may be under way by now
        await().atMost(PATIENCE).until(() -> {
            database.execute(
                    "update aval.webhook_delivery set attempts = 9, due_at = now()"
                            + " where tenant_id = ? and attempts < 9 and leased_until is null",
                    tenant.value());
            return pending() == 0;
        });
        assertThat(database.number(
                        "select count(*) from aval.webhook_attempt where tenant_id = ? and number = 10 and next_at is null",
                        tenant.value()))
                .isEqualTo(1);
    }

    @Test
    void leavesAnEndpointAloneForAsLongAsItAsks() {
        receiver.answer("/hook", n -> Reply.of(503).with("retry-after", "3600"));
        JsonNode endpoint = create(Map.of());

        happened("message.accepted");
        await().atMost(PATIENCE).until(() -> attempts() == 1);
        happened("message.delivered");

        await().atMost(PATIENCE).until(() -> pending() == 2);
        await().during(Duration.ofSeconds(1))
                .atMost(PATIENCE)
                .until(() -> receiver.taken("/hook").size() == 1);
        assertThat(database.number(
                        "select count(*) from aval.webhook_endpoint where id = ? and paused_until > now() + interval '59 minutes'",
                        UUID.fromString(text(endpoint, "id"))))
                .isEqualTo(1);
        assertThat(database.number(
                        "select count(*) from aval.webhook_delivery where tenant_id = ? and due_at > now() + interval '59 minutes'",
                        tenant.value()))
                .isEqualTo(1);
    }

    @Test
    void tellsNothingMoreToWhoeverAnswers410() {
        receiver.answer("/hook", n -> Reply.of(410));
        JsonNode endpoint = create(Map.of());
        happened("message.accepted");

        await().atMost(PATIENCE).until(() -> state(endpoint).equals("DISABLED GONE"));
        happened("message.delivered");

        await().during(Duration.ofSeconds(1))
                .atMost(PATIENCE)
                .until(() -> receiver.taken("/hook").size() == 1);
        assertThat(pending()).isZero();
        assertThat(database.value(
                        "select detail->>'reason' from aval.audit_event where action = 'webhook-endpoint.disabled' and object = ?",
                        "webhook-endpoint:" + text(endpoint, "id")))
                .isEqualTo("GONE");

        receiver.answer("/hook", n -> Reply.of(200));
        post(endpoint, "/enable", null);
        happened("message.expired");
        assertThat(json(taken("/hook", 2).get(1)).path("type").asString()).isEqualTo("message.expired");
    }

    @Test
    void disablesWhatHasFailedForTooLong() {
        receiver.answer("/hook", n -> Reply.of(500));
        JsonNode endpoint = create(Map.of());
        database.execute(
                "update aval.webhook_endpoint set failing_since = now() - interval '6 days' where id = ?",
                UUID.fromString(text(endpoint, "id")));

        happened("message.accepted");

        await().atMost(PATIENCE).until(() -> state(endpoint).equals("DISABLED FAILING"));
    }

    @Test
    void letsNoSlowEndpointDelayAnother() {
        receiver.answer("/slow", n -> Reply.of(200).after(Duration.ofMinutes(5)));
        create(Map.of("url", receiver.url("/slow")));
        for (int i = 0; i < 1000; i++) {
            happened("message.accepted");
        }
        await().atMost(PATIENCE).until(() -> receiver.taken("/slow").size() >= settings.concurrency());
        TenantId other = rest.tenant();
        create(rest.client(rest.key(other)), Map.of("url", receiver.url("/quick")));

        for (int i = 0; i < 50; i++) {
            happened(other, "message.delivered");
        }
        taken("/quick", 50);

        assertThat(receiver.taken("/slow").size())
                .as("what the slow one still waits for")
                .isLessThan(1000);
    }

    @Test
    void takesOverWhatAKilledNodeHadClaimed() {
        JsonNode endpoint = create(Map.of());
        UUID id = UUID.fromString(text(endpoint, "id"));
        database.execute("update aval.webhook_endpoint set paused_until = now() + interval '1 hour' where id = ?", id);
        happened("message.accepted");
        await().atMost(PATIENCE).until(() -> pending() == 1);

        // another node claims it, and is killed before it sends
        List<Claimed> claimed = platform.in(db -> deliveries.claim(db, Map.of(id, 10), Duration.ofHours(1)))
                .block(PATIENCE);
        assertThat(claimed).hasSize(1);
        database.execute("update aval.webhook_endpoint set paused_until = null where id = ?", id);

        await().during(Duration.ofSeconds(1))
                .atMost(PATIENCE)
                .until(() -> receiver.taken("/hook").isEmpty());
        // its lease ends
        database.execute(
                "update aval.webhook_delivery set due_at = now(), leased_until = now() where tenant_id = ?",
                tenant.value());
        one("/hook");
        await().atMost(PATIENCE).until(() -> pending() == 0);
    }

    @Test
    void tellsOnceThoughTwoNodesDo() {
        DeliveryNode second = WebhookConfiguration.node(
                platform,
                deliveries,
                endpoints,
                new OpenedKeys(keys),
                webhooks,
                log,
                audit,
                settings,
                new SimpleMeterRegistry());
        create(Map.of());
        second.start();
        try {
            for (int i = 0; i < 300; i++) {
                happened("message.accepted");
            }
            await().atMost(PATIENCE).until(() -> receiver.taken("/hook").size() >= 300 && pending() == 0);
        } finally {
            second.stop();
        }
        assertThat(receiver.taken("/hook").stream().map(taken -> taken.header("webhook-id")))
                .hasSize(300)
                .doesNotHaveDuplicates();
    }

    @Test
    void tellsNothingOfWhoeverIsForgotten() {
        JsonNode endpoint = create(Map.of());
        UUID id = UUID.fromString(text(endpoint, "id"));
        database.execute("update aval.webhook_endpoint set paused_until = now() + interval '1 hour' where id = ?", id);
        happened("message.accepted");
        await().atMost(PATIENCE).until(() -> pending() == 1);

        database.execute("delete from aval.event where tenant_id = ?", tenant.value());
        database.execute("update aval.webhook_endpoint set paused_until = null where id = ?", id);

        await().atMost(PATIENCE).until(() -> pending() == 0);
        assertThat(receiver.taken("/hook")).isEmpty();
    }

    @Test
    void endsWithTheKeyOfItsApplication() {
        JsonNode endpoint = create(Map.of());
        create(rest.client(rest.key(tenant)), Map.of("url", receiver.url("/other")));
        database.execute(
                "update aval.api_key set revoked_at = now() where id = (select api_key_id from aval.webhook_endpoint where id = ?)",
                UUID.fromString(text(endpoint, "id")));

        happened("message.accepted");

        taken("/other", 1);
        assertThat(receiver.taken("/hook")).isEmpty();
    }

    @Test
    void showsAnEndpointToNobodyElse() {
        String id = text(create(Map.of()), "id");

        for (WebTestClient stranger : List.of(rest.client(rest.key(rest.tenant())), rest.client(rest.key(tenant)))) {
            stranger.get().uri(PATH + "/" + id).exchange().expectStatus().isNotFound();
            stranger.delete().uri(PATH + "/" + id).exchange().expectStatus().isNotFound();
            stranger.post()
                    .uri(PATH + "/" + id + "/test")
                    .exchange()
                    .expectStatus()
                    .isNotFound();
            stranger.get()
                    .uri(PATH + "/" + id + "/deliveries")
                    .exchange()
                    .expectStatus()
                    .isNotFound();
            stranger.post()
                    .uri(PATH + "/" + id + "/rotate-secret")
                    .contentType(MediaType.APPLICATION_JSON)
                    .bodyValue(Map.of())
                    .exchange()
                    .expectStatus()
                    .isNotFound();
            stranger.get()
                    .uri(PATH)
                    .exchange()
                    .expectBody()
                    .jsonPath("$.items.length()")
                    .isEqualTo(0);
        }
        rest.client(rest.key(tenant, Scope.MESSAGES_SEND))
                .get()
                .uri(PATH)
                .exchange()
                .expectStatus()
                .isForbidden();
        client.get().uri(PATH + "/nonsense").exchange().expectStatus().isNotFound();
    }

    @Test
    void refusesWhatCannotBe() {
        Map<String, Object> bad = new HashMap<>();
        bad.put("url", "https://169.254.169.254/latest/meta-data");
        bad.put("description", "a\0b");
        bad.put("types", List.of("message.exploded"));
        bad.put("excludedFields", List.of("parts", "id", "recipentId"));
        client.post()
                .uri(PATH)
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(bad)
                .exchange()
                .expectStatus()
                .isEqualTo(422)
                .expectBody()
                .jsonPath("$.errors[*].pointer")
                .isEqualTo(List.of("/url", "/description", "/types", "/excludedFields/1", "/excludedFields/2"));
    }

    @Test
    void deletesWithAllThatBelongsToIt() {
        JsonNode endpoint = create(Map.of());
        client.delete()
                .uri(PATH + "/" + text(endpoint, "id"))
                .exchange()
                .expectStatus()
                .isNoContent();

        happened("message.accepted");

        assertThat(database.number(
                        "select count(*) from aval.webhook_secret where endpoint_id = ?",
                        UUID.fromString(text(endpoint, "id"))))
                .isZero();
        await().during(Duration.ofMillis(500))
                .atMost(PATIENCE)
                .until(() -> receiver.taken("/hook").isEmpty());
    }

    @Test
    void sendsATest() {
        JsonNode endpoint = create(Map.of());
        post(endpoint, "/disable", null);

        JsonNode attempt = post(endpoint, "/test", null);

        assertThat(text(attempt, "outcome")).isEqualTo("DELIVERED");
        Taken taken = one("/hook");
        assertThat(Signatures.verified(taken, text(endpoint, "secret"))).isEqualTo(1);
        assertThat(WebhookSchemas.defects(taken.body())).isEmpty();
        assertThat(taken.header("webhook-id")).isEqualTo(text(attempt, "eventId"));
    }

    @Test
    void replaysOneEventAndARange() {
        JsonNode endpoint = create(Map.of("types", List.of("message.accepted", "message.delivered")));
        Instant before = Instant.now().minusSeconds(1);
        happened("message.accepted");
        happened("message.delivered");
        happened("message.queued");
        List<String> told = taken("/hook", 2).stream()
                .map(taken -> taken.header("webhook-id"))
                .toList();
        await().atMost(PATIENCE).until(() -> pending() == 0);

        status(endpoint, "/replay", Map.of("eventId", told.get(0)), 202);
        assertThat(taken("/hook", 3).get(2).header("webhook-id")).isEqualTo(told.get(0));
        await().atMost(PATIENCE).until(() -> pending() == 0);

        status(endpoint, "/replay", Map.of("from", before.toString()), 202);
        assertThat(taken("/hook", 5).subList(3, 5).stream().map(taken -> taken.header("webhook-id")))
                .containsExactlyInAnyOrderElementsOf(told);
        await().atMost(PATIENCE).until(() -> pending() == 0);

        status(endpoint, "/replay", Map.of("from", before.toString(), "types", List.of("message.delivered")), 202);
        assertThat(json(taken("/hook", 6).get(5)).path("type").asString()).isEqualTo("message.delivered");
        await().atMost(PATIENCE)
                .until(() ->
                        database.number("select count(*) from aval.webhook_replay where tenant_id = ?", tenant.value())
                                == 0);

        status(endpoint, "/replay", Map.of("eventId", TimeOrderedId.next().toString()), 404);
        status(endpoint, "/replay", Map.of(), 422);
        status(endpoint, "/replay", Map.of("from", "-999999999-01-01T00:00:00Z"), 422);
        post(endpoint, "/disable", null);
        status(endpoint, "/replay", Map.of("eventId", told.get(0)), 409);
    }

    @Test
    void pagesThroughTheLog() {
        JsonNode endpoint = create(Map.of());
        for (int i = 0; i < 3; i++) {
            post(endpoint, "/test", null);
        }
        String uri = PATH + "/" + text(endpoint, "id") + "/deliveries?limit=2";

        JsonNode first = body(client.get().uri(uri));
        JsonNode second = body(client.get().uri(uri + "&after=" + text(first, "next")));

        assertThat(first.path("items")).hasSize(2);
        assertThat(second.path("items")).hasSize(1);
        assertThat(second.has("next")).isFalse();
        for (String unheard : List.of("&event=1", "&limit=3", "&eventId=x")) {
            client.get().uri(uri + unheard).exchange().expectStatus().isEqualTo(422);
        }
    }

    private JsonNode create(Map<String, Object> fields) {
        return create(client, fields);
    }

    private JsonNode create(WebTestClient by, Map<String, Object> fields) {
        Map<String, Object> body = new HashMap<>();
        body.put("url", receiver.url("/hook"));
        body.putAll(fields);
        return body(by.post().uri(PATH).contentType(MediaType.APPLICATION_JSON).bodyValue(body));
    }

    private JsonNode post(JsonNode endpoint, String action, @org.jspecify.annotations.Nullable Object body) {
        var request = client.post().uri(PATH + "/" + text(endpoint, "id") + action);
        return body(
                body == null
                        ? request
                        : request.contentType(MediaType.APPLICATION_JSON).bodyValue(body));
    }

    private void status(JsonNode endpoint, String action, Object body, int status) {
        client.post()
                .uri(PATH + "/" + text(endpoint, "id") + action)
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(body)
                .exchange()
                .expectStatus()
                .isEqualTo(status);
    }

    private static JsonNode body(WebTestClient.RequestHeadersSpec<?> request) {
        byte[] body = request.exchange()
                .expectStatus()
                .is2xxSuccessful()
                .expectBody()
                .returnResult()
                .getResponseBody();
        return JsonMapper.shared().readTree(Objects.requireNonNull(body));
    }

    private static String text(JsonNode node, String name) {
        return node.path(name).asString();
    }

    private static JsonNode json(Taken taken) {
        return JsonMapper.shared().readTree(taken.body());
    }

    private UUID happened(String type) {
        return happened(tenant, type);
    }

    private UUID happened(TenantId whose, String type) {
        UUID message = TimeOrderedId.next();
        String status = type.substring("message.".length()).toUpperCase(java.util.Locale.ROOT);
        String extra = type.equals("message.rejected")
                ? ",\"final\":true,\"failureClass\":\"INVALID_NUMBER\",\"carrierCode\":\"11\",\"parts\":1,\"recipientId\":\""
                        + UUID.randomUUID() + "\""
                : "";
        database.execute(
                "insert into aval.outbox (tenant_id, type, at, data) values (?, ?, now(), ?::jsonb)",
                whose.value(),
                type,
                "{\"id\":\"" + message + "\",\"status\":\"" + status + "\"" + extra + "}");
        return message;
    }

    private void exclude(@org.jspecify.annotations.Nullable UUID key, String field) {
        database.execute(
                "insert into aval.event_exclusion (tenant_id, api_key_id, fields) values (?, ?, array[?])",
                tenant.value(),
                key,
                field);
    }

    private Taken one(String path) {
        return taken(path, 1).getFirst();
    }

    private List<Taken> taken(String path, int number) {
        await().atMost(PATIENCE).until(() -> receiver.taken(path).size() >= number);
        return receiver.taken(path);
    }

    private String state(JsonNode endpoint) {
        return String.valueOf(database.value(
                "select state || ' ' || coalesce(reason, '') from aval.webhook_endpoint where id = ?",
                UUID.fromString(text(endpoint, "id"))));
    }

    private long pending() {
        return database.number("select count(*) from aval.webhook_delivery where tenant_id = ?", tenant.value())
                + database.number("select count(*) from aval.outbox where tenant_id = ?", tenant.value());
    }

    private long attempts() {
        return database.number("select count(*) from aval.webhook_attempt where tenant_id = ?", tenant.value());
    }
}
