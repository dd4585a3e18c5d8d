// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.FreshDatabase;
import eu.aval.server.PlatformTest;
import eu.aval.server.RestSetup;
import eu.aval.server.SendingSetup;
import eu.aval.server.StatementLog;
import eu.aval.server.access.Operator.Role;
import eu.aval.server.shared.TenantId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.graphql.ResponseError;
import org.springframework.graphql.test.tester.GraphQlTester;
import org.springframework.graphql.test.tester.HttpGraphQlTester;

@PlatformTest
final class LookUpIntegrationTests {

    private static final String NUMBER = "+33639980000";
    private static final String EVERYTHING = """
            query($lookUp: LookUpInput!, $first: Int! = 20, $after: String, $purpose: String, $status: [MessageStatus!],
                $from: DateTime, $before: DateTime) {
              messagesByNumber(lookUp: $lookUp, first: $first, after: $after, purpose: $purpose, status: $status,
                  acceptedFrom: $from, acceptedBefore: $before) {
                edges { cursor node {
                  id tenantId status final to country from purpose text encoding parts partsDelivered attempts simulated
                  acceptedAt expiresAt
                  verdict { decision code why facts { purpose legalBasis suppressionCheckedAt sender country countryRule decidedAt gate } }
                  timeline { at type attempt part carrierAccount carrierMessageId outcome state applied details { name value } }
                  submittedParts { attempt part carrierMessageId state }
                  receipts { receivedAt state applied raw }
                } }
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
    private HttpGraphQlTester dpo;

    @BeforeEach
    void send() {
        tenant = sending.tenant();
        dpo = rest.graphQl(rest.token(Role.DPO, tenant));
    }

    @Test
    void showsAMessageWithAllThatIsOnRecordMasked() {
        sending.deliver(tenant, NUMBER, 1);

        GraphQlTester.Response answer =
                lookUp(dpo, Map.of("number", NUMBER, "reason", "DATA_SUBJECT_REQUEST"), Map.of());

        answer.path("messagesByNumber.edges[0].node.status")
                .entity(String.class)
                .isEqualTo("DELIVERED")
                .path("messagesByNumber.edges[0].node.final")
                .entity(Boolean.class)
                .isEqualTo(true)
                .path("messagesByNumber.edges[0].node.to")
                .entity(String.class)
                .isEqualTo("+33*******00")
                .path("messagesByNumber.edges[0].node.text")
                .entity(String.class)
                .isEqualTo("*".repeat("Text of message 0".length()))
                .path("messagesByNumber.edges[0].node.verdict.decision")
                .entity(String.class)
                .isEqualTo("ALLOWED")
                .path("messagesByNumber.edges[0].node.verdict.facts.legalBasis")
                .entity(String.class)
                .isEqualTo("CONTRACT")
                .path("messagesByNumber.edges[0].node.verdict.facts.suppressionCheckedAt")
                .hasValue()
                .path("messagesByNumber.edges[0].node.timeline[*].type")
                .entityList(String.class)
                .contains("ACCEPTED", "ATTEMPT", "OUTCOME", "RECEIPT")
                .path("messagesByNumber.edges[0].node.submittedParts[*].state")
                .entityList(String.class)
                .containsExactly("DELIVERED")
                .path("messagesByNumber.edges[0].node.receipts[*].applied")
                .entityList(Boolean.class)
                .contains(true);
        assertThat(answer.path("messagesByNumber").entity(Map.class).get().toString())
                .doesNotContain("639980000")
                .doesNotContain("Text of");
    }

    @Test
    void keepsWhoAndWhyInTheJournalAndNotTheNumber() {
        sending.deliver(tenant, NUMBER, 2);

        lookUp(dpo, Map.of("number", NUMBER, "reason", "COMPLAINT", "reference", "CASE-17"), Map.of());
        lookUp(dpo, Map.of("number", "+33639981111", "reason", "INCIDENT"), Map.of());

        List<Map<String, @Nullable Object>> journal = database.query(
                "select actor, subject_id, roles::text, reason, reference, shown from aval.access_entry"
                        + " where tenant_id = ? and action = 'LOOKED_UP' and record_kind = 'MESSAGE' order by id",
                tenant.value());
        Object subject = database.value("select id from aval.subject where tenant_id = ?", tenant.value());
        assertThat(journal).hasSize(2);
        assertThat(String.valueOf(journal.getFirst().get("actor"))).startsWith("operator:");
        assertThat(journal.getFirst())
                .containsEntry("subject_id", subject)
                .containsEntry("reason", "COMPLAINT")
                .containsEntry("reference", "CASE-17")
                .containsEntry("roles", "{DPO}")
                .containsEntry("shown", 2);
        assertThat(journal.getLast()).containsEntry("subject_id", null).containsEntry("shown", 0);
        assertThat(journal.toString()).doesNotContain("6399");
    }

    @Test
    void readsAPageOfAnySizeInAsManyStatements() {
        sending.deliver(tenant, NUMBER, 25);
        Map<String, Object> wanted = Map.of("number", NUMBER, "reason", "DATA_SUBJECT_REQUEST");
        lookUp(dpo, wanted, Map.of("first", 1));

        List<String> one = statements(wanted, 1);
        List<String> many = statements(wanted, 25);

        assertThat(one).anyMatch(statement -> statement.contains("aval.receipt"));
        assertThat(many).as("statements for 25 messages").hasSameSizeAs(one);
    }

    @Test
    void goesThroughPages() {
        sending.deliver(tenant, NUMBER, 5);
        sending.deliver(tenant, "+33639980001", 1);
        Map<String, Object> wanted = Map.of("number", NUMBER, "reason", "SUPPORT_REQUEST");
        List<String> seen = new ArrayList<>();

        Map<String, Object> arguments = new HashMap<>(Map.of("first", 2));
        boolean more = true;
        while (more) {
            GraphQlTester.Response page = lookUp(dpo, wanted, arguments);
            seen.addAll(page.path("messagesByNumber.edges[*].node.id")
                    .entityList(String.class)
                    .get());
            more = page.path("messagesByNumber.pageInfo.hasNextPage")
                    .entity(Boolean.class)
                    .get();
            arguments.put(
                    "after",
                    page.path("messagesByNumber.pageInfo.endCursor")
                            .entity(String.class)
                            .get());
        }

        assertThat(seen).hasSize(5).doesNotHaveDuplicates().isSortedAccordingTo((a, b) -> b.compareTo(a));
    }

    @Test
    void filters() {
        sending.deliver(tenant, NUMBER, 2);
        Map<String, Object> wanted = Map.of("number", NUMBER, "reason", "SUPPORT_REQUEST");

        assertThat(found(wanted, Map.of("purpose", "service", "status", List.of("DELIVERED"))))
                .isEqualTo(2);
        assertThat(found(wanted, Map.of("purpose", "otp"))).isZero();
        assertThat(found(wanted, Map.of("status", List.of("QUEUED")))).isZero();
        assertThat(found(wanted, Map.of("from", "2020-01-01T00:00:00Z"))).isEqualTo(2);
        assertThat(found(wanted, Map.of("before", "2020-01-01T00:00:00Z"))).isZero();
    }

    @Test
    void showsNothingOfAnotherTenant() {
        sending.deliver(tenant, NUMBER, 1);
        HttpGraphQlTester other = rest.graphQl(rest.token(Role.DPO, rest.tenant()));

        lookUp(other, Map.of("number", NUMBER, "reason", "SUPPORT_REQUEST"), Map.of())
                .path("messagesByNumber.edges")
                .entityList(Object.class)
                .hasSize(0);
        assertThat(errors(other, Map.of("number", NUMBER, "reason", "SUPPORT_REQUEST", "tenantId", tenant.value())))
                .extracting(error -> error.getExtensions().get("code"))
                .containsExactly("NOT_FOUND");
    }

    @Test
    void asksOperatorsOfAllTenantsWhoseData() {
        sending.deliver(tenant, NUMBER, 1);
        HttpGraphQlTester all = rest.graphQl(rest.token(Role.SUPPORT));

        assertThat(errors(all, Map.of("number", NUMBER, "reason", "SUPPORT_REQUEST"))
                        .toString())
                .contains("/tenantId");
        assertThat(errors(
                        all,
                        Map.of(
                                "number", NUMBER,
                                "reason", "SUPPORT_REQUEST",
                                "tenantId", "00000000-0000-0000-0000-000000000000")))
                .extracting(error -> error.getExtensions().get("code"))
                .containsExactly("NOT_FOUND");
        lookUp(all, Map.of("number", NUMBER, "reason", "SUPPORT_REQUEST", "tenantId", tenant.value()), Map.of())
                .path("messagesByNumber.edges")
                .entityList(Object.class)
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0639980000 | CASE-1 | INVALID_NUMBER | /number",
                "+33 6 39 98 00 00 | CASE-1 | INVALID_NUMBER | /number",
                "+33639980000' or 1=1 | CASE-1 | INVALID_NUMBER | /number",
                "+33639980000 | she called from +33639980000 | INVALID_REQUEST | /reference",
                "+33639980000 | 33639980000 | INVALID_REQUEST | /reference",
                "+33639980000 | '' | INVALID_REQUEST | /reference"
            })
    void repeatsNothingOfWhatItRefuses(String number, String reference, String code, String pointer) {
        List<ResponseError> errors =
                errors(dpo, Map.of("number", number, "reason", "INCIDENT", "reference", reference));

        assertThat(errors).hasSize(1);
        assertThat(errors.getFirst().getExtensions()).containsEntry("code", code);
        assertThat(errors.toString()).contains(pointer).doesNotContain("39980").doesNotContain("39 98");
        assertThat(database.number("select count(*) from aval.access_entry where tenant_id = ?", tenant.value()))
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ messagesByNumber(lookUp: {number: +33639980000}) { edges { cursor } } }",
                "{ messagesByNumber(lookUp: {number: 33639980000, reason: INCIDENT}) { edges { cursor } } }",
                "{ messagesByNumber(lookUp: {number: \"+33639980000\", reason: \"+33639980000\"}) { edges { cursor } } }",
                "{ messagesByNumber(number: \"+33639980000\") { edges { cursor } } }"
            })
    void repeatsNothingOfAQueryThatItCannotRead(String query) {
        List<ResponseError> errors = dpo.mutate()
                .header("Accept-Language", "de")
                .build()
                .document(query)
                .execute()
                .returnResponse()
                .getErrors();

        assertThat(errors)
                .isNotEmpty()
                .allSatisfy(error -> assertThat(error.getExtensions()).containsEntry("code", "MALFORMED_REQUEST"));
        assertThat(errors.toString()).doesNotContain("39980");
    }

    @ParameterizedTest
    @CsvSource({"0, ''", "-5, ''", "101, ''", "20, nonsense", "20, AAAAAAAAAAAAAAAAAAAAA!"})
    void refusesPagesThatAreNone(int first, String after) {
        assertThat(dpo.document(
                                "query($first: Int!, $after: String) { messagesByNumber(lookUp: {number: \"+33639980000\","
                                        + " reason: INCIDENT}, first: $first, after: $after) { pageInfo { endCursor } } }")
                        .variable("first", first)
                        .variable("after", after.isEmpty() ? null : after)
                        .execute()
                        .returnResponse()
                        .getErrors())
                .extracting(error -> error.getExtensions().get("code"))
                .containsExactly("INVALID_REQUEST");
    }

    @Test
    void countsWhatAPageCosts() {
        String page = "a%d: messagesByNumber(lookUp: {number: \"+33639980000\", reason: INCIDENT}, first: 100)"
                + " { edges { node { id status to text timeline { at type state } } } } ";
        StringBuilder query = new StringBuilder("{ ");
        for (int i = 0; i < 6; i++) {
            query.append(page.formatted(i));
        }

        assertThat(dpo.document(query + "}").execute().returnResponse().getErrors())
                .extracting(error -> error.getExtensions().get("code"))
                .containsExactly("QUERY_TOO_COSTLY");
    }

    @Test
    void countsAPageOfDefaultSizeToo() {
        String page = "a%d: messagesByNumber(lookUp: {number: \"+33639980000\", reason: INCIDENT})"
                + " { edges { node { id status to text timeline { at type state } } } } ";
        StringBuilder query = new StringBuilder("{ ");
        for (int i = 0; i < 30; i++) {
            query.append(page.formatted(i));
        }

        assertThat(dpo.document(query + "}").execute().returnResponse().getErrors())
                .extracting(error -> error.getExtensions().get("code"))
                .containsExactly("QUERY_TOO_COSTLY");
    }

    private List<String> statements(Map<String, Object> wanted, int first) {
        try (StatementLog log = new StatementLog()) {
            lookUp(dpo, wanted, Map.of("first", first))
                    .path("messagesByNumber.edges[*].node.timeline")
                    .entityList(Object.class)
                    .hasSize(first);
            return log.ofTenants(database);
        }
    }

    private int found(Map<String, Object> wanted, Map<String, Object> arguments) {
        return lookUp(dpo, wanted, arguments)
                .path("messagesByNumber.edges")
                .entityList(Object.class)
                .get()
                .size();
    }

    private static List<ResponseError> errors(HttpGraphQlTester operator, Map<String, Object> wanted) {
        return request(operator, wanted, Map.of()).execute().returnResponse().getErrors();
    }

    private static GraphQlTester.Response lookUp(
            HttpGraphQlTester operator, Map<String, Object> wanted, Map<String, Object> arguments) {
        return request(operator, wanted, arguments).execute();
    }

    private static GraphQlTester.Request<?> request(
            HttpGraphQlTester operator, Map<String, Object> wanted, Map<String, Object> arguments) {
        GraphQlTester.Request<?> request = operator.document(EVERYTHING).variable("lookUp", wanted);
        arguments.forEach(request::variable);
        return request;
    }
}
