// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import eu.aval.server.FreshDatabase;
import eu.aval.server.PlatformTest;
import eu.aval.server.RestSetup;
import eu.aval.server.SendingSetup;
import eu.aval.server.access.Operator.Role;
import eu.aval.server.audit.Actor;
import eu.aval.server.routing.RouteAdministration;
import eu.aval.server.routing.RouteDraft;
import eu.aval.server.shared.Money;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.Tenant;
import eu.aval.server.tenant.Tenants;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.graphql.test.tester.HttpGraphQlTester;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@PlatformTest
final class LimitsIntegrationTests {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final String SOMEBODY = "+33639980000";

    @Autowired
    private RestSetup rest;

    @Autowired
    private SendingSetup sending;

    @Autowired
    private FreshDatabase database;

    @Autowired
    private TrafficLimits limits;

    @Autowired
    private RouteAdministration routes;

    @Autowired
    private Tenants tenants;

    /** They count in hours, days and months: no test is to begin in one and to end in the next. */
    @BeforeEach
    void leaveTheTurnOfAnHourBehind() {
        await().atMost(Duration.ofMinutes(1)).until(() -> Instant.now().getEpochSecond() % 3_600 < 3_570);
    }

    @Test
    void limitsATenantThatIsNew() {
        Tenant tenant = tenants.create(
                        new Tenant.Draft(
                                "new-" + UUID.randomUUID().toString().substring(0, 8), "New", Set.of("FR"), 10),
                        "system")
                .blockOptional(TIMEOUT)
                .orElseThrow();

        assertThat(limits.of(tenant.id()).block(TIMEOUT)).isEqualTo(new TrafficRules(Limits.STANDARD, List.of()));
    }

    @Test
    void sendsOnePersonNoMoreThanItMay() {
        TenantId tenant = limited(new Limits(2, null, null, null, null, null, null, null));
        WebTestClient client = rest.client(rest.key(tenant));

        send(client, SOMEBODY, "service", Map.of()).expectStatus().isAccepted();
        send(client, SOMEBODY, "service", Map.of()).expectStatus().isAccepted();
        send(client, SOMEBODY, "service", Map.of())
                .expectStatus()
                .isEqualTo(429)
                .expectHeader()
                .exists("Retry-After")
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("RECIPIENT_LIMIT_REACHED")
                .jsonPath("$.retryable")
                .isEqualTo(true);
        send(client, "+33639980001", "service", Map.of()).expectStatus().isAccepted();
    }

    @Test
    void doesNotCountWhatWasCancelled() {
        TenantId tenant = limited(new Limits(1, null, null, null, null, null, null, null));
        WebTestClient client = rest.client(rest.key(tenant));
        String id = send(
                        client,
                        SOMEBODY,
                        "service",
                        Map.of("sendAt", Instant.now().plus(Duration.ofHours(2)).toString()))
                .expectStatus()
                .isAccepted()
                .expectBody(JsonNode.class)
                .returnResult()
                .getResponseBody()
                .get("id")
                .asString();
        client.post()
                .uri("/v1/messages/" + id + "/cancel")
                .exchange()
                .expectStatus()
                .isOk();

        send(client, SOMEBODY, "service", Map.of()).expectStatus().isAccepted();
    }

    @Test
    void letsCodesCoolDownInTheSameBatchAndInTheNext() {
        TenantId tenant = limited(new Limits(null, null, 3_600, null, null, null, null, null));
        WebTestClient client = rest.client(rest.key(tenant));

        assertThat(batch(client, List.of(item(SOMEBODY, "otp"), item(SOMEBODY, "otp"), item(SOMEBODY, "service"))))
                .containsExactly("accepted", "COOL_DOWN", "accepted");
        assertThat(batch(client, List.of(item(SOMEBODY, "otp")))).containsExactly("COOL_DOWN");
    }

    @Test
    void stopsCodesPumpedToNeighbouringNumbers() {
        TenantId tenant = limited(new Limits(null, null, null, 5, null, null, null, null));
        WebTestClient client = rest.client(rest.key(tenant));
        List<Map<String, Object>> pumped = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            pumped.add(item("+3363998000" + i, "otp"));
        }

