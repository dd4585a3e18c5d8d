// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.consent.rest;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.FreshDatabase;
import eu.aval.server.PlatformTest;
import eu.aval.server.RestSetup;
import eu.aval.server.access.ApiKey;
import eu.aval.server.access.Application.Kind;
import eu.aval.server.access.Application.Scope;
import eu.aval.server.audit.Actor;
import eu.aval.server.routing.RouteAdministration;
import eu.aval.server.routing.RouteDraft;
import eu.aval.server.shared.TenantId;
import eu.aval.server.shared.TimeOrderedId;
import java.time.YearMonth;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import reactor.test.StepVerifier;

@PlatformTest
final class ConsentRestIntegrationTests {

    private static final String CONSENTS = "/v1/consents";
    private static final String OPT_OUTS = "/v1/opt-outs";

    @Autowired
    private RestSetup rest;

    @Autowired
    private FreshDatabase database;

    @Autowired
    private RouteAdministration routes;

    private TenantId tenant;
    private WebTestClient client;

    @BeforeEach
    void makeATenantThatSends() {
        tenant = sendingTenant();
        client = rest.client(rest.key(tenant));
    }

    @Test
    void recordsConsentWithItsEvidenceSealed() {
        post(client, CONSENTS, """
                        {"to":"+33639980301","purpose":"marketing","source":"web-form","wordingVersion":"2026-01",
                         "locale":"fr-FR","evidence":"ticked the box","givenAt":"2026-01-15T09:00:00+01:00",
                         "expiresAt":"2030-01-15T09:00:00+01:00"}""")
                .expectStatus()
                .isCreated()
                .expectBody()
                .jsonPath("$.status")
                .isEqualTo("GIVEN")
                .jsonPath("$.purpose")
                .isEqualTo("marketing")
                .jsonPath("$.givenAt")
                .isEqualTo("2026-01-15T08:00:00Z")
                .jsonPath("$.evidence")
                .doesNotExist();

        var row = database.query("select * from aval.consent where tenant_id = ?", tenant.value())
                .getFirst();
        assertThat(row).containsEntry("source", "web-form").containsEntry("locale", "fr-FR");
        assertThat(new String((byte[]) row.get("evidence_sealed"), java.nio.charset.StandardCharsets.ISO_8859_1))
                .doesNotContain("ticked");
        assertThat(String.valueOf(row.get("actor"))).startsWith("key:");
    }

    @Test
    void recordsAnOptOutOnce() {
        for (int i = 0; i < 2; i++) {
            post(client, OPT_OUTS, """
                            {"to":"+33639980302","source":"phone-call"}""")
                    .expectStatus()
                    .isCreated()
                    .expectBody()
                    .jsonPath("$.all")
                    .isEqualTo(false)
                    .jsonPath("$.messageClasses")
                    .value(classes -> assertThat(classes).hasToString("[\"MARKETING\",\"SURVEY\"]"))
                    .jsonPath("$.source")
                    .isEqualTo("phone-call");
        }

        assertThat(suppressions(tenant)).isEqualTo(2);
    }

