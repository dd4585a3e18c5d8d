// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.policy;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.FreshDatabase;
import eu.aval.server.PlatformTest;
import eu.aval.server.RestSetup;
import eu.aval.server.SendingSetup;
import eu.aval.server.access.Operator.Role;
import eu.aval.server.policy.RulePack.UnknownRegion;
import eu.aval.server.shared.TenantId;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.TemporalAdjusters;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.graphql.test.tester.HttpGraphQlTester;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Rule packs as a DPO and a partner see them. Each message is for a day to come, so that it is no matter when this runs. */
@PlatformTest
final class RulePackIntegrationTests {

    private static final ZoneId PARIS = ZoneId.of("Europe/Paris");
    private static final String NUMBER = "+33639980000";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** A Sunday to come; the day after it is no holiday. */
    private static final LocalDate SUNDAY = sunday();

    @Autowired
    private RestSetup rest;

    @Autowired
    private SendingSetup sending;

    @Autowired
    private FreshDatabase database;

    private TenantId tenant;
    private WebTestClient partner;
    private HttpGraphQlTester dpo;

    @BeforeEach
    void makeATenant() {
        tenant = sending.tenant();
        partner = rest.client(rest.key(tenant));
        dpo = rest.graphQl(rest.token(Role.DPO, tenant));
        post("/v1/consents", Map.of("to", NUMBER, "purpose", "marketing", "source", "form"));
    }

    @Test
    void changesRulesWithoutARestart() {
        Instant asked = SUNDAY.atTime(10, 0).atZone(PARIS).toInstant();
        Instant monday = SUNDAY.plusDays(1).atTime(8, 0).atZone(PARIS).toInstant();

        hold("FR-AF2M-2024");
        JsonNode deferred = awaitScheduled(asked, monday);
        assertThat(deferred.at("/deferred/reason").asString()).isEqualTo("OUTSIDE_HOURS");
        assertThat(deferred.at("/deferred/rule").asString()).isEqualTo("hours-marketing");
        assertThat(deferred.at("/deferred/rulePack").asString()).isEqualTo("FR-AF2M-2024/1");
        assertThat(deferred.at("/deferred/zone").asString()).isEqualTo("Europe/Paris");
        assertThat(deferred.at("/deferred/window").asString()).isEqualTo("08:00-22:00");

        hold("FR-AF2M-2026");
        JsonNode tolerated = awaitScheduled(asked, asked);
        assertThat(tolerated.has("deferred")).isFalse();
        JsonNode verdict = get("/v1/messages/" + tolerated.get("id").asString()).get("verdict");
        assertThat(verdict.at("/grounds/rules/warnings/0").asString()).isEqualTo("TOLERATED_HOURS");

        hold("FR-STRICT");
        awaitScheduled(asked, monday);
    }

    @Test
    void tellsWhyInTheStatusAndTheTimeline() {
        hold("GUIDE");
        Instant asked = SUNDAY.atTime(10, 0).atZone(PARIS).toInstant();
        Instant monday = SUNDAY.plusDays(1).atTime(8, 0).atZone(PARIS).toInstant();

        String id = awaitScheduled(asked, monday).get("id").asString();

        JsonNode message = get("/v1/messages/" + id);
        assertThat(message.get("status").asString()).isEqualTo("SCHEDULED");
        assertThat(message.get("scheduledFor").asString()).isEqualTo(monday.toString());
        assertThat(message.at("/deferred/until").asString()).isEqualTo(monday.toString());
        assertThat(message.get("expiresAt").asString())
                .isEqualTo(monday.plus(Duration.ofDays(2)).toString());
        assertThat(message.at("/timeline")).anySatisfy(entry -> {
            assertThat(entry.get("type").asString()).isEqualTo("DEFERRED");
            assertThat(entry.at("/detail/code").asString()).isEqualTo("OUTSIDE_HOURS");
            assertThat(entry.at("/detail/rulePack").asString()).isEqualTo("GUIDE/1");
        });
    }

    @Test
    void refusesWhatIsNotWorthSendingWhenTheHoursOpen() {
        hold("GUIDE");
        awaitScheduled(
                SUNDAY.atTime(10, 0).atZone(PARIS).toInstant(),
                SUNDAY.plusDays(1).atTime(8, 0).atZone(PARIS).toInstant());

        JsonNode problem = send(Map.of(
                "to", NUMBER,
                "text", "Vente flash",
                "purpose", "marketing",
                "sendAt", SUNDAY.atTime(10, 0).atZone(PARIS).toOffsetDateTime().toString(),
                "validity", "PT1H"));

        assertThat(problem.get("code").asString()).isEqualTo("OUTSIDE_HOURS");
    }

