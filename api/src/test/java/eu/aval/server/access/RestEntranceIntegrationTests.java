// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.FreshDatabase;
import eu.aval.server.PlatformTest;
import eu.aval.server.RestSetup;
import eu.aval.server.access.Application.Kind;
import eu.aval.server.access.Application.Scope;
import eu.aval.server.audit.Actor;
import eu.aval.server.shared.TenantId;
import java.nio.charset.Charset;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

@PlatformTest
final class RestEntranceIntegrationTests {

    @Autowired
    private RestSetup rest;

    @Autowired
    private ApiKeys keys;

    @Autowired
    private FreshDatabase database;

    private TenantId tenant;

    @BeforeEach
    void createTenant() {
        tenant = rest.tenant();
    }

    @Test
    void refusesWhoHasNoKey() {
        problem(rest.client().get().uri("/v1/messages").exchange(), 401, "UNAUTHENTICATED");
        problem(rest.client().get().uri("/v1/nothing").exchange(), 401, "UNAUTHENTICATED");
        problem(rest.client().delete().uri("/v1").exchange(), 401, "UNAUTHENTICATED");
    }

    @Test
    void refusesCredentialsThatAreNotApiKeys() {
        for (var credential : Set.of(
                "nonsense",
                "aval_live_aaaaaaaaaaaa_" + "A".repeat(43),
                rest.key(tenant).replaceFirst("_live_", "_test_"),
                rest.token(Operator.Role.ADMIN))) {
            problem(rest.client(credential).get().uri("/v1/messages").exchange(), 401, "UNAUTHENTICATED");
        }
    }

    @Test
    void refusesAKeyWithAnotherSecret() {
        var key = rest.key(tenant);
        var last = key.charAt(key.length() - 1) == 'A' ? 'B' : 'A';
        var forged = key.substring(0, key.length() - 1) + last;

        problem(rest.client(forged).get().uri("/v1/nothing").exchange(), 401, "UNAUTHENTICATED");
        problem(rest.client(key).get().uri("/v1/nothing").exchange(), 404, "NOT_FOUND");
    }

    @Test
    void takesTheKeyInAHeaderOfItsOwn() {
        problem(
                rest.client()
                        .get()
                        .uri("/v1/nothing")
                        .header("X-API-Key", rest.key(tenant))
                        .exchange(),
                404,
                "NOT_FOUND");
    }

    @Test
    void refusesAnExpiredKey() {
        var key = rest.key(new ApiKey.Draft(
                tenant,
                "short",
                Kind.LIVE,
                Set.of(Scope.values()),
                null,
                null,
                100,
                Instant.now().plusSeconds(3600),
                Set.of()));
        problem(rest.client(key).get().uri("/v1/nothing").exchange(), 404, "NOT_FOUND");

        database.execute("update aval.api_key set expires_at = now() where tenant_id = ?", tenant.value());

        StepVerifier.create(Mono.delay(VerifiedCredentials.LONGEST.plusMillis(200)))
                .expectNextCount(1)
                .verifyComplete();
        problem(rest.client(key).get().uri("/v1/nothing").exchange(), 401, "UNAUTHENTICATED");
    }

    @Test
    void refusesARevokedKeyAtOnce() {
        var key = rest.key(tenant);
        problem(rest.client(key).get().uri("/v1/nothing").exchange(), 404, "NOT_FOUND");

        StepVerifier.create(keys.of(Set.of(tenant))
                        .map(found -> found.get(tenant).getFirst())
                        .flatMap(found -> keys.revoke(tenant, found.id(), Actor.SYSTEM)))
                .assertNext(revoked -> assertThat(revoked.revokedAt()).isNotNull())
                .verifyComplete();

        problem(rest.client(key).get().uri("/v1/nothing").exchange(), 401, "UNAUTHENTICATED");
        assertThat(database.number(
                        "select count(*) from aval.audit_event where tenant_id = ? and action = 'api-key.revoked'",
                        tenant.value()))
                .isOne();
    }

    @Test
    void noticesARevocationByAnotherNodeWithinSeconds() {
        var key = rest.key(tenant);
        var client = rest.client(key);
        problem(client.get().uri("/v1/nothing").exchange(), 404, "NOT_FOUND");

        database.execute("update aval.api_key set revoked_at = now() where tenant_id = ?", tenant.value());

        StepVerifier.create(Mono.delay(VerifiedCredentials.LONGEST.plusMillis(200)))
                .expectNextCount(1)
                .verifyComplete();
        problem(client.get().uri("/v1/nothing").exchange(), 401, "UNAUTHENTICATED");
    }