    @Test
    void recordsAnObjectionToEverythingFromOneSender() {
        post(client, OPT_OUTS, """
                        {"to":"+33639980303","all":true,"sender":"AVAL"}""")
                .expectStatus()
                .isCreated()
                .expectBody()
                .jsonPath("$.all")
                .isEqualTo(true)
                .jsonPath("$.sender")
                .isEqualTo("AVAL");

        assertThat(database.query(
                        "select sender, message_class from aval.suppression where tenant_id = ?", tenant.value()))
                .singleElement()
                .satisfies(
                        row -> assertThat(row).containsEntry("sender", "AVAL").containsEntry("message_class", "*"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"purpose\":\"marketing\",\"source\":\"shop\"} | INVALID_REQUEST | /to",
                "{\"to\":\"+33639980000\",\"purpose\":\"marketing\",\"source\":\"shop\",\"wordingVersion\":\"\\u0000\"} | INVALID_REQUEST | /wordingVersion",
                "{\"to\":\"+33639980000\",\"purpose\":\"marketing\",\"source\":\"shop\",\"evidence\":\"a\\ud800\"} | INVALID_REQUEST | /evidence",
                "{\"to\":\"+33639980000\",\"purpose\":\"marketing\",\"source\":\"shop\",\"locale\":\"fr-+33612345678\"} | INVALID_REQUEST | /locale",
                "{\"to\":\"+33639980000\",\"purpose\":\"marketing\",\"source\":\"shop\",\"expiresAt\":\"+300000-01-01T00:00:00Z\"} | INVALID_REQUEST | /expiresAt",
                "{\"to\":\"+33639980000\",\"purpose\":\"marketing\",\"source\":\"shop\",\"givenAt\":\"-5000-01-01T00:00:00Z\"} | INVALID_REQUEST | /givenAt",
                "{\"to\":\"+33639980000\",\"purpose\":\"marketing\",\"source\":\"shop\",\"locale\":5} | INVALID_REQUEST | /locale",
                "{\"to\":\"+33639980000\",\"purpose\":\"marketing\",\"source\":\"shop\",\"+33612345678\":1} | INVALID_REQUEST | /",
                "{\"to\":\"0639980000\",\"purpose\":\"marketing\",\"source\":\"shop\"} | INVALID_NUMBER | /to",
                "{\"to\":\"+33142685300\",\"purpose\":\"marketing\",\"source\":\"shop\"} | NOT_MOBILE | /to",
                "{\"to\":\"+33639980000\",\"source\":\"shop\"} | INVALID_REQUEST | /purpose",
                "{\"to\":\"+33639980000\",\"purpose\":\"marketing\"} | INVALID_REQUEST | /source",
                "{\"to\":\"+33639980000\",\"purpose\":\"marketing\",\"source\":\"+33639980000\"} | INVALID_REQUEST | /source",
                "{\"to\":\"+33639980000\",\"purpose\":\"marketing\",\"source\":\"shop\",\"status\":\"MAYBE\"} | INVALID_REQUEST | /status",
                "{\"to\":\"+33639980000\",\"purpose\":\"marketing\",\"source\":\"shop\",\"givenAt\":\"yesterday\"} | INVALID_REQUEST | /givenAt",
                "{\"to\":\"+33639980000\",\"purpose\":\"marketing\",\"source\":\"shop\",\"givenAt\":\"2099-01-01T00:00:00Z\"} | INVALID_REQUEST | /givenAt",
                "{\"to\":\"+33639980000\",\"purpose\":\"marketing\",\"source\":\"shop\",\"expiresAt\":\"2020-01-01T00:00:00Z\"} | INVALID_REQUEST | /expiresAt",
                "{\"to\":\"+33639980000\",\"purpose\":\"marketing\",\"source\":\"shop\",\"wordingVersion\":\"\"} | INVALID_REQUEST | /wordingVersion",
                "{\"to\":\"+33639980000\",\"purpose\":\"marketing\",\"source\":\"shop\",\"locale\":\"?\"} | INVALID_REQUEST | /locale",
                "{\"to\":\"+33639980000\",\"purpose\":\"marketing\",\"source\":\"shop\",\"evidence\":\" \"} | INVALID_REQUEST | /evidence",
                "{\"to\":\"+33639980000\",\"purpose\":\"marketing\",\"source\":\"shop\",\"ageBand\":\"CHILD\"} | INVALID_REQUEST | /ageBandUntil",
                "{\"to\":\"+33639980000\",\"purpose\":\"marketing\",\"source\":\"shop\",\"ageBand\":\"CHILD\",\"ageBandUntil\":\"2020-01\"} | INVALID_REQUEST | /ageBandUntil",
                "{\"to\":\"+33639980000\",\"purpose\":\"marketing\",\"source\":\"shop\",\"ageBand\":\"CHILD\",\"ageBandUntil\":\"2090-01\"} | INVALID_REQUEST | /ageBandUntil",
                "{\"to\":\"+33639980000\",\"purpose\":\"marketing\",\"source\":\"shop\",\"ageBandUntil\":\"2030-01\"} | INVALID_REQUEST | /ageBand",
                "{\"to\":\"+33639980000\",\"purpose\":\"marketing\",\"source\":\"shop\",\"ageBand\":\"ADULT\",\"ageBandUntil\":\"2030-01\"} | INVALID_REQUEST | /ageBandUntil",
                "{\"to\":\"+33639980000\",\"purpose\":\"marketing\",\"source\":\"shop\",\"givenBy\":\"GUARDIAN\"} | INVALID_REQUEST | /evidence",
                "{\"to\":\"+33639980000\",\"purpose\":\"marketing\",\"source\":\"shop\",\"givenBy\":\"UNCLE\",\"evidence\":\"x\"} | INVALID_REQUEST | /givenBy"
            })
    void refusesAConsentWithAnInvalidField(String body, String code, String pointer) {
        refused(post(client, CONSENTS, body), 422, code)
                .jsonPath("$.errors[0].pointer")
                .isEqualTo(pointer);

        assertThat(consents(tenant)).isZero();
    }

    @Test
    void refusesAConsentThatNamesTwoPeople() {
        String body = consent("+33639980304").replace("}", ",\"to\":\"+33639980305\"}");

        refused(post(client, CONSENTS, body), 422, "INVALID_REQUEST")
                .jsonPath("$.errors[0].code")
                .isEqualTo("DUPLICATE_FIELD");

        assertThat(consents(tenant)).isZero();
    }

    @Test
    void refusesAConsentForAPurposeThatIsNotDeclared() {
        refused(
                post(client, CONSENTS, consent("+33639980304").replace("marketing", "unheard")),
                422,
                "PURPOSE_UNKNOWN");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | INVALID_REQUEST | /to",
                "{\"to\":\"+33639980000\",\"all\":\"true\"} | INVALID_REQUEST | /all",
                "{\"to\":\"+33639980000\",\"all\":1} | INVALID_REQUEST | /all",
                "{\"to\":\"+33142685300\"} | NOT_MOBILE | /to",
                "{\"to\":\"+33639980000\",\"messageClasses\":[]} | INVALID_REQUEST | /messageClasses",
                "{\"to\":\"+33639980000\",\"messageClasses\":[\"MARKETING\"],\"all\":true} | INVALID_REQUEST | /messageClasses",
                "{\"to\":\"+33639980000\",\"messageClasses\":[\"MARKETING\",\"SPAM\"]} | INVALID_REQUEST | /messageClasses/1",
                "{\"to\":\"+33639980000\",\"sender\":\"TOO LONG A SENDER\"} | INVALID_REQUEST | /sender",
                "{\"to\":\"+33639980000\",\"sender\":\"OTHER\"} | SENDER_NOT_DECLARED | /sender",
                "{\"to\":\"+33639980000\",\"source\":\"call from 0639980000\"} | INVALID_REQUEST | /source"
            })
    void refusesAnOptOutWithAnInvalidField(String body, String code, String pointer) {
        refused(post(client, OPT_OUTS, body), 422, code)
                .jsonPath("$.errors[0].pointer")
                .isEqualTo(pointer);

        assertThat(suppressions(tenant)).isZero();
    }