    @Test
    void sendsCodesAtAnyHour() {
        hold("FR-STRICT");
        Instant night = SUNDAY.atTime(3, 0).atZone(PARIS).toInstant();

        JsonNode accepted = send(Map.of("to", NUMBER, "text", "1234", "purpose", "otp", "sendAt", night.toString()));

        assertThat(accepted.get("scheduledFor").asString()).isEqualTo(night.toString());
        assertThat(accepted.has("deferred")).isFalse();
    }

    @Test
    void takesARegionOfTheNumbersCountryOnly() {
        JsonNode problem = send(Map.of("to", NUMBER, "text", "a", "purpose", "service", "recipientRegion", "DE-BY"));
        assertThat(problem.at("/errors/0/pointer").asString()).isEqualTo("/recipientRegion");

        JsonNode accepted = send(Map.of("to", NUMBER, "text", "a", "purpose", "service", "recipientRegion", "FR-67"));
        assertThat(database.value(
                        "select recipient_region from aval.message where id = ?::uuid",
                        accepted.get("id").asString()))
                .isEqualTo("FR-67");
    }

    @Test
    void keepsTheZonesThatOnlyTheNumberTells() {
        database.execute("update aval.tenant set countries = '{FR,US}' where id = ?", tenant.value());
        Map<String, String> abroad = Map.of("to", "+12015550123", "text", "a", "purpose", "service");
        long end = System.nanoTime() + PATIENCE.toNanos();
        JsonNode answer = send(abroad);
        while (!answer.has("id") && System.nanoTime() < end) {
            pause();
            answer = send(abroad);
        }

        assertThat(database.value(
                        "select array_to_string(zones, ',') from aval.message where id = ?::uuid",
                        answer.at("/id").asString()))
                .isEqualTo("America/New_York");
        String home = send(Map.of("to", NUMBER, "text", "a", "purpose", "service"))
                .get("id")
                .asString();
        assertThat(database.value("select zones from aval.message where id = ?::uuid", home))
                .isNull();
    }

    @Test
    void simulatesThreePacksOnASunday() {
        String sunday = "2026-11-22T10:00:00+01:00";

        assertThat(simulated("FR-AF2M-2024", sunday).at("/until").asString()).isEqualTo("2026-11-23T07:00:00Z");
        JsonNode tolerated = simulated("FR-AF2M-2026", sunday);
        assertThat(tolerated.get("decision").asString()).isEqualTo("ALLOWED");
        assertThat(tolerated.get("checks")).anySatisfy(check -> {
            assertThat(check.get("rule").asString()).isEqualTo("hours-marketing");
            assertThat(check.get("outcome").asString()).isEqualTo("WARNED");
            assertThat(check.at("/sources/0/address").asString()).contains("af2m.org");
        });
        assertThat(simulated("FR-STRICT", sunday).get("decision").asString()).isEqualTo("DEFERRED");
        assertThat(simulated("NO-SUCH", sunday).get("code").asString()).isEqualTo("INVALID_REQUEST");
    }

    @Test
    void simulatesInGraphQlWithEachCheck() {
        dpo.document("""
                        query($t: UUID!) {
                          simulatePolicy(input: {tenantId: $t, messageClass: MARKETING, rulePack: "GUIDE", country: "RE",
                            at: "2026-11-24T20:30:00+04:00", consent: false}) {
                            decision code zones
                            checks { rule outcome code until warnings law sources }
                          }
                        }""")
                .variable("t", tenant.value())
                .execute()
                .path("simulatePolicy.decision")
                .entity(String.class)
                .isEqualTo("REFUSED")
                .path("simulatePolicy.zones[0]")
                .entity(String.class)
                .isEqualTo("Indian/Reunion")
                .path("simulatePolicy.checks[?(@.rule == 'CONSENT')].outcome")
                .entityList(String.class)
                .containsExactly("FORBIDDEN")
                .path("simulatePolicy.checks[?(@.rule == 'hours-marketing')].until")
                .entityList(String.class)
                .containsExactly("2026-11-25T04:00:00Z");
    }

