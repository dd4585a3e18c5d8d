// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.rest;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.FreshDatabase;
import eu.aval.server.PlatformTest;
import eu.aval.server.RestSetup;
import eu.aval.server.SendingSetup;
import eu.aval.server.access.Operator.Role;
import eu.aval.server.audit.Actor;
import eu.aval.server.consent.LegalBasis;
import eu.aval.server.consent.Purposes;
import eu.aval.server.consent.RetentionClass;
import eu.aval.server.consent.Sector;
import eu.aval.server.consent.Senders;
import eu.aval.server.personaldata.PersonalDataHolder;
import eu.aval.server.personaldata.PlaintextAccess;
import eu.aval.server.shared.TenantId;
import eu.aval.server.shared.TimeOrderedId;
import eu.aval.server.tenant.Tenants;
import eu.aval.spi.submit.MessageClass;
import java.time.Duration;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Rules on senders, texts, sectors, minors and carriers, as an application meets them. */
@PlatformTest
final class RulesIntegrationTests {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String PERSON = "+33639980400";

    @Autowired
    private RestSetup rest;

    @Autowired
    private SendingSetup sending;

    @Autowired
    private FreshDatabase database;

    @Autowired
    private Purposes purposes;

    @Autowired
    private Senders senders;

    @Autowired
    private Tenants tenants;

    @Autowired
    private List<PersonalDataHolder> holders;

    private TenantId tenant;
    private WebTestClient client;

    @BeforeEach
    void declareWhatATenantNeeds() {
        tenant = sending.tenant();
        tenants.holdTo(tenant, "SENDERS", Actor.SYSTEM.value()).block(PATIENCE);
        client = rest.client(rest.key(tenant));
        senders.routeStops(tenant, "AVAL", "36180", Actor.SYSTEM).block(PATIENCE);
    }

    @Test
    void addsTheStopMentionAndCountsIt() {
        consent(Map.of("purpose", "marketing"));
        String text = "s".repeat(150);

        JsonNode preview = answer("/v1/messages/preview", message("marketing", text), 200);
        assertThat(preview.path("parts").intValue()).isEqualTo(2);
        assertThat(preview.path("text").stringValue()).isEqualTo(text + " STOP 36180");
        assertThat(code(answer("/v1/messages", with(message("marketing", text), "maxParts", 1), 422)))
                .isEqualTo("TOO_MANY_PARTS");

        JsonNode sent = send(message("marketing", text));
        assertThat(sent.path("stopMention").path("added").booleanValue()).isTrue();
        assertThat(sent.path("stopMention").path("text").stringValue()).isEqualTo("STOP 36180");
        assertThat(sent.path("parts").intValue()).isEqualTo(2);
        assertThat(stored(sent)).isEqualTo(text + " STOP 36180");
    }

    @Test
    void addsNothingToATextThatNamesTheRouteAndNothingWhereNoRuleAsks() {
        consent(Map.of("purpose", "marketing"));

        JsonNode sent = send(message("marketing", "Soldes. STOP au 36180"));
        assertThat(sent.path("stopMention").path("added").booleanValue()).isFalse();
        assertThat(stored(sent)).isEqualTo("Soldes. STOP au 36180");
        assertThat(send(message("service", "Votre rendez-vous")).has("stopMention"))
                .isFalse();
    }

    @Test
    void keepsWhatWasComposedWhenTheRouteChanges() {
        consent(Map.of("purpose", "marketing"));
        JsonNode sent = send(tomorrow(message("marketing", "Soldes")));

        senders.routeStops(tenant, "AVAL", "https://acme.example/stop", Actor.SYSTEM)
                .block(PATIENCE);
        due(sent);

        await(() -> "DELIVERED".equals(status(sent)));
        assertThat(stored(sent)).isEqualTo("Soldes STOP 36180");
        assertThat(stored(send(message("marketing", "Soldes")))).isEqualTo("Soldes STOP https://acme.example/stop");
    }

    @Test
    void refusesAdvertisingFromANameThatNobodyCanStop() {
        consent(Map.of("purpose", "marketing"));
        JsonNode waiting = send(tomorrow(message("marketing", "Soldes")));
        senders.routeStops(tenant, "AVAL", null, Actor.SYSTEM).block(PATIENCE);

        assertThat(code(answer("/v1/messages", message("marketing", "Soldes"), 422)))
                .isEqualTo("STOP_ROUTE_REQUIRED");
        assertThat(send(message("service", "Votre rendez-vous")).path("status").stringValue())
                .isEqualTo("QUEUED");
        due(waiting);
        await(() -> "BLOCKED".equals(status(waiting)));
        assertThat(blockedBecause(waiting)).isEqualTo("STOP_ROUTE_REQUIRED");
    }

