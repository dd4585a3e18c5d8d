// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.consent.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.FreshDatabase;
import eu.aval.server.PlatformTest;
import eu.aval.server.RestSetup;
import eu.aval.server.SendingSetup;
import eu.aval.server.access.Operator.Role;
import eu.aval.server.shared.TenantId;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.graphql.test.tester.GraphQlTester;
import org.springframework.graphql.test.tester.HttpGraphQlTester;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;

@PlatformTest
final class PermissionIntegrationTests {

    private static final String NUMBER = "+33639980000";
    private static final String CONSENTS = """
            query($lookUp: LookUpInput!, $purpose: String, $first: Int! = 20, $after: String) {
              consentsByNumber(lookUp: $lookUp, purpose: $purpose, first: $first, after: $after) {
                edges { node { id purpose status givenBy joinedWith ageBand inForce givenAt recordedAt source wordingVersion locale hasEvidence expiresAt } }
                pageInfo { hasNextPage endCursor }
              }
            }
            """;
    private static final String OPT_OUTS = """
            query($lookUp: LookUpInput!, $first: Int! = 20, $after: String) {
              optOutsByNumber(lookUp: $lookUp, first: $first, after: $after) {
                edges { node { id sender messageClass source recordedAt liftedAt } }
                pageInfo { hasNextPage endCursor }
              }
            }
            """;

    @Autowired
    private RestSetup rest;

    @Autowired
    private SendingSetup sending;

    @Autowired
    private FreshDatabase database;

    private TenantId tenant;
    private WebTestClient application;
    private HttpGraphQlTester dpo;

    @BeforeEach
    void open() {
        tenant = sending.tenant();
        application = rest.client(rest.key(tenant));
        dpo = rest.graphQl(rest.token(Role.DPO, tenant));
    }

    @Test
    void showsTheLedgerNewestFirstWithoutTheEvidence() {
        consent("{\"to\": \"%s\", \"purpose\": \"marketing\", \"source\": \"shop\", \"evidence\": \"from 192.0.2.7\"}");
        consent("{\"to\": \"%s\", \"purpose\": \"survey\", \"source\": \"shop\"}");
        consent("{\"to\": \"%s\", \"purpose\": \"marketing\", \"source\": \"phone\", \"status\": \"WITHDRAWN\"}");

        GraphQlTester.Response answer = look(CONSENTS, Map.of());

        answer.path("consentsByNumber.edges[*].node.purpose")
                .entityList(String.class)
                .containsExactly("marketing", "survey", "marketing")
                .path("consentsByNumber.edges[*].node.inForce")
                .entityList(Boolean.class)
                .containsExactly(false, true, false)
                .path("consentsByNumber.edges[*].node.hasEvidence")
                .entityList(Boolean.class)
                .containsExactly(false, false, true);
        assertThat(answer.path("consentsByNumber").entity(Map.class).get().toString())
                .doesNotContain("192.0.2.7")
                .doesNotContain("639980000");
        look(CONSENTS, Map.of("purpose", "survey"))
                .path("consentsByNumber.edges")
                .entityList(Object.class)
                .hasSize(1);
        GraphQlTester.Response first = look(CONSENTS, Map.of("first", 2));
        look(
                        CONSENTS,
                        Map.of(
                                "first",
                                2,
                                "after",
                                first.path("consentsByNumber.pageInfo.endCursor")
                                        .entity(String.class)
                                        .get()))
                .path("consentsByNumber.edges")
                .entityList(Object.class)
                .hasSize(1)
                .path("consentsByNumber.pageInfo.hasNextPage")
                .entity(Boolean.class)
                .isEqualTo(false);
    }

    @Test
    void showsTheTwoRecordsOfAChildWithoutItsBirthday() {
        String until =
                String.valueOf(java.time.Year.now(java.time.ZoneOffset.UTC).getValue() + 2);
        consent(
                "{\"to\": \"%s\", \"purpose\": \"survey\", \"source\": \"shop\", \"ageBand\": \"CHILD\", \"ageBandUntil\": \""
                        + until + "-05\"}");
        consent("{\"to\": \"%s\", \"purpose\": \"survey\", \"source\": \"shop\", \"givenBy\": \"GUARDIAN\","
                + " \"evidence\": \"signed\"}");

        GraphQlTester.Response answer = look(CONSENTS, Map.of());

        answer.path("consentsByNumber.edges[*].node.givenBy")
                .entityList(String.class)
                .containsExactly("GUARDIAN", "RECIPIENT")
                .path("consentsByNumber.edges[*].node.ageBand")
                .entityList(String.class)
                .containsExactly("CHILD", "CHILD");
        assertThat(answer.path("consentsByNumber.edges[0].node.joinedWith")
                        .entity(String.class)
                        .get())
                .isEqualTo(answer.path("consentsByNumber.edges[1].node.id")
                        .entity(String.class)
                        .get());
        assertThat(answer.path("consentsByNumber").entity(Map.class).get().toString())
                .doesNotContain(until + "-0");
    }

    @Test
    void showsOptOutsAlsoOfWhoHasBeenErased() {
        application
                .post()
                .uri("/v1/opt-outs")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue("{\"to\": \"" + NUMBER + "\"}")
                .exchange()
                .expectStatus()
                .isCreated();
        database.execute("update aval.suppression set subject_id = null where tenant_id = ?", tenant.value());

        look(OPT_OUTS, Map.of())
                .path("optOutsByNumber.edges[*].node.messageClass")
                .entityList(String.class)
                .satisfies(classes -> assertThat(classes).containsExactlyInAnyOrder("MARKETING", "SURVEY"))
                .path("optOutsByNumber.edges[0].node.liftedAt")
                .valueIsNull();
        look(OPT_OUTS, Map.of("first", 1))
                .path("optOutsByNumber.pageInfo.hasNextPage")
                .entity(Boolean.class)
                .isEqualTo(true);
    }

    @Test
    void writesEachLookIntoTheJournal() {
        consent("{\"to\": \"%s\", \"purpose\": \"marketing\", \"source\": \"shop\"}");

        look(CONSENTS, Map.of());
        look(OPT_OUTS, Map.of());

        UUID subject = (UUID) database.value("select id from aval.subject where tenant_id = ?", tenant.value());
        assertThat(database.query(
                        "select record_kind, subject_id, reason from aval.access_entry where tenant_id = ? order by id",
                        tenant.value()))
                .hasSize(2)
                .allSatisfy(event -> assertThat(event).containsEntry("subject_id", subject))
                .allSatisfy(event -> assertThat(event.toString())
                        .contains("DATA_SUBJECT_REQUEST")
                        .doesNotContain("639980000"))
                .extracting(event -> event.get("record_kind"))
                .containsExactly("CONSENT", "OPT_OUT");
    }

    private GraphQlTester.Response look(String query, Map<String, Object> arguments) {
        GraphQlTester.Request<?> request =
                dpo.document(query).variable("lookUp", Map.of("number", NUMBER, "reason", "DATA_SUBJECT_REQUEST"));
        arguments.forEach(request::variable);
        return request.execute();
    }

    private void consent(String body) {
        application
                .post()
                .uri("/v1/consents")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(body.formatted(NUMBER))
                .exchange()
                .expectStatus()
                .is2xxSuccessful();
    }
}
