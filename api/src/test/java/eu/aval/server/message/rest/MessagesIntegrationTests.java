// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.FreshDatabase;
import eu.aval.server.PlatformTest;
import eu.aval.server.RestSetup;
import eu.aval.server.access.ApiKey;
import eu.aval.server.access.Application;
import eu.aval.server.audit.Actor;
import eu.aval.server.outbox.OutboxSetup;
import eu.aval.server.routing.RouteAdministration;
import eu.aval.server.routing.RouteDraft;
import eu.aval.server.shared.TenantId;
import eu.aval.server.shared.TimeOrderedId;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@PlatformTest
final class MessagesIntegrationTests {

    private static final Pattern ID = Pattern.compile("\"id\":\"([0-9a-f-]{36})\"");

    @Autowired
    private RestSetup rest;

    @Autowired
    private FreshDatabase database;

    @Autowired
    private RouteAdministration routes;

    @LocalServerPort
    private int port;

    private TenantId tenant;
    private UUID route;
    private String key;
    private WebTestClient client;

    @BeforeEach
    void declareWhatATenantNeeds() {
        tenant = sendingTenant();
        key = rest.key(tenant);
        client = rest.client(key);
    }

    @Test
    void acceptsAMessageAndShowsItMasked() {
        EntityExchangeResult<byte[]> sent = send("""
                {"to":"+33639980900","text":"Réponse à 9 h, ça ira","purpose":"service","clientReference":"r-1"}""", 202);
        JsonNode result = json(sent);

        assertThat(sent.getResponseHeaders().getLocation())
                .hasToString("/v1/messages/" + result.path("id").asString());
        assertThat(result.path("encoding").asString()).isEqualTo("ucs2");
        assertThat(result.path("offendingCharacters").get(0).path("codePoint").asString())
                .isEqualTo("U+00E7");

        String shown = get("/v1/messages/" + result.path("id").asString(), 200);

        assertThat(shown)
                .doesNotContain("639980900", "Réponse")
                .contains("\"clientReference\":\"r-1\"", "\"ACCEPTED\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"text\":\"a\",\"purpose\":\"service\"} | 422 | INVALID_REQUEST",
                "{\"to\":\"0639980000\",\"text\":\"a\",\"purpose\":\"service\"} | 422 | INVALID_NUMBER",
                "{\"to\":\"+33142685300\",\"text\":\"a\",\"purpose\":\"service\"} | 422 | NOT_MOBILE",
                "{\"to\":\"+33899123456\",\"text\":\"a\",\"purpose\":\"service\"} | 422 | NOT_MOBILE",
                "{\"to\":\"+491701234567\",\"text\":\"a\",\"purpose\":\"service\"} | 422 | COUNTRY_NOT_ALLOWED",
                "{\"to\":\"+33639980000\",\"text\":\"a\"} | 422 | PURPOSE_REQUIRED",
                "{\"to\":\"+33639980000\",\"text\":\"a\",\"purpose\":\"unheard\"} | 422 | PURPOSE_UNKNOWN",
                "{\"to\":\"+33639980000\",\"text\":\"a\",\"purpose\":\"service\",\"from\":\"TWELVELETTER\"} | 422 | INVALID_REQUEST",
                "{\"to\":\"+33639980000\",\"text\":\"a\",\"purpose\":\"service\",\"from\":\"+33612345678\"} | 422 | SENDER_NOT_DECLARED",
                "{\"to\":\"+33639980000\",\"text\":\"a\",\"purpose\":\"service\",\"from\":\"OTHER\"} | 422 | SENDER_NOT_DECLARED",
                "{\"to\":\"+33639980000\",\"text\":\"\\ud800\",\"purpose\":\"service\"} | 422 | INVALID_REQUEST",
                "{\"to\":\"+33639980000\",\"text\":\"a\",\"purpose\":\"service\",\"sendAt\":\"2020-01-01T00:00:00Z\"} | 422 | INVALID_REQUEST",
                "{\"to\":\"+33639980000\",\"text\":\"a\",\"purpose\":\"service\",\"sendAt\":\"2030-01-01T00:00:00\"} | 422 | INVALID_REQUEST",
                "{\"to\":\"+33639980000\",\"text\":\"a\",\"purpose\":\"service\",\"validity\":\"10m\"} | 422 | INVALID_REQUEST",
                "{\"to\":\"+33639980000\",\"text\":\"a\",\"purpose\":\"service\",\"colour\":\"red\"} | 422 | INVALID_REQUEST",
                "{\"to\":\"+33639980000\",\"text\":\"ç\",\"purpose\":\"service\",\"encoding\":\"gsm7\"} | 422 | ENCODING_NOT_POSSIBLE",
                "{\"to\":\"+33639980000\",\"text\":\"Soldes\",\"purpose\":\"marketing\"} | 422 | NO_CONSENT",
                "{\"to\": | 400 | MALFORMED_REQUEST"
            })
    void refusesBadInput(String body, int status, String code) {
        assertThat(json(send(body, status)).path("code").asString()).isEqualTo(code);

        assertThat(messages()).isZero();
    }