    @Test
    void refusesAPersonalNumberAsTheSender() {
        database.execute("update aval.sender set is_default = false where tenant_id = ?", tenant.value());
        database.execute(
                "insert into aval.sender (id, tenant_id, value, kind, is_default)"
                        + " values (?, ?, '+33612345678', 'INTERNATIONAL', true)",
                TimeOrderedId.next(),
                tenant.value());

        JsonNode problem = answer("/v1/messages", message("service", "Bonjour"), 422);
        assertThat(code(problem)).isEqualTo("SENDER_FORBIDDEN");
        assertThat(code(answer("/v1/messages", with(message("otp", "1234"), "from", "+33612345678"), 422)))
                .isEqualTo("SENDER_FORBIDDEN");
        assertThat(problem.path("detail").stringValue())
                .contains("sender-personal-number of SENDERS/1")
                .doesNotContain("12345678");
    }

    @Test
    void letsNobodyDeclareAPersonalNumber() {
        assertThat(rest.graphQl(rest.token(Role.ADMIN, tenant))
                        .document("mutation($t: UUID!) { declareSender(input: {tenantId: $t, value: \"+33712345678\"})"
                                + " { value } }")
                        .variable("t", tenant.value())
                        .execute()
                        .returnResponse()
                        .getErrors())
                .singleElement()
                .satisfies(error -> assertThat(error.getExtensions()).containsEntry("code", "SENDER_FORBIDDEN"));
    }

    @Test
    void refusesASectorThatMayNotAdvertise() {
        purposes.declare(
                        tenant,
                        new Purposes.Declaration(
                                "insulation",
                                MessageClass.MARKETING,
                                LegalBasis.CONSENT,
                                RetentionClass.CAMPAIGN,
                                Sector.ENERGY_RENOVATION,
                                false),
                        Actor.SYSTEM)
                .block(PATIENCE);
        consent(Map.of("purpose", "insulation"));

        JsonNode problem = answer("/v1/messages", message("insulation", "Isolez vos combles"), 422);
        assertThat(code(problem)).isEqualTo("SECTOR_FORBIDDEN");
        assertThat(problem.path("detail").stringValue())
                .contains("2025-06-30", "sector-energy-renovation of SENDERS/1", "https://law.example/1");
    }

    @Test
    void sendsToAChildOnlyWhatBothHaveAgreedTo() {
        club(false);
        consent(child());
        assertThat(refusal()).isEqualTo("JOINT_CONSENT_REQUIRED");

        consent(guardian("GIVEN"));
        assertThat(send(message("club", "Entraînement à 15 h")).path("status").stringValue())
                .isEqualTo("QUEUED");

        consent(guardian("WITHDRAWN"));
        assertThat(refusal()).isEqualTo("JOINT_CONSENT_REQUIRED");
    }

    @Test
    void sendsNothingToAChildForWhomOnlyAGuardianAgrees() {
        club(false);
        consent(with(guardian("GIVEN"), "ageBand", "CHILD", "ageBandUntil", inTwoYears()));

        assertThat(refusal()).isEqualTo("NO_CONSENT");
        consent(Map.of("purpose", "club"));
        assertThat(send(message("club", "Match")).path("status").stringValue()).isEqualTo("QUEUED");
        consent(Map.of("purpose", "club", "status", "WITHDRAWN"));
        assertThat(refusal()).isEqualTo("NO_CONSENT");
    }

    @Test
    void reachesWhatWaitsWhenAGuardianWithdraws() {
        club(false);
        consent(child());
        consent(guardian("GIVEN"));
        JsonNode waiting = send(tomorrow(message("club", "Match")));

        consent(guardian("WITHDRAWN"));
        due(waiting);

        await(() -> "BLOCKED".equals(status(waiting)));
        assertThat(blockedBecause(waiting)).isEqualTo("JOINT_CONSENT_REQUIRED");
    }