    @Test
    void refusesAKeyWithoutTheScope() {
        var reading = rest.client(rest.key(tenant, Scope.MESSAGES_READ));

        reading.get().uri("/v1/messages").exchange().expectStatus().isOk();
        problem(post(reading, "/v1/messages", MediaType.APPLICATION_JSON, "{}"), 403, "FORBIDDEN");
        problem(post(reading, "/v1/opt-outs", MediaType.APPLICATION_JSON, "{}"), 403, "FORBIDDEN");
    }

    @Test
    void tellsWhichMethodsExist() {
        var client = rest.client(rest.key(tenant));

        var refused = client.delete().uri("/v1/messages").exchange();
        refused.expectHeader().valueEquals("Allow", "GET, POST");
        problem(refused, 405, "METHOD_NOT_ALLOWED");
        problem(client.get().uri("/v1/messages/batch").exchange(), 405, "METHOD_NOT_ALLOWED");
    }

    @Test
    void refusesAnAcceptWithoutJson() {
        var client = rest.client(rest.key(tenant));

        problem(client.get().uri("/v1/messages").accept(MediaType.TEXT_HTML).exchange(), 406, "NOT_ACCEPTABLE");
        problem(
                client.get()
                        .uri("/v1/messages")
                        .header(HttpHeaders.ACCEPT, "application/json;q=0")
                        .exchange(),
                406,
                "NOT_ACCEPTABLE");
        client.get()
                .uri("/v1/messages")
                .accept(MediaType.TEXT_HTML, MediaType.ALL)
                .exchange()
                .expectStatus()
                .isOk();
    }