    @Test
    void refusesATextOfAMegabyte() {
        send("{\"to\":\"+33639980000\",\"purpose\":\"service\",\"text\":\"" + "a".repeat(1_000_000) + "\"}", 413);
    }

    @Test
    void refusesMorePartsThanAllowed() {
        String body = message("x".repeat(400)).replace("}", ",\"maxParts\":2}");

        assertThat(json(send(body, 422)).path("code").asString()).isEqualTo("TOO_MANY_PARTS");
    }

    @Test
    void holdsAKeyToItsPurposes() {
        WebTestClient limited = rest.client(rest.sendingKey(tenant, Set.of("otp")));

        JsonNode problem = json(send(limited, message("a"), 403, null));

        assertThat(problem.path("code").asString()).isEqualTo("PURPOSE_NOT_GRANTED");
        assertThat(purposeRefusals()).containsExactly("{\"purpose\": \"service\", \"messages\": 1}");
    }

    @Test
    void putsRefusedPurposesOfABatchIntoTheTrailByTheirNumber() {
        WebTestClient limited = rest.client(rest.sendingKey(tenant, Set.of("otp")));

        limited.post()
                .uri("/v1/messages/batch")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue("[" + message("a") + "," + message("b") + ","
                        + message("c").replace("service", "otp") + "]")
                .exchange()
                .expectStatus()
                .isAccepted()
                .expectBody()
                .jsonPath("$.refused")
                .isEqualTo(2);

        assertThat(purposeRefusals()).containsExactly("{\"purpose\": \"service\", \"messages\": 2}");
    }

    private List<Object> purposeRefusals() {
        return database
                .query(
                        "select detail::text as detail from aval.audit_event where tenant_id = ? and actor like 'key:%'"
                                + " and action = 'api-key.purpose-refused'",
                        tenant.value())
                .stream()
                .<Object>map(event -> String.valueOf(event.get("detail")))
                .toList();
    }

    @Test
    void repeatsUnderAnIdempotencyKey() {
        EntityExchangeResult<byte[]> first = send(client, message("a"), 202, "k-1");
        EntityExchangeResult<byte[]> second = send(client, message("a"), 202, "\"k-1\"");

        assertThat(json(second).path("id")).isEqualTo(json(first).path("id"));
        assertThat(second.getResponseHeaders().getFirst("Idempotency-Replayed")).isEqualTo("true");
        assertThat(json(send(client, message("b"), 422, "k-1")).path("code").asString())
                .isEqualTo("IDEMPOTENCY_KEY_REUSED");
        assertThat(json(send(client, message("b"), 400, "a, b")).path("code").asString())
                .isEqualTo("IDEMPOTENCY_KEY_INVALID");
    }