    @Test
    void holdsAKeyToItsScopesAndPurposes() {
        WebTestClient sends = rest.client(rest.key(tenant, Scope.MESSAGES_SEND, Scope.OPT_OUTS_WRITE));
        WebTestClient consents = rest.client(rest.key(new ApiKey.Draft(
                tenant, "otp", Kind.LIVE, Set.of(Scope.CONSENTS_WRITE), Set.of("otp"), null, 1_000, null, Set.of())));

        refused(post(sends, CONSENTS, consent("+33639980305")), 403, "FORBIDDEN");
        refused(post(consents, OPT_OUTS, optOut("+33639980305")), 403, "FORBIDDEN");
        refused(post(consents, CONSENTS, consent("+33639980305")), 403, "PURPOSE_NOT_GRANTED");
        post(sends, OPT_OUTS, optOut("+33639980305")).expectStatus().isCreated();

        assertThat(consents(tenant)).isZero();
    }

    @Test
    void sendsMarketingOnlyBetweenConsentAndObjection() {
        refused(post(client, "/v1/messages", marketing("+33639980306")), 422, "NO_CONSENT");

        post(client, CONSENTS, consent("+33639980306")).expectStatus().isCreated();
        post(client, "/v1/messages", marketing("+33639980306")).expectStatus().isAccepted();

        post(client, OPT_OUTS, optOut("+33639980306")).expectStatus().isCreated();
        refused(post(client, "/v1/messages", marketing("+33639980306")), 422, "SUPPRESSED");
    }