    @Test
    void asksAgainOnTheBirthday() {
        club(false);
        consent(with(child(), "givenAt", "2026-01-10T10:00:00Z"));
        consent(guardian("GIVEN"));
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        database.execute(
                "update aval.subject set age_band_until = ?, consents_alone_from = ? where tenant_id = ?",
                today,
                today,
                tenant.value());

        assertThat(refusal()).isEqualTo("RECONFIRM_REQUIRED");
        consent(Map.of("purpose", "club"));
        assertThat(send(message("club", "Match")).path("status").stringValue()).isEqualTo("QUEUED");
    }

    @Test
    void letsAnObjectionWinOverBothConsents() {
        club(false);
        consent(child());
        consent(guardian("GIVEN"));
        answer("/v1/opt-outs", Map.of("to", PERSON, "all", true), 201);

        assertThat(refusal()).isEqualTo("SUPPRESSED");
    }

    @Test
    void sendsNoAdvertisingToAMinor() {
        consent(with(Map.of("purpose", "marketing"), "ageBand", "TEEN"));

        assertThat(code(answer("/v1/messages", message("marketing", "Soldes"), 422)))
                .isEqualTo("MINOR_FORBIDDEN");
        assertThat(code(answer("/v1/messages/preview", message("marketing", "Soldes"), 422)))
                .isEqualTo("MINOR_FORBIDDEN");
    }

    @Test
    void asksForTheAgeWhereAPurposeIsDirectedAtMinors() {
        club(true);
        consent(Map.of("purpose", "club"));
        assertThat(refusal()).isEqualTo("AGE_BAND_REQUIRED");

        consent(with(Map.of("purpose", "club"), "ageBand", "TEEN", "givenAt", "2026-02-01T10:00:00Z"));
        assertThat(send(message("club", "Match")).path("status").stringValue()).isEqualTo("QUEUED");
    }

    @Test
    void usesNoCarrierThatDoesNotSayWhereItProcesses() {
        UUID account = unknownCarrier(tenant, "{}");

        await(() -> "RESIDENCY_NOT_MET".equals(preview("service")));
        database.execute("update aval.carrier_account set processing_countries = '{FR,US}' where id = ?", account);
        assertThat(code(answer("/v1/messages", message("service", "Bonjour"), 422)))
                .isEqualTo("RESIDENCY_NOT_MET");
        database.execute("update aval.carrier_account set processing_countries = '{FR,IS}' where id = ?", account);
        await(() -> preview("service").isEmpty());
    }

    @Test
    void followsTheResidencyThatTheDpoSets() {
        unknownCarrier(tenant, "{CH}");
        await(() -> "RESIDENCY_NOT_MET".equals(preview("service")));

        String mutation = "mutation($t: UUID!, $c: [String!]!) { setResidency(id: $t, countries: $c) { residency } }";
        assertThat(rest.graphQl(rest.token(Role.ADMIN))
                        .document(mutation)
                        .variable("t", tenant.value())
                        .variable("c", List.of("EEA", "CH"))
                        .execute()
                        .returnResponse()
                        .getErrors())
                .singleElement()
                .satisfies(error -> assertThat(error.getExtensions()).containsEntry("code", "FORBIDDEN"));
        rest.graphQl(rest.token(Role.DPO, tenant))
                .document(mutation)
                .variable("t", tenant.value())
                .variable("c", List.of("EEA", "CH"))
                .execute()
                .path("setResidency.residency")
                .entityList(String.class)
                .containsExactly("CH", "EEA");
        await(() -> preview("service").isEmpty());
    }

    @Test
    void keepsThePurposesOfAKeyAndTheTrailOfItsAttempts() {
        WebTestClient limited = rest.client(rest.key(new eu.aval.server.access.ApiKey.Draft(
                tenant,
                "shop",
                eu.aval.server.access.Application.Kind.LIVE,
                java.util.EnumSet.allOf(eu.aval.server.access.Application.Scope.class),
                java.util.Set.of("service"),
                null,
                1000,
                null,
                java.util.Set.of())));

        assertThat(code(answer(limited, "/v1/messages", message("transactional", "Bonjour"), 403)))
                .isEqualTo("PURPOSE_NOT_GRANTED");
        assertThat(database.number(
                        "select count(*) from aval.audit_event where tenant_id = ? and action = 'api-key.purpose-refused'",
                        tenant.value()))
                .isEqualTo(1);
    }

    private void club(boolean directedAtMinors) {
        purposes.declare(
                        tenant,
                        new Purposes.Declaration(
                                "club",
                                MessageClass.SERVICE,
                                LegalBasis.CONSENT,
                                RetentionClass.MESSAGE,
                                Sector.GENERAL,
                                directedAtMinors),
                        Actor.SYSTEM)
                .block(PATIENCE);
    }