    @Test
    void repeatsWhatItWouldNoLongerAccept() {
        String body = message("a");
        String id = json(send(client, body, 202, "k-2")).path("id").asString();
        String items = "[" + body + "," + message("b") + "]";
        JsonNode batch = JsonMapper.shared().readTree(batch(items, 202, "k-3"));
        routes.delete(tenant, route, null, Actor.SYSTEM).block(Duration.ofSeconds(60));

        assertThat(json(send(client, message("c"), 422, "k-4")).path("code").asString())
                .isEqualTo("NO_ROUTE");
        EntityExchangeResult<byte[]> again = send(client, body, 202, "k-2");
        JsonNode batchAgain =
                JsonMapper.shared().readTree(batch(items.replace("]", "," + message("c") + "]"), 202, "k-3"));

        assertThat(json(again).path("id").asString()).isEqualTo(id);
        assertThat(again.getResponseHeaders().getFirst("Idempotency-Replayed")).isEqualTo("true");
        for (int i = 0; i < 2; i++) {
            assertThat(batchAgain.at("/items/" + i + "/message/id")).isEqualTo(batch.at("/items/" + i + "/message/id"));
        }
        assertThat(batchAgain.at("/items/2/problem/code").asString()).isEqualTo("NO_ROUTE");
        assertThat(json(send(client, message("b"), 422, "k-2")).path("code").asString())
                .isEqualTo("NO_ROUTE");
        assertThat(messages()).isEqualTo(3);
    }

    @Test
    void keepsTenantsApart() {
        String id = json(send(message("a"), 202)).path("id").asString();
        WebTestClient other = rest.client(rest.key(sendingTenant()));

        other.get().uri("/v1/messages/" + id).exchange().expectStatus().isNotFound();
        other.post()
                .uri("/v1/messages/" + id + "/cancel")
                .exchange()
                .expectStatus()
                .isNotFound();
        assertThat(other.get()
                        .uri("/v1/messages")
                        .exchange()
                        .expectBody(String.class)
                        .returnResult()
                        .getResponseBody())
                .contains("\"items\":[]");
    }

    @Test
    void cancelsWhatHasNotLeft() {
        String body = message("a")
                .replace("}", ",\"sendAt\":\"" + OffsetDateTime.now().plusDays(1) + "\"}");
        JsonNode sent = json(send(body, 202));
        assertThat(sent.path("status").asString()).isEqualTo("SCHEDULED");
        String path = "/v1/messages/" + sent.path("id").asString() + "/cancel";
        OutboxSetup.listen(database, tenant);

        client.post().uri(path).exchange().expectStatus().isOk();
        client.post().uri(path).exchange().expectStatus().isOk();

        assertThat(OutboxSetup.told(database, tenant)).containsExactly("message.cancelled");
        assertThat(database.number("select count(*) from aval.dispatch where tenant_id = ?", tenant.value()))
                .isZero();
        String left = json(send(message("b"), 202)).path("id").asString();
        database.execute("delete from aval.dispatch where message_id = ?", UUID.fromString(left));
        client.post()
                .uri("/v1/messages/" + left + "/cancel")
                .exchange()
                .expectStatus()
                .isEqualTo(409);
    }