    @Test
    void sendsNoMarketingAfterAWithdrawal() {
        post(client, CONSENTS, consent("+33639980307")).expectStatus().isCreated();
        post(client, CONSENTS, consent("+33639980307").replace("}", ",\"status\":\"WITHDRAWN\"}"))
                .expectStatus()
                .isCreated();

        refused(post(client, "/v1/messages", marketing("+33639980307")), 422, "NO_CONSENT");
    }

    @Test
    void leavesOtherTenantsAlone() {
        TenantId stranger = sendingTenant();
        WebTestClient strangers = rest.client(rest.key(stranger));
        post(strangers, CONSENTS, consent("+33639980308")).expectStatus().isCreated();

        refused(post(client, "/v1/messages", marketing("+33639980308")), 422, "NO_CONSENT");
        post(client, OPT_OUTS, optOut("+33639980308")).expectStatus().isCreated();

        post(strangers, "/v1/messages", marketing("+33639980308"))
                .expectStatus()
                .isAccepted();
        assertThat(suppressions(stranger)).isZero();
        assertThat(consents(tenant)).isZero();
    }

    @Test
    void joinsTheConsentsOfAChildAndAGuardian() {
        String child = "+33639980311";
        String until = inYears(1);
        post(client, CONSENTS, child(child, "CHILD", until, null))
                .expectStatus()
                .isCreated();
        post(client, CONSENTS, guardian(child))
                .expectStatus()
                .isCreated()
                .expectBody()
                .jsonPath("$.givenBy")
                .isEqualTo("GUARDIAN");

        var rows = database.query(
                "select id, given_by, joined_with from aval.consent where tenant_id = ? order by recorded_at",
                tenant.value());
        assertThat(rows.get(0)).containsEntry("given_by", "RECIPIENT").containsEntry("joined_with", null);
        assertThat(rows.get(1))
                .containsEntry("given_by", "GUARDIAN")
                .containsEntry("joined_with", rows.get(0).get("id"));
        assertThat(database.query(
                        "select age_band, age_band_until from aval.subject where tenant_id = ?", tenant.value()))
                .singleElement()
                .satisfies(row -> {
                    assertThat(row).containsEntry("age_band", "CHILD");
                    assertThat(row.get("age_band_until"))
                            .hasToString(YearMonth.parse(until)
                                    .plusMonths(1)
                                    .atDay(1)
                                    .toString());
                });
    }

    @Test
    void takesNoGuardianForSomebodyWhoIsNoChild() {
        refused(post(client, CONSENTS, guardian("+33639980312")), 422, "INVALID_REQUEST")
                .jsonPath("$.errors[0].code")
                .isEqualTo("NOT_A_CHILD");
        assertThat(consents(tenant)).isZero();
    }