    private static Map<String, Object> child() {
        return with(Map.of("purpose", "club"), "ageBand", "CHILD", "ageBandUntil", inTwoYears());
    }

    private static Map<String, Object> guardian(String status) {
        return with(Map.of("purpose", "club"), "givenBy", "GUARDIAN", "status", status, "evidence", "signed form");
    }

    private static String inTwoYears() {
        return LocalDate.now(ZoneOffset.UTC).plusYears(2).toString().substring(0, 7);
    }

    /** A route of the tenant to a carrier that nobody runs, in place of the others. */
    private UUID unknownCarrier(TenantId tenant, String processingCountries) {
        UUID account = TimeOrderedId.next();
        database.execute(
                "insert into aval.carrier_account (id, name, carrier_id, processing_countries) values (?, ?, 'none', ?::text[])",
                account,
                "a-" + account.toString().substring(24),
                processingCountries);
        database.execute("update aval.route set carrier_account_id = ? where tenant_id = ?", account, tenant.value());
        return account;
    }

    /** The code of the problem; empty if there is none. */
    private String preview(String purpose) {
        JsonNode answer = JsonMapper.shared()
                .readTree(client.post()
                        .uri("/v1/messages/preview")
                        .contentType(MediaType.APPLICATION_JSON)
                        .bodyValue(JsonMapper.shared().writeValueAsString(message(purpose, "Bonjour")))
                        .exchange()
                        .expectBody()
                        .returnResult()
                        .getResponseBody());
        return answer.path("code").asString("");
    }

    private String refusal() {
        return code(answer("/v1/messages", message("club", "Match"), 422));
    }

    private void consent(Map<String, Object> act) {
        answer("/v1/consents", with(act, "to", PERSON, "source", "web-form"), 201);
    }

    private JsonNode send(Map<String, Object> message) {
        return answer("/v1/messages", message, 202);
    }

    private static Map<String, Object> message(String purpose, String text) {
        return Map.of("to", PERSON, "purpose", purpose, "text", text);
    }

    private static Map<String, Object> tomorrow(Map<String, Object> message) {
        return with(
                message,
                "sendAt",
                OffsetDateTime.now(ZoneOffset.UTC).plusDays(1).toString());
    }

    private static Map<String, Object> with(Map<String, Object> body, Object... more) {
        Map<String, Object> all = new HashMap<>(body);
        for (int i = 0; i < more.length; i += 2) {
            all.put((String) more[i], more[i + 1]);
        }
        return all;
    }

    private JsonNode answer(String path, Map<String, Object> body, int status) {
        return answer(client, path, body, status);
    }

    private static JsonNode answer(WebTestClient client, String path, Map<String, Object> body, int status) {
        return JsonMapper.shared()
                .readTree(client.post()
                        .uri(path)
                        .contentType(MediaType.APPLICATION_JSON)
                        .bodyValue(JsonMapper.shared().writeValueAsString(body))
                        .exchange()
                        .expectStatus()
                        .isEqualTo(status)
                        .expectBody()
                        .returnResult()
                        .getResponseBody());
    }

    private static String code(JsonNode problem) {
        return problem.path("code").stringValue();
    }

    private static UUID id(JsonNode sent) {
        return UUID.fromString(sent.path("id").stringValue());
    }

    private @Nullable Object status(JsonNode sent) {
        return database.value("select status from aval.message where id = ?", id(sent));
    }

    private void due(JsonNode sent) {
        database.execute("update aval.dispatch set due_at = now() where message_id = ?", id(sent));
    }

    private @Nullable Object blockedBecause(JsonNode sent) {
        return database.value(
                "select detail->>'code' from aval.message_event where message_id = ? and type = 'BLOCKED'", id(sent));
    }

    /** The text that was sealed, as the person would get it in an export. */
    private String stored(JsonNode sent) {
        UUID subject = (UUID) database.value("select subject_id from aval.message where id = ?", id(sent));
        return holders.stream()
                .filter(holder -> holder.name().equals("messages"))
                .findFirst()
                .map(holder -> Flux.from(holder.export(tenant, subject, PlaintextAccess.forDataSubjectExport()))
                        .filter(row -> row.containsValue(id(sent).toString()))
                        .next()
                        .block(PATIENCE))
                .map(row -> String.valueOf(row.get("text")))
                .orElseThrow();
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