    @Test
    void listsInPages() {
        for (int i = 0; i < 5; i++) {
            send(message("a").replace("}", ",\"clientReference\":\"ref-" + i % 2 + "\"}"), 202);
        }

        JsonNode first = JsonMapper.shared().readTree(get("/v1/messages?limit=3", 200));
        JsonNode second = JsonMapper.shared()
                .readTree(get("/v1/messages?limit=3&after=" + first.path("next").asString(), 200));

        assertThat(first.path("items")).hasSize(3);
        assertThat(second.path("items")).hasSize(2);
        assertThat(second.has("next")).isFalse();
        assertThat(JsonMapper.shared()
                        .readTree(get("/v1/messages?clientReference=ref-1", 200))
                        .path("items"))
                .hasSize(2);
        get("/v1/messages?limit=0", 422);
        get("/v1/messages?after=nonsense", 422);
        get("/v1/messages?to=1", 422);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/messages?purpose=%00",
                "/v1/messages?acceptedFrom=-999999999-01-01T00:00:00Z",
                "/v1/messages?acceptedBefore=%2B300000-01-01T00:00:00Z",
                "/v1/inbound-messages?to=%00",
                "/v1/inbound-messages?receivedFrom=%2B300000-01-01T00:00:00Z",
                "/v1/policy/simulate?purpose=service&at=%2B999999999-12-31T23:59:59-18:00",
                "/v1/policy/simulate?country=FR"
            })
    void refusesFiltersThatNothingCanMatch(String uri) {
        assertThat(client.get()
                        .uri(URI.create("http://localhost:" + port + uri))
                        .exchange()
                        .expectStatus()
                        .isEqualTo(422)
                        .expectBody(String.class)
                        .returnResult()
                        .getResponseBody())
                .contains("\"pointer\":\"/query/");
    }

    @Test
    void tellsTheTimeOfSendingAsItKeepsIt() {
        String body = message("a")
                .replace(
                        "}",
                        ",\"sendAt\":\""
                                + Instant.now()
                                        .plusSeconds(3600)
                                        .truncatedTo(ChronoUnit.SECONDS)
                                        .toString()
                                        .replace("Z", ".123456789Z")
                                + "\"}");

        JsonNode first = json(send(client, body, 202, "k-5"));

        assertThat(first.path("scheduledFor").asString()).endsWith(".123456Z");
        assertThat(json(send(client, body, 202, "k-5")).path("scheduledFor")).isEqualTo(first.path("scheduledFor"));
    }

    @Test
    void previewsWithoutSending() {
        client.post()
                .uri("/v1/messages/preview")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue("{\"to\":\"+33639980000\",\"text\":\"ça\",\"purpose\":\"service\",\"transliterate\":\"fr\"}")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.encoding")
                .isEqualTo("gsm7")
                .jsonPath("$.text")
                .isEqualTo("ca");

        assertThat(messages()).isZero();
    }

    @Test
    void givesEachItemOfABatchItsOutcome() throws Exception {
        JsonNode result = JsonMapper.shared()
                .readTree(
                        unchecked("[" + message("a") + ",{\"to\":\"x\"}," + message("b") + ",7]", "application/json"));

        assertThat(result.path("accepted").asInt()).isEqualTo(2);
        assertThat(result.path("refused").asInt()).isEqualTo(2);
        assertThat(result.path("items").get(1).path("problem").path("errors")).hasSizeGreaterThan(1);
        assertThat(messages()).isEqualTo(2);
    }

    @Test
    void takesTenThousandAndNotOneMore() {
        String full = "[" + String.join(",", java.util.Collections.nCopies(10_000, message("a"))) + "]";

        assertThat(JsonMapper.shared()
                        .readTree(batch(full, 202))
                        .path("accepted")
                        .asInt())
                .isEqualTo(10_000);
        batch("[" + message("a") + "," + full.substring(1), 413);

        assertThat(messages()).isEqualTo(10_000);
    }

    @Test
    void answersEachLineOfAStream() throws Exception {
        int lines = 5_000;
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < lines; i++) {
            body.append(i == 77 ? "{nonsense" : message("a")).append('\n');
        }

        String answer = unchecked(body.toString(), "application/x-ndjson");

        assertThat(String.valueOf(answer).lines()).hasSize(lines);
        assertThat(String.valueOf(answer).lines().filter(line -> line.contains("MALFORMED_REQUEST")))
                .hasSize(1)
                .allMatch(line -> line.startsWith("{\"index\":77,"));
        assertThat(messages()).isEqualTo(lines - 1);
    }

    @Test
    void answersWhatItReadBeforeALineThatIsTooLong() throws Exception {
        int lines = 300;
        String body = (message("a") + "\n").repeat(lines) + "x".repeat(70_000) + "\n" + message("b") + "\n";

        List<String> answers = unchecked(body, "application/x-ndjson").lines().toList();

        assertThat(answers).hasSize(lines + 1);
        assertThat(answers.subList(0, lines)).allMatch(line -> line.contains("\"message\""));
        assertThat(answers.getLast()).contains("PAYLOAD_TOO_LARGE").doesNotContain("\"index\"");
        assertThat(messages()).isEqualTo(lines);
    }

    @Test
    void endsAStreamWithItsKey() throws Exception {
        try (Socket socket = new Socket("localhost", port)) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream()
                    .write(("POST /v1/messages/batch HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + key
                                    + "\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n")
                            .getBytes(UTF_8));
            byte[] line = (message("a") + "\n").getBytes(UTF_8);
            socket.getOutputStream()
                    .write((Integer.toHexString(line.length) + "\r\n" + message("a") + "\n\r\n").getBytes(UTF_8));
            assertThat(until(socket.getInputStream(), "\"links\"")).contains("\"index\":0");

            database.execute("update aval.api_key set revoked_at = now() where tenant_id = ?", tenant.value());

            assertThat(until(socket.getInputStream(), "\r\n0\r\n"))
                    .contains("UNAUTHENTICATED")
                    .doesNotContain("\"index\"");
        }
    }

    @Test
    void tellsWhatABatchHasLeftOfTheQuota() {
        WebTestClient slow = rest.client(rest.key(new ApiKey.Draft(
                tenant,
                "slow",
                Application.Kind.LIVE,
                Set.of(Application.Scope.MESSAGES_SEND),
                null,
                null,
                2,
                null,
                Set.of())));
        String items = "[" + String.join(",", java.util.Collections.nCopies(1_000, message("a"))) + "]";

        slow.post()
                .uri("/v1/messages/batch")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(items)
                .exchange()
                .expectStatus()
                .isAccepted()
                .expectHeader()
                .valueMatches("RateLimit", "\"requests\";r=0;t=[456]");
    }

    @Test
    void keepsWhatItAcknowledgedToClientsThatDisconnect() throws Exception {
        Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new java.util.ArrayList<>();
        Instant end = Instant.now().plusSeconds(8);
        for (int i = 0; i < 16; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                while (Instant.now().isBefore(end)) {
                    acknowledged.addAll(sendAndMaybeLeave());
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(acknowledged).isNotEmpty();
        String ids = "{" + String.join(",", acknowledged) + "}";
        assertThat(database.number("select count(*) from aval.message where id = any(?::uuid[])", ids))
                .isEqualTo(acknowledged.size());
    }

    /** Up to ten requests over one connection, which is torn down at a moment nobody expects. */
    private List<String> sendAndMaybeLeave() {
        List<String> ids = new java.util.ArrayList<>();
        try (Socket socket = new Socket("localhost", port)) {
            socket.setSoTimeout(5_000);
            byte[] body = message("a").getBytes(UTF_8);
            byte[] request = ("POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + key
                            + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length + "\r\n\r\n"
                            + message("a"))
                    .getBytes(UTF_8);
            for (int i = 0; i < 10; i++) {
                socket.getOutputStream().write(request);
                if (ThreadLocalRandom.current().nextInt(4) == 0) {
                    Thread.sleep(Duration.ofNanos(ThreadLocalRandom.current().nextInt(3_000_000)));
                    socket.setSoLinger(true, 0);
                    return ids;
                }
                Matcher id = ID.matcher(answer(socket.getInputStream()));
                if (id.find()) {
                    ids.add(id.group(1));
                }
            }
        } catch (Exception gone) {
            // What was not answered is not claimed
        }
        return ids;
    }

    private static String until(InputStream stream, String end) throws Exception {
        StringBuilder read = new StringBuilder();
        byte[] buffer = new byte[4096];
        while (read.indexOf(end) < 0) {
            int octets = stream.read(buffer);
            if (octets < 0) {
                break;
            }
            read.append(new String(buffer, 0, octets, UTF_8));
        }
        return read.toString();
    }

    private static String answer(InputStream stream) throws Exception {
        StringBuilder answer = new StringBuilder();
        byte[] buffer = new byte[4096];
        while (answer.indexOf("\"links\"") < 0 || answer.charAt(answer.length() - 1) != '}') {
            int read = stream.read(buffer);
            if (read < 0) {
                break;
            }
            answer.append(new String(buffer, 0, read, UTF_8));
        }
        return answer.toString();
    }

    private TenantId sendingTenant() {
        TenantId id = rest.tenant();
        for (String purpose : List.of("otp", "service", "marketing")) {
            database.execute(
                    "insert into aval.purpose (id, tenant_id, key, message_class, legal_basis, retention_class)"
                            + " values (?, ?, ?, ?, ?, 'MESSAGE')",
                    TimeOrderedId.next(),
                    id.value(),
                    purpose,
                    purpose.toUpperCase(Locale.ROOT),
                    purpose.equals("marketing") ? "CONSENT" : "CONTRACT");
        }
        database.execute(
                "insert into aval.sender (id, tenant_id, value, kind, is_default) values (?, ?, 'AVAL', 'ALPHANUMERIC', true)",
                TimeOrderedId.next(),
                id.value());
        UUID account = TimeOrderedId.next();
        database.execute(
                "insert into aval.carrier_account (id, name, carrier_id, processing_countries)"
                        + " values (?, ?, 'none', '{FR}')",
                account,
                "a-" + account.toString().substring(24));
        route = routes.create(id, new RouteDraft(account, 1, null, null, null, true, null), Actor.SYSTEM)
                .blockOptional(Duration.ofSeconds(60))
                .orElseThrow()
                .id();
        return id;
    }

    private static String message(String text) {
        return "{\"to\":\"+33639980900\",\"text\":\"" + text + "\",\"purpose\":\"service\"}";
    }

    private EntityExchangeResult<byte[]> send(String body, int status) {
        return send(client, body, status, null);
    }

    private static EntityExchangeResult<byte[]> send(WebTestClient client, String body, int status, String key) {
        WebTestClient.RequestBodySpec request =
                client.post().uri("/v1/messages").contentType(MediaType.APPLICATION_JSON);
        if (key != null) {
            request.header("Idempotency-Key", key);
        }
        return request.bodyValue(body)
                .exchange()
                .expectStatus()
                .isEqualTo(status)
                .expectBody()
                .returnResult();
    }

    /** Not held against the contract, which has no malformed items. */
    private String unchecked(String body, String mediaType) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/v1/messages/batch"))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", mediaType)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(202);
            return response.body();
        }
    }

    private String batch(String body, int status) {
        return batch(body, status, null);
    }

    private String batch(String body, int status, String idempotencyKey) {
        WebTestClient.RequestBodySpec request =
                client.post().uri("/v1/messages/batch").contentType(MediaType.APPLICATION_JSON);
        if (idempotencyKey != null) {
            request.header("Idempotency-Key", idempotencyKey);
        }
        return String.valueOf(request.bodyValue(body)
                .exchange()
                .expectStatus()
                .isEqualTo(status)
                .expectBody(String.class)
                .returnResult()
                .getResponseBody());
    }

    private String get(String uri, int status) {
        return String.valueOf(client.get()
                .uri(uri)
                .exchange()
                .expectStatus()
                .isEqualTo(status)
                .expectBody(String.class)
                .returnResult()
                .getResponseBody());
    }

    private static JsonNode json(EntityExchangeResult<byte[]> result) {
        return JsonMapper.shared().readTree(result.getResponseBody());
    }

    private long messages() {
        return database.number("select count(*) from aval.message where tenant_id = ?", tenant.value());
    }
}