    @Test
    void refusesBodiesThatAreNotJson() {
        var client = rest.client(rest.key(tenant));

        problem(post(client, "/v1/messages", MediaType.TEXT_PLAIN, "{}"), 415, "UNSUPPORTED_MEDIA_TYPE");
        problem(post(client, "/v1/consents", MediaType.APPLICATION_XML, "<a/>"), 415, "UNSUPPORTED_MEDIA_TYPE");
        for (var range : Set.of("*/*", "application/*")) {
            problem(raw(client, "/v1/messages", HttpHeaders.CONTENT_TYPE, range), 415, "UNSUPPORTED_MEDIA_TYPE");
            problem(raw(client, "/v1/messages/batch", HttpHeaders.CONTENT_TYPE, range), 415, "UNSUPPORTED_MEDIA_TYPE");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16BE", "UTF-16LE", "UTF-32BE", "UTF-32LE"})
    void refusesJsonThatIsNotUtf8(String charset) {
        var client = rest.client(rest.key(tenant));

        for (var path : Set.of("/v1/messages", "/v1/messages/batch", "/v1/consents", "/v1/webhook-endpoints")) {
            for (var type : Set.of("application/json", "application/json;charset=" + charset)) {
                client.post()
                        .uri(path)
                        .header(HttpHeaders.CONTENT_TYPE, type)
                        .bodyValue("{\"a\":1}".getBytes(Charset.forName(charset)))
                        .exchange()
                        .expectStatus()
                        .isBadRequest()
                        .expectBody()
                        .jsonPath("$.code")
                        .isEqualTo("MALFORMED_REQUEST")
                        .jsonPath("$.detail")
                        .value(detail -> assertThat(detail.toString()).contains("UTF-8"));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"garbage", "application/", "application/json; charset=unheard-of", ";"})
    void refusesATypeThatCannotBeRead(String type) {
        var client = rest.client(rest.key(tenant));

        problem(raw(client, "/v1/messages", HttpHeaders.CONTENT_TYPE, type), 415, "UNSUPPORTED_MEDIA_TYPE");
        problem(raw(client, "/v1/messages/batch", HttpHeaders.CONTENT_TYPE, type), 415, "UNSUPPORTED_MEDIA_TYPE");
        problem(raw(client, "/v1/consents", HttpHeaders.CONTENT_TYPE, type), 415, "UNSUPPORTED_MEDIA_TYPE");
    }

    @Test
    void refusesAnAcceptThatCannotBeRead() {
        var client = rest.client(rest.key(tenant));

        problem(
                client.get()
                        .uri("/v1/messages")
                        .header(HttpHeaders.ACCEPT, "garbage")
                        .exchange(),
                406,
                "NOT_ACCEPTABLE");
        client.get()
                .uri("/v1/messages")
                .header(HttpHeaders.ACCEPT, "")
                .exchange()
                .expectStatus()
                .isOk();
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "application/x-ndjson"})
    void refusesCompressedBodiesForWhatTheyAre(String type) {
        problem(
                rest.client(rest.key(tenant))
                        .post()
                        .uri("/v1/messages/batch")
                        .header(HttpHeaders.CONTENT_TYPE, type)
                        .header(HttpHeaders.CONTENT_ENCODING, "gzip")
                        .body((output, context) -> output.writeWith(
                                Mono.just(output.bufferFactory().wrap(new byte[] {0x1f, (byte) 0x8b, 8, 0}))))
                        .exchange(),
                415,
                "UNSUPPORTED_MEDIA_TYPE");
    }

    /** With a header that the client would not write by itself. */
    private static WebTestClient.ResponseSpec raw(WebTestClient client, String path, String header, String value) {
        return client.post()
                .uri(path)
                .header(header, value)
                .body((output, context) ->
                        output.writeWith(Mono.just(output.bufferFactory().wrap("{}".getBytes(UTF_8)))))
                .exchange();
    }

    @Test
    void refusesBodiesThatAreTooLarge() {
        var client = rest.client(rest.key(tenant));
        var large = " ".repeat(RequestBody.SINGLE + 1);

        problem(post(client, "/v1/messages", MediaType.APPLICATION_JSON, large), 413, "PAYLOAD_TOO_LARGE");
        // Without a length that could be looked at before
        problem(
                client.post()
                        .uri("/v1/messages")
                        .contentType(MediaType.APPLICATION_JSON)
                        .body(Flux.just(large, large), String.class)
                        .exchange(),
                413,
                "PAYLOAD_TOO_LARGE");
    }

    @Test
    void keepsNoSecretInTheDatabase() {
        var key = rest.key(tenant);
        var secret = key.substring(key.lastIndexOf('_') + 1);

        var row = database.query("select * from aval.api_key where tenant_id = ?", tenant.value())
                .getFirst();

        assertThat(row.toString()).doesNotContain(secret);
        assertThat((byte[]) row.get("hash")).hasSizeLessThanOrEqualTo(36);
    }

    @Test
    void neverRepeatsWhatStandsInAPath() {
        rest.client(rest.key(tenant))
                .get()
                .uri("/v1/messages/by-number/+33639981234")
                .exchange()
                .expectStatus()
                .isNotFound()
                .expectBody(String.class)
                .value(body -> assertThat(body).doesNotContain("33639981234"));
    }

    @Test
    void takesTheTraceOfTheCaller() {
        rest.client()
                .get()
                .uri("/v1/nothing")
                .header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
                .exchange()
                .expectBody()
                .jsonPath("$.traceId")
                .isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
    }

    @Test
    void answersProblemsOutsideOfTheRestInterfaceToo() {
        rest.client()
                .method(HttpMethod.GET)
                .uri("/nothing")
                .exchange()
                .expectStatus()
                .isUnauthorized()
                .expectHeader()
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .expectHeader()
                .doesNotExist("Set-Cookie")
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("UNAUTHENTICATED");
    }

    @Test
    void opensHealthAndNothingElseOfTheActuator() {
        rest.client()
                .get()
                .uri("/actuator/health/liveness")
                .exchange()
                .expectStatus()
                .isOk();
        rest.client()
                .head()
                .uri("/actuator/health/readiness")
                .exchange()
                .expectStatus()
                .isOk();
        rest.client()
                .get()
                .uri("/actuator/prometheus")
                .exchange()
                .expectStatus()
                .isUnauthorized();
        rest.client(rest.token(Operator.Role.DPO))
                .get()
                .uri("/actuator/prometheus")
                .exchange()
                .expectStatus()
                .isForbidden();
        rest.client(rest.key(tenant))
                .get()
                .uri("/actuator/prometheus")
                .exchange()
                .expectStatus()
                .isUnauthorized();
    }

    @Test
    void showsItsMetricsToAnAdministrator() {
        rest.client(rest.token(Operator.Role.ADMIN))
                .get()
                .uri("/actuator/prometheus")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody(String.class)
                .value(metrics -> assertThat(metrics).contains("jvm_memory_used_bytes"));
    }

    @Test
    void refusesOnceTheQuotaIsUsedUp() {
        var client = rest.client(rest.key(ApiKey.Draft.unrestricted(tenant, "slow", Kind.LIVE, 1)));

        // On a slow machine a second may pass between two requests, and then there is room for one more
        var refused = Stream.generate(() -> client.get()
                        .uri("/v1/nothing")
                        .exchange()
                        .expectBody(String.class)
                        .returnResult())
                .limit(100)
                .filter(answer -> answer.getStatus().value() != 404)
                .findFirst()
                .orElseThrow();

        assertThat(refused.getStatus().value()).isEqualTo(429);
        assertThat(refused.getResponseHeaders().getFirst("Retry-After")).isEqualTo("1");
        assertThat(refused.getResponseBody())
                .contains("\"code\":\"QUOTA_EXCEEDED\"", "\"violated-policies\":[\"requests\"]");
    }

    private static WebTestClient.ResponseSpec post(WebTestClient client, String path, MediaType type, String body) {
        return client.post().uri(path).contentType(type).bodyValue(body).exchange();
    }

    private static void problem(WebTestClient.ResponseSpec response, int status, String code) {
        response.expectStatus()
                .isEqualTo(status)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo(code)
                .jsonPath("$.status")
                .isEqualTo(status);
    }
}