    @Test
    void makesNobodyOlderWithoutEvidence() {
        String child = "+33639980313";
        post(client, CONSENTS, child(child, "CHILD", inYears(1), null))
                .expectStatus()
                .isCreated();

        refused(post(client, CONSENTS, child(child, "ADULT", null, null)), 422, "INVALID_REQUEST")
                .jsonPath("$.errors[0].pointer")
                .isEqualTo("/evidence");
        post(client, CONSENTS, child(child, "ADULT", null, "identity card seen"))
                .expectStatus()
                .isCreated();
        assertThat(database.value("select age_band from aval.subject where tenant_id = ?", tenant.value()))
                .isEqualTo("ADULT");
        assertThat(database.query(
                        "select detail->>'older' as older from aval.audit_event where tenant_id = ? and action = 'recipient.age-band-declared' order by id",
                        tenant.value()))
                .extracting(row -> row.get("older"))
                .containsExactly("false", "true");
    }

    private static String inYears(int years) {
        return YearMonth.now(java.time.ZoneOffset.UTC).plusYears(years).toString();
    }

    private static String child(String to, String band, @Nullable String until, @Nullable String evidence) {
        return "{\"to\":\"" + to + "\",\"purpose\":\"marketing\",\"source\":\"web-form\",\"ageBand\":\"" + band + "\""
                + (until == null ? "" : ",\"ageBandUntil\":\"" + until + "\"")
                + (evidence == null ? "" : ",\"evidence\":\"" + evidence + "\"")
                + "}";
    }

    private static String guardian(String to) {
        return "{\"to\":\"" + to + "\",\"purpose\":\"marketing\",\"source\":\"paper\",\"givenBy\":\"GUARDIAN\","
                + "\"evidence\":\"signed form\"}";
    }

    private static WebTestClient.ResponseSpec post(WebTestClient client, String path, String body) {
        return client.post()
                .uri(path)
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(body)
                .exchange();
    }

    private static WebTestClient.BodyContentSpec refused(WebTestClient.ResponseSpec response, int status, String code) {
        return response.expectStatus()
                .isEqualTo(status)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo(code);
    }

    private static String consent(String to) {
        return "{\"to\":\"" + to + "\",\"purpose\":\"marketing\",\"source\":\"web-form\"}";
    }

    private static String optOut(String to) {
        return "{\"to\":\"" + to + "\"}";
    }

    private static String marketing(String to) {
        return "{\"to\":\"" + to + "\",\"text\":\"Soldes\",\"purpose\":\"marketing\"}";
    }

    private long consents(TenantId whose) {
        return database.number("select count(*) from aval.consent where tenant_id = ?", whose.value());
    }

    private long suppressions(TenantId whose) {
        return database.number("select count(*) from aval.suppression where tenant_id = ?", whose.value());
    }

    private TenantId sendingTenant() {
        TenantId id = rest.tenant();
        database.execute(
                "insert into aval.purpose (id, tenant_id, key, message_class, legal_basis, retention_class)"
                        + " values (?, ?, 'marketing', 'MARKETING', 'CONSENT', 'CAMPAIGN')",
                TimeOrderedId.next(),
                id.value());
        database.execute(
                "insert into aval.sender (id, tenant_id, value, kind, is_default)"
                        + " values (?, ?, 'AVAL', 'ALPHANUMERIC', true)",
                TimeOrderedId.next(),
                id.value());
        UUID account = TimeOrderedId.next();
        database.execute(
                "insert into aval.carrier_account (id, name, carrier_id, processing_countries)"
                        + " values (?, ?, 'none', '{FR}')",
                account,
                "a-" + account.toString().substring(24));
        StepVerifier.create(routes.create(id, new RouteDraft(account, 1, null, null, null, true, null), Actor.SYSTEM))
                .expectNextCount(1)
                .verifyComplete();
        return id;
    }
}