    @Test
    void listsPacksWithTheirHoursAndSources() {
        dpo.document(
                        "{ rulePacks { id version hours { windows { day hours tolerated } holidays } sources { address date } } }")
                .execute()
                .path("rulePacks[?(@.id == 'FR-AF2M-2026')].hours[0].windows[?(@.day == 'SUNDAY')].tolerated")
                .entityList(Boolean.class)
                .containsExactly(true)
                .path("rulePacks[*].id")
                .entityList(String.class)
                .contains("FR-AF2M-2024", "FR-AF2M-2026", "FR-STRICT", "GUIDE");
    }

    @Test
    void leavesTheRulesToTheDpo() {
        for (Role role : Role.values()) {
            var errors = rest.graphQl(rest.token(role, tenant))
                    .document("mutation($t: UUID!) { setRulePack(tenantId: $t, rulePack: \"GUIDE\") { rulePack } }")
                    .variable("t", tenant.value())
                    .execute()
                    .returnResponse()
                    .getErrors();
            assertThat(errors).as(role.name()).hasSize(role == Role.DPO ? 0 : 1);
        }
        assertThat(database.query(
                        "select action, detail ->> 'rulePack' as pack from aval.audit_event where tenant_id = ?"
                                + " and action = 'tenant.rule-pack-set'",
                        tenant.value()))
                .singleElement()
                .satisfies(event -> assertThat(event).containsEntry("pack", "GUIDE"));
    }

    @Test
    void knowsNoPackThatIsNotThere() {
        var errors = dpo.document("mutation($t: UUID!) { setRulePack(tenantId: $t, rulePack: \"NONE\") { rulePack } }")
                .variable("t", tenant.value())
                .execute()
                .returnResponse()
                .getErrors();

        assertThat(errors)
                .extracting(error -> error.getExtensions().get("code"))
                .containsExactly("INVALID_REQUEST");
    }

    @Test
    void reloadsForAdministratorsOfAllTenants() {
        rest.graphQl(rest.token(Role.ADMIN))
                .document("mutation { reloadRulePacks { id } }")
                .execute()
                .path("reloadRulePacks[*].id")
                .entityList(String.class)
                .contains("GUIDE");
    }

    private void hold(String rulePack) {
        dpo.document("mutation($t: UUID!, $p: String!) { setRulePack(tenantId: $t, rulePack: $p) { rulePack } }")
                .variable("t", tenant.value())
                .variable("p", rulePack)
                .execute()
                .path("setRulePack.rulePack")
                .entity(String.class)
                .isEqualTo(rulePack);
    }

    /** Sends until a message is scheduled as it should be: a change of the tenant shows within two seconds. */
    private JsonNode awaitScheduled(Instant asked, Instant expected) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            JsonNode answer =
                    send(Map.of("to", NUMBER, "text", "Soldes", "purpose", "marketing", "sendAt", asked.toString()));
            if (answer.at("/scheduledFor").asString("").equals(expected.toString()) || System.nanoTime() > end) {
                assertThat(answer.at("/scheduledFor").asString("")).isEqualTo(expected.toString());
                return answer;
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private JsonNode send(Map<String, String> request) {
        return post("/v1/messages", request);
    }

    private JsonNode post(String path, Map<String, String> request) {
        return json(partner.post()
                .uri(path)
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(request)
                .exchange()
                .expectBody()
                .returnResult()
                .getResponseBody());
    }

    private JsonNode get(String path) {
        return json(
                partner.get().uri(path).exchange().expectBody().returnResult().getResponseBody());
    }

    private JsonNode simulated(String rulePack, String at) {
        return json(partner.get()
                .uri(uri -> uri.path("/v1/policy/simulate")
                        .queryParam("messageClass", "MARKETING")
                        .queryParam("rulePack", rulePack)
                        .queryParam("at", "{at}")
                        .build(at))
                .exchange()
                .expectBody()
                .returnResult()
                .getResponseBody());
    }

    private static JsonNode json(byte @Nullable [] body) {
        return JsonMapper.shared().readTree(body == null ? new byte[0] : body);
    }

    private static LocalDate sunday() {
        LocalDate sunday = LocalDate.now(PARIS).plusDays(1).with(TemporalAdjusters.nextOrSame(DayOfWeek.SUNDAY));
        while (HolidayCalendar.isHoliday("FR", null, UnknownRegion.ANY, sunday.plusDays(1))) {
            sunday = sunday.plusWeeks(1);
        }
        return sunday;
    }
}