        assertThat(batch(client, pumped))
                .containsExactly(
                        "accepted",
                        "accepted",
                        "accepted",
                        "accepted",
                        "accepted",
                        "BLOCK_LIMIT_REACHED",
                        "BLOCK_LIMIT_REACHED",
                        "BLOCK_LIMIT_REACHED");
        assertThat(batch(client, List.of(item("+33639980009", "otp")))).containsExactly("BLOCK_LIMIT_REACHED");
    }

    @Test
    void keepsAQuotaExactlyUnderParallelRequests() throws Exception {
        TenantId tenant = limited(new Limits(null, null, null, null, 50L, null, null, null));
        WebTestClient client = rest.client(rest.key(tenant));
        CountDownLatch together = new CountDownLatch(1);
        int accepted = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
            List<Future<List<String>>> answers = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                int from = i * 10;
                answers.add(threads.submit(() -> {
                    together.await();
                    List<Map<String, Object>> items = new ArrayList<>();
                    for (int n = from; n < from + 10; n++) {
                        items.add(item("+336399810%02d".formatted(n % 100), "service"));
                    }
                    return batch(client, items);
                }));
            }
            together.countDown();
            for (Future<List<String>> each : answers) {
                accepted += (int) each.get().stream().filter("accepted"::equals).count();
            }
        }

        assertThat(accepted).isEqualTo(50);
        assertThat(database.number("select count(*) from aval.message where tenant_id = ?", tenant.value()))
                .isEqualTo(50);
    }

    @Test
    void countsForANewQuotaWhatWasSentBefore() {
        TenantId tenant = sending.tenant();
        WebTestClient client = rest.client(rest.key(tenant));
        assertThat(batch(client, List.of(item(SOMEBODY, "service"), item(SOMEBODY, "service"))))
                .containsExactly("accepted", "accepted");

        set(tenant, new Limits(null, null, null, null, 3L, null, null, null));

        assertThat(batch(client, List.of(item(SOMEBODY, "service"), item(SOMEBODY, "service"))))
                .containsExactly("accepted", "TENANT_QUOTA_REACHED");
    }

    @Test
    void saysWhatAMessageIsExpectedToCostAndSpendsNoMoreThanItMay() {
        TenantId tenant = sending.tenant(sending.simulator());
        price(tenant, "0.04500");
        set(tenant, new Limits(null, null, null, null, null, null, euro("0.10"), null));
        WebTestClient client = rest.client(rest.key(tenant));

        send(client, SOMEBODY, "service", Map.of())
                .expectStatus()
                .isAccepted()
                .expectBody()
                .jsonPath("$.estimatedPrice.amount")
                .isEqualTo("0.045")
                .jsonPath("$.estimatedPrice.currency")
                .isEqualTo("EUR");
        send(client, SOMEBODY, "service", Map.of()).expectStatus().isAccepted();
        send(client, SOMEBODY, "service", Map.of())
                .expectStatus()
                .isEqualTo(429)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("SPEND_LIMIT_REACHED");
    }

    @Test
    void refusesWhatCostsMoreThanItsMaxPrice() {
        TenantId tenant = sending.tenant(sending.simulator());
        WebTestClient client = rest.client(rest.key(tenant));
        Map<String, Object> cheap = Map.of("maxPrice", Map.of("amount", "0.05", "currency", "EUR"));

        send(client, SOMEBODY, "service", cheap)
                .expectStatus()
                .isEqualTo(422)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("PRICE_UNKNOWN");
        price(tenant, "0.03");
        send(client, SOMEBODY, "service", cheap).expectStatus().isAccepted();
        send(
                        client,
                        SOMEBODY,
                        "service",
                        Map.of("text", "x".repeat(200), "maxPrice", Map.of("amount", "0.05", "currency", "EUR")))
                .expectStatus()
                .isEqualTo(422)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("PRICE_TOO_HIGH");
    }

    @Test
    void takesTheFirstRouteThatIsCheapEnough() {
        UUID dear = sending.simulator();
        UUID cheap = sending.simulator();
        TenantId tenant = sending.tenant(dear);
        routes.list(tenant)
                .flatMap(all -> routes.update(
                        tenant,
                        all.getFirst().id(),
                        new RouteDraft(dear, 1, null, null, null, true, euro("0.08")),
                        null,
                        Actor.SYSTEM))
                .then(routes.create(
                        tenant, new RouteDraft(cheap, 2, null, null, null, true, euro("0.02")), Actor.SYSTEM))
                .block(TIMEOUT);
        WebTestClient client = rest.client(rest.key(tenant));

        send(client, SOMEBODY, "service", Map.of("maxPrice", Map.of("amount", "0.05", "currency", "EUR")))
                .expectStatus()
                .isAccepted()
                .expectBody()
                .jsonPath("$.estimatedPrice.amount")
                .isEqualTo("0.02");
        assertThat(database.query("select carrier_account_id from aval.message where tenant_id = ?", tenant.value())
                        .getFirst()
                        .get("carrier_account_id"))
                .isEqualTo(cheap);
    }

    @Test
    void liftsALimitForOnePersonAndSaysSoInTheTimeline() {
        TenantId tenant = limited(new Limits(1, null, null, null, null, null, null, null));
        WebTestClient client = rest.client(rest.key(tenant));
        send(client, SOMEBODY, "service", Map.of()).expectStatus().isAccepted();
        send(client, SOMEBODY, "service", Map.of()).expectStatus().isEqualTo(429);

        String override = lift(tenant, LimitKind.RECIPIENT, SOMEBODY, null);

        String id = send(client, SOMEBODY, "service", Map.of())
                .expectStatus()
                .isAccepted()
                .expectBody(JsonNode.class)
                .returnResult()
                .getResponseBody()
                .get("id")
                .asString();
        client.get()
                .uri("/v1/messages/" + id)
                .exchange()
                .expectBody()
                .jsonPath("$.timeline[?(@.type == 'LIMIT_LIFTED')].detail.override")
                .isEqualTo(override);
        assertThat(database.number(
                        "select count(*) from aval.audit_event where tenant_id = ? and action = 'limit-override.granted'",
                        tenant.value()))
                .isEqualTo(1);
    }

    @Test
    void holdsAgainOnceAnOverrideIsEnded() {
        TenantId tenant = limited(new Limits(1, null, null, null, null, null, null, null));
        WebTestClient client = rest.client(rest.key(tenant));
        send(client, SOMEBODY, "service", Map.of()).expectStatus().isAccepted();
        String override = lift(tenant, LimitKind.RECIPIENT, null, null);
        send(client, SOMEBODY, "service", Map.of()).expectStatus().isAccepted();

        admin().document(
                        "mutation($tenant: UUID!, $id: UUID!) { restoreLimit(tenantId: $tenant, id: $id) { inForce } }")
                .variable("tenant", tenant.toString())
                .variable("id", override)
                .execute()
                .path("restoreLimit.inForce")
                .entity(Boolean.class)
                .isEqualTo(false);

        send(client, SOMEBODY, "service", Map.of()).expectStatus().isEqualTo(429);
    }

    @Test
    void letsACountryInForAWhileFromAcceptingToSending() {
        TenantId tenant = sending.tenant();
        WebTestClient client = rest.client(rest.key(tenant));
        String belgian = "+32470123456";
        send(client, belgian, "service", Map.of())
                .expectStatus()
                .isEqualTo(422)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("COUNTRY_NOT_ALLOWED");

        lift(tenant, LimitKind.COUNTRY, null, "BE");

        send(client, belgian, "service", Map.of()).expectStatus().isAccepted();
        long end = System.nanoTime() + TIMEOUT.toNanos();
        Object status = "QUEUED";
        while (status.equals("QUEUED") && System.nanoTime() < end) {
            status =
                    String.valueOf(database.query("select status from aval.message where tenant_id = ?", tenant.value())
                            .getFirst()
                            .get("status"));
        }
        assertThat(status).isNotIn("QUEUED", "BLOCKED");
    }

    @Test
    void refusesWhatMakesNoLimitOrOverride() {
        TenantId tenant = sending.tenant();

        admin().document("""
                        mutation($tenant: UUID!) { limitTraffic(input: {tenantId: $tenant, recipientPerHour: 0,
                          spendPerDay: {amount: "1", currency: "EUR"}, spendPerMonth: {amount: "1", currency: "USD"}})
                          { recipientPerHour } }""")
                .variable("tenant", tenant.toString())
                .execute()
                .errors()
                .satisfy(errors -> assertThat(errors.getFirst().getExtensions().toString())
                        .contains("INVALID_REQUEST", "/recipientPerHour", "/spendPerMonth"));
        admin().document("""
                        mutation($tenant: UUID!, $at: DateTime!) { liftLimit(input: {tenantId: $tenant, limit: QUOTA,
                          country: "FR", reason: TEST, reference: "+33612345678", expiresAt: $at}) { id } }""")
                .variable("tenant", tenant.toString())
                .variable("at", Instant.now().plus(Duration.ofDays(31)).toString())
                .execute()
                .errors()
                .satisfy(errors -> assertThat(errors.getFirst().getExtensions().toString())
                        .contains("/country", "/reference", "/expiresAt")
                        .doesNotContain("612345678"));
    }

    @Test
    void keepsLimitsOfOthersOutOfReach() {
        TenantId tenant = sending.tenant();
        HttpGraphQlTester other = rest.graphQl(rest.token(Role.ADMIN, rest.tenant()));

        other.document("mutation($tenant: UUID!) { limitTraffic(input: {tenantId: $tenant}) { recipientPerHour } }")
                .variable("tenant", tenant.toString())
                .execute()
                .errors()
                .satisfy(errors ->
                        assertThat(errors.getFirst().getExtensions().toString()).contains("NOT_FOUND"));
    }

    @Test
    void tellsTheDpoOfMarketingUnderAnotherName() {
        TenantId tenant = sending.tenant();
        String key = rest.key(tenant);
        WebTestClient client = rest.client(key);
        Map<String, Object> promotion = new HashMap<>(item(SOMEBODY, "transactional"));
        promotion.put("text", "Soldes : -30% sur tout ! STOP 36180");
        assertThat(batch(client, List.of(promotion, promotion, item(SOMEBODY, "transactional"))))
                .containsExactly("accepted", "accepted", "accepted");
        HttpGraphQlTester dpo = rest.graphQl(rest.token(Role.DPO, tenant));

        String flag = dpo.document("""
                        query($tenant: UUID!) { classificationFlags(tenantId: $tenant) {
                          edges { node { id purpose messages signs judgement } } } }""")
                .variable("tenant", tenant.toString())
                .execute()
                .path("classificationFlags.edges[0].node.messages")
                .entity(Integer.class)
                .isEqualTo(2)
                .path("classificationFlags.edges[0].node.signs")
                .entityList(String.class)
                .contains("STOP_MENTION", "REDUCTION")
                .path("classificationFlags.edges[0].node.id")
                .entity(String.class)
                .get();
        dpo.document("""
                        mutation($tenant: UUID!, $id: UUID!) {
                          judgeClassification(tenantId: $tenant, id: $id, judgement: MISCLASSIFIED) { judgement } }""")
                .variable("tenant", tenant.toString())
                .variable("id", flag)
                .executeAndVerify();

        dpo.document("""
                        query($tenant: UUID!) {
                          classificationFlags(tenantId: $tenant) { edges { node { id } } }
                          classificationRates(tenantId: $tenant) { messages flagged misclassified } }""")
                .variable("tenant", tenant.toString())
                .execute()
                .path("classificationFlags.edges")
                .entityList(Object.class)
                .hasSize(0)
                .path("classificationRates[0]")
                .entity(new ParameterizedTypeReference<Map<String, Integer>>() {})
                .isEqualTo(Map.of("messages", 3, "flagged", 2, "misclassified", 2));
    }

    private TenantId limited(Limits wanted) {
        TenantId tenant = sending.tenant();
        set(tenant, wanted);
        return tenant;
    }

    private void set(TenantId tenant, Limits wanted) {
        limits.set(tenant, wanted, Actor.SYSTEM).block(TIMEOUT);
    }

    private void price(TenantId tenant, String amount) {
        routes.list(tenant)
                .flatMap(all -> {
                    RouteDraft before = all.getFirst().route();
                    return routes.update(
                            tenant,
                            all.getFirst().id(),
                            new RouteDraft(before.accountId(), before.priority(), null, null, null, true, euro(amount)),
                            null,
                            Actor.SYSTEM);
                })
                .block(TIMEOUT);
    }

    private static Money euro(String amount) {
        return new Money(new BigDecimal(amount), "EUR");
    }

    private HttpGraphQlTester admin() {
        return rest.graphQl(rest.token(Role.ADMIN));
    }

    private String lift(TenantId tenant, LimitKind kind, @Nullable String number, @Nullable String country) {
        Map<String, Object> input = new HashMap<>();
        input.put("tenantId", tenant.toString());
        input.put("limit", kind.name());
        input.put("number", number);
        input.put("country", country);
        input.put("reason", "TEST");
        input.put("reference", "CASE-7");
        input.put("expiresAt", Instant.now().plus(Duration.ofHours(1)).toString());
        return admin().document("mutation($input: LiftLimitInput!) { liftLimit(input: $input) { id } }")
                .variable("input", input)
                .execute()
                .path("liftLimit.id")
                .entity(String.class)
                .get();
    }

    private static Map<String, Object> item(String to, String purpose) {
        return Map.of("to", to, "text", "Bonjour", "purpose", purpose);
    }

    private static WebTestClient.ResponseSpec send(
            WebTestClient client, String to, String purpose, Map<String, Object> more) {
        Map<String, Object> body = new HashMap<>(item(to, purpose));
        body.putAll(more);
        return client.post()
                .uri("/v1/messages")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(body)
                .exchange();
    }

    /** {@code accepted} or the code of the problem, of each item. */
    private static List<String> batch(WebTestClient client, List<Map<String, Object>> items) {
        JsonNode answer = client.post()
                .uri("/v1/messages/batch")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(JsonMapper.shared().writeValueAsString(items))
                .exchange()
                .expectStatus()
                .isAccepted()
                .expectBody(JsonNode.class)
                .returnResult()
                .getResponseBody();
        return StreamSupport.stream(answer.get("items").spliterator(), false)
                .map(item ->
                        item.has("problem") ? item.get("problem").get("code").asString() : "accepted")
                .toList();
    }
}
