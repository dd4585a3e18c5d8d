// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access.graphql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import eu.aval.server.FreshDatabase;
import eu.aval.server.PlatformTest;
import eu.aval.server.RestSetup;
import eu.aval.server.SendingSetup;
import eu.aval.server.access.Operator.Role;
import eu.aval.server.access.OperatorIdentities;
import eu.aval.server.access.OperatorToken;
import eu.aval.server.access.OperatorTokens;
import eu.aval.server.access.Unmask;
import eu.aval.server.audit.Actor;
import eu.aval.server.personaldata.PersonalDataHolder;
import eu.aval.server.personaldata.PlaintextAccess;
import eu.aval.server.shared.TenantId;
import graphql.schema.GraphQLObjectType;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.graphql.ResponseError;
import org.springframework.graphql.execution.GraphQlSource;
import org.springframework.graphql.test.tester.GraphQlTester;
import org.springframework.graphql.test.tester.HttpGraphQlTester;
import org.springframework.http.MediaType;
import reactor.core.publisher.Flux;

/** What people see in clear, and what is left of it in the access journal. */
@PlatformTest
@ExtendWith(OutputCaptureExtension.class)
final class UnmaskIntegrationTests {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String NUMBER = "+33639980017";
    private static final String TEXT = "Table for two at eight";
    private static final String REFERENCE = "guest-martin";
    private static final String UNMASK = """
            mutation($unmask: UnmaskInput!, $fields: [UnmaskableField!]!) {
              unmaskMessage(unmask: $unmask, fields: $fields) {
                __typename
                ... on Unmasked { recordId entryId %s gaps { field reason } }
                ... on UnmaskRefused { recordId entryId gaps { field reason } }
              }
            }""";

    @Autowired
    private RestSetup rest;

    @Autowired
    private SendingSetup sending;

    @Autowired
    private FreshDatabase database;

    @Autowired
    private GraphQlSource source;

    @Autowired
    private OperatorTokens tokens;

    @Autowired
    private OperatorIdentities identities;

    @Autowired
    private List<PersonalDataHolder> holders;

    private TenantId tenant;
    private HttpGraphQlTester dpo;

    @BeforeEach
    void send() {
        tenant = sending.tenant();
        dpo = rest.graphQl(rest.token(Role.DPO, tenant));
    }

    @Test
    void showsAMessageInClearOnceItsEntryIsWritten(CapturedOutput output) {
        UUID message = message(true, "retain");

        GraphQlTester.Response answer =
                unmask(dpo, message, "number text clientReference", "NUMBER", "TEXT", "CLIENT_REFERENCE");

        answer.path("unmaskMessage.number")
                .entity(String.class)
                .isEqualTo(NUMBER)
                .path("unmaskMessage.text")
                .entity(String.class)
                .isEqualTo(TEXT)
                .path("unmaskMessage.clientReference")
                .entity(String.class)
                .isEqualTo(REFERENCE)
                .path("unmaskMessage.gaps")
                .entityList(Object.class)
                .hasSize(0);
        Map<String, @Nullable Object> entry = entries().getFirst();
        assertThat(entry.get("id"))
                .hasToString(answer.path("unmaskMessage.entryId")
                        .entity(String.class)
                        .get());
        assertThat(entry)
                .containsEntry("action", "UNMASKED")
                .containsEntry("record_kind", "MESSAGE")
                .containsEntry("record_id", message)
                .containsEntry("reason", "COMPLAINT")
                .containsEntry("reference", "CASE-17")
                .containsEntry("roles", "{DPO}")
                .containsEntry("fields", "{CLIENT_REFERENCE,NUMBER,TEXT}")
                .containsEntry("shown", 3)
                .containsEntry(
                        "subject_id",
                        database.value("select id from aval.subject where tenant_id = ?", tenant.value()));
        assertThat(entry.toString())
                .doesNotContain("6399")
                .doesNotContain("Table")
                .doesNotContain("martin");
        assertThat(output.getAll()).doesNotContain(NUMBER).doesNotContain(TEXT).doesNotContain(REFERENCE);
    }

    @ParameterizedTest
    @EnumSource
    void showsEachFieldToThoseOnlyWhoMayReadIt(Role role) {
        UUID message = message(true, "retain");
        HttpGraphQlTester operator = rest.graphQl(rest.token(role, tenant));

        for (Unmask.Field field : List.of(Unmask.Field.NUMBER, Unmask.Field.TEXT, Unmask.Field.CLIENT_REFERENCE)) {
            GraphQlTester.Request<?> request = request(operator, message, "recordId", field.name());
            assertThat(codes(request).contains("FORBIDDEN"))
                    .as(role + " unmasks " + field)
                    .isNotEqualTo(field.roles().contains(role));
        }
        assertThat(entries()).as("what was refused is no access").hasSize((int)
                List.of(Unmask.Field.NUMBER, Unmask.Field.TEXT, Unmask.Field.CLIENT_REFERENCE).stream()
                        .filter(field -> field.roles().contains(role))
                        .count());
    }

    @Test
    void hasTheRulesThatTheSchemaDeclares() {
        GraphQLObjectType type = source.schema().getObjectType("Unmasked");

        assertThat(Map.of(
                        "number", Unmask.Field.NUMBER,
                        "text", Unmask.Field.TEXT,
                        "clientReference", Unmask.Field.CLIENT_REFERENCE,
                        "evidence", Unmask.Field.EVIDENCE,
                        "subject", Unmask.Field.SUBJECT))
                .hasSameSizeAs(Unmask.Field.values())
                .allSatisfy((name, field) -> assertThat(FieldRules.of(type, type.getFieldDefinition(name)))
                        .isEqualTo(field.roles()));
    }

    @Test
    void saysWhatIsNotThereAndShowsTheRest() {
        UUID message = message(false, "discard");

        unmask(dpo, message, "number text clientReference", "NUMBER", "TEXT", "CLIENT_REFERENCE")
                .path("unmaskMessage.number")
                .entity(String.class)
                .isEqualTo(NUMBER)
                .path("unmaskMessage.text")
                .valueIsNull()
                .path("unmaskMessage.gaps[*].reason")
                .entityList(String.class)
                .contains("DISCARDED", "NEVER_GIVEN");
    }

    @Test
    void refusesWhatNobodyCanReadAnyMoreAndKeepsThatItWasAskedFor() {
        UUID message = message(true, "retain");
        UUID subject = (UUID) database.value("select id from aval.subject where tenant_id = ?", tenant.value());
        Flux.fromStream(holders.stream().sorted(Comparator.comparing(PersonalDataHolder::order)))
                .concatMap(holder -> holder.erase(tenant, subject))
                .collectList()
                .block(PATIENCE);

        unmask(dpo, message, "text", "NUMBER", "TEXT")
                .path("unmaskMessage.__typename")
                .entity(String.class)
                .isEqualTo("UnmaskRefused")
                .path("unmaskMessage.gaps[*].reason")
                .entityList(String.class)
                .containsExactly("ERASED", "ERASED");

        assertThat(entries())
                .singleElement()
                .satisfies(entry -> assertThat(entry).containsEntry("shown", 0));
    }

    @Test
    void knowsNothingOfAnotherTenant() {
        UUID message = message(true, "retain");
        TenantId other = rest.tenant();
        HttpGraphQlTester stranger = rest.graphQl(rest.token(Role.DPO, other));

        assertThat(codes(request(stranger, message, "text", "TEXT"))).containsExactly("NOT_FOUND");
        assertThat(codes(stranger.document(UNMASK.formatted("text"))
                        .variable("unmask", Map.of("tenantId", tenant.value(), "id", message, "reason", "INCIDENT"))
                        .variable("fields", List.of("TEXT"))))
                .containsExactly("NOT_FOUND");
        assertThat(entries()).isEmpty();
    }

    @Test
    void showsNothingThatCannotBeWrittenDown(CapturedOutput output) {
        UUID message = message(true, "retain");
        database.execute("revoke insert on aval.access_entry from aval_app");
        try {
            var response = request(dpo, message, "number text", "NUMBER", "TEXT")
                    .execute()
                    .returnResponse();

            assertThat(response.getErrors()).hasSize(1);
            assertThat(response.toMap().toString()).doesNotContain(NUMBER).doesNotContain(TEXT);
        } finally {
            database.execute("grant insert on aval.access_entry to aval_app");
        }
        assertThat(output.getAll()).doesNotContain(NUMBER).doesNotContain(TEXT);
        assertThat(entries()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update aval.access_entry set reason = 'INCIDENT' where tenant_id = '%s'",
                "delete from aval.access_entry where tenant_id = '%s'",
                "truncate aval.access_entry"
            })
    void letsNobodyChangeWhatIsInTheJournal(String change) {
        unmask(dpo, message(true, "retain"), "text", "TEXT");
        String statement = change.formatted(tenant);

        assertThatThrownBy(() -> database.appClient().sql(statement).then().block(PATIENCE))
                .hasStackTraceContaining("permission denied");
        assertThatThrownBy(() -> database.platformClient().sql(statement).then().block(PATIENCE))
                .hasStackTraceContaining("permission denied");
        assertThatThrownBy(() -> database.execute(statement))
                .as("the superuser, and so the owner")
                .hasStackTraceContaining("append-only");
        assertThatThrownBy(() -> database.execute("truncate aval.access_entry_"
                        + database.value("select to_char(now() at time zone 'UTC', 'YYYYMM')")))
                .hasStackTraceContaining("append-only");
        assertThat(entries()).hasSize(1);
    }

    @Test
    void hasASegmentForEachOfTheNextMonths() {
        assertThat(database.number("select count(*) from pg_inherits where inhparent = 'aval.access_entry'::regclass"))
                .isGreaterThanOrEqualTo(5);
    }

    @Test
    void tellsThePersonWhenAndWhyAndNotWho() {
        unmask(dpo, message(true, "retain"), "text", "TEXT");
        UUID subject = (UUID) database.value("select id from aval.subject where tenant_id = ?", tenant.value());
        PersonalDataHolder journal = holders.stream()
                .filter(holder -> holder.name().equals("access-journal"))
                .findFirst()
                .orElseThrow();

        List<Map<String, Object>> told = Flux.from(
                        journal.export(tenant, subject, PlaintextAccess.forDataSubjectExport()))
                .collectList()
                .block(PATIENCE);

        assertThat(told)
                .singleElement()
                .satisfies(entry -> assertThat(entry)
                        .containsEntry("record", "MESSAGE")
                        .containsEntry("reason", "COMPLAINT")
                        .containsOnlyKeys("at", "action", "record", "reason"));
    }

    @Test
    void showsSoManyRecordsAMinuteToOnePerson() {
        UUID message = message(true, "retain");

        // One more each two seconds that this takes
        int shown = 0;
        List<String> codes = codes(request(dpo, message, "recordId", "NUMBER"));
        while (codes.isEmpty() && shown < 300) {
            shown++;
            codes = codes(request(dpo, message, "recordId", "NUMBER"));
        }
        assertThat(codes).containsExactly("QUOTA_EXCEEDED");
        assertThat(shown).isGreaterThanOrEqualTo(30);
        assertThat(entries()).hasSize(shown);
        unmask(rest.graphQl(rest.token(Role.DPO, tenant)), message, "text", "TEXT")
                .path("unmaskMessage.text")
                .hasValue();
    }

    @Test
    void showsAFewRecordsInOneRequest() {
        UUID message = message(true, "retain");
        StringBuilder query = new StringBuilder("mutation { ");
        for (int i = 0; i < 6; i++) {
            query.append("a%d: unmaskMessage(unmask: {id: \"%s\", reason: INCIDENT}, fields: [TEXT]) { __typename } "
                    .formatted(i, message));
        }

        assertThat(codes(dpo.document(query + "}"))).containsExactly("QUERY_TOO_COSTLY");
        assertThat(entries()).isEmpty();
    }

    @Test
    void takesNoReasonInWordsAndNoFieldThatTheRecordHasNot() {
        UUID message = message(true, "retain");

        assertThat(errors(dpo.document(UNMASK.formatted("text"))
                                .variable(
                                        "unmask",
                                        Map.of("id", message, "reason", "INCIDENT", "reference", "call " + NUMBER))
                                .variable("fields", List.of("TEXT")))
                        .toString())
                .contains("INVALID_REQUEST", "/reference")
                .doesNotContain("6399");
        assertThat(codes(request(dpo, message, "text", "EVIDENCE"))).containsExactly("INVALID_REQUEST");
        assertThat(codes(request(dpo, message, "text"))).containsExactly("INVALID_REQUEST");
        assertThat(entries()).isEmpty();
    }

    @Test
    void showsNothingToSomebodyWhoseTokenHasEnded() {
        UUID message = message(true, "retain");
        var issued = tokens.issue(new OperatorToken.Draft(tenant, "test", Role.DPO, null), Actor.SYSTEM)
                .blockOptional(PATIENCE)
                .orElseThrow();
        HttpGraphQlTester operator = rest.graphQl(issued.secret());
        unmask(operator, message, "text", "TEXT");

        tokens.revoke(issued.value().id(), Actor.SYSTEM).block(PATIENCE);

        rest.client(issued.secret())
                .post()
                .uri("/graphql")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(Map.of("query", "{ operator { id } }"))
                .exchange()
                .expectStatus()
                .isUnauthorized();
        assertThat(entries()).hasSize(1);
    }

    @Test
    void showsTheEvidenceOfAConsent() {
        rest.client(rest.key(tenant))
                .post()
                .uri("/v1/consents")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(Map.of(
                        "to", NUMBER, "purpose", "marketing", "source", "shop", "evidence", "signed by Camille Martin"))
                .exchange()
                .expectStatus()
                .is2xxSuccessful();
        Object consent = database.value("select id from aval.consent where tenant_id = ?", tenant.value());

        dpo.document(
                        "mutation($unmask: UnmaskInput!) { unmaskConsent(unmask: $unmask) { ... on Unmasked { evidence } } }")
                .variable("unmask", Map.of("id", String.valueOf(consent), "reason", "SUPERVISORY_AUTHORITY"))
                .execute()
                .path("unmaskConsent.evidence")
                .entity(String.class)
                .isEqualTo("signed by Camille Martin");
        assertThat(entries().getFirst()).containsEntry("record_kind", "CONSENT").containsEntry("record_id", consent);
    }

    @Test
    void tellsAnAuditorWhoIsBehindAnId() {
        var identity = identities
                .of("https://login.example.com", "camille")
                .blockOptional(PATIENCE)
                .orElseThrow();
        HttpGraphQlTester auditor = rest.graphQl(rest.token(Role.AUDITOR));
        String query =
                "mutation($id: UUID!) { unmaskOperator(id: $id, reason: INCIDENT) { ... on Unmasked { subject entryId } } }";

        auditor.document(query)
                .variable("id", identity.id())
                .execute()
                .path("unmaskOperator.subject")
                .entity(String.class)
                .isEqualTo("camille");

        auditor.document(
                        "query($id: UUID!) { accessJournal(recordKind: OPERATOR, recordId: $id) { edges { node { tenantId shown } } } }")
                .variable("id", identity.id())
                .execute()
                .path("accessJournal.edges[*].node.shown")
                .entityList(Integer.class)
                .containsExactly(1);
        assertThat(codes(rest.graphQl(rest.token(Role.AUDITOR, tenant))
                        .document(query)
                        .variable("id", identity.id())))
                .containsExactly("FORBIDDEN");
    }

    @Test
    void listsTheJournalByWhatOneAsks() {
        UUID message = message(true, "retain");
        unmask(dpo, message, "text", "TEXT");
        dpo.document("{ optOutsByNumber(lookUp: {number: \"%s\", reason: INCIDENT}) { pageInfo { endCursor } } }"
                        .formatted(NUMBER))
                .execute()
                .path("optOutsByNumber")
                .hasValue();
        dpo.document(
                        "{ consentsByNumber(lookUp: {number: \"+33639981111\", reason: INCIDENT}) { pageInfo { endCursor } } }")
                .execute()
                .path("consentsByNumber")
                .hasValue();
        String me = dpo.document("{ operator { id } }")
                .execute()
                .path("operator.id")
                .entity(String.class)
                .get();
        Object person = database.value("select id from aval.subject where tenant_id = ?", tenant.value());

        assertThat(kinds(Map.of())).containsExactly("CONSENT", "OPT_OUT", "MESSAGE");
        assertThat(kinds(Map.of("operatorId", me))).hasSize(3);
        assertThat(kinds(Map.of("operatorId", message))).isEmpty();
        assertThat(kinds(Map.of("action", "UNMASKED"))).containsExactly("MESSAGE");
        assertThat(kinds(Map.of("recordKind", "OPT_OUT"))).containsExactly("OPT_OUT");
        assertThat(kinds(Map.of("recordId", message))).containsExactly("MESSAGE");
        assertThat(kinds(Map.of("recipientId", String.valueOf(person)))).containsExactly("OPT_OUT", "MESSAGE");
        assertThat(kinds(Map.of("reason", "COMPLAINT"))).containsExactly("MESSAGE");
        assertThat(kinds(Map.of("from", "2020-01-01T00:00:00Z"))).hasSize(3);
        assertThat(kinds(Map.of("before", "2020-01-01T00:00:00Z"))).isEmpty();
        GraphQlTester.Response page = journal(Map.of("first", 2)).execute();
        page.path("accessJournal.pageInfo.hasNextPage").entity(Boolean.class).isEqualTo(true);
        assertThat(kinds(Map.of(
                        "after",
                        page.path("accessJournal.pageInfo.endCursor")
                                .entity(String.class)
                                .get())))
                .containsExactly("MESSAGE");
        assertThat(codes(rest.graphQl(rest.token(Role.AUDITOR, rest.tenant()))
                        .document("query($t: UUID) { accessJournal(tenantId: $t) { pageInfo { endCursor } } }")
                        .variable("t", tenant.value())))
                .containsExactly("NOT_FOUND");
        rest.graphQl(rest.token(Role.AUDITOR, rest.tenant()))
                .document("{ accessJournal { edges { cursor } } }")
                .execute()
                .path("accessJournal.edges")
                .entityList(Object.class)
                .hasSize(0);
    }

    private List<String> kinds(Map<String, Object> arguments) {
        return journal(arguments)
                .execute()
                .path("accessJournal.edges[*].node.recordKind")
                .entityList(String.class)
                .get();
    }

    private GraphQlTester.Request<?> journal(Map<String, Object> arguments) {
        GraphQlTester.Request<?> request = dpo.document("""
                query($operatorId: UUID, $action: AccessAction, $recordKind: RecordKind, $recordId: UUID, $recipientId: UUID,
                    $reason: LookUpReason, $from: DateTime, $before: DateTime, $first: Int! = 20, $after: String) {
                  accessJournal(operatorId: $operatorId, action: $action, recordKind: $recordKind, recordId: $recordId,
                      recipientId: $recipientId, reason: $reason, from: $from, before: $before, first: $first, after: $after) {
                    edges { node { id tenantId at operatorId roles session action recordKind recordId recipientId fields reason
                      reference shown } }
                    pageInfo { hasNextPage endCursor }
                  }
                }""");
        arguments.forEach(request::variable);
        return request;
    }

    private UUID message(boolean reference, String privacy) {
        Map<String, Object> body = new HashMap<>(
                Map.of("to", NUMBER, "text", TEXT, "purpose", "service", "privacy", Map.of("text", privacy)));
        if (reference) {
            body.put("clientReference", REFERENCE);
        }
        byte[] accepted = rest.client(rest.key(tenant))
                .post()
                .uri("/v1/messages")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(body)
                .exchange()
                .expectStatus()
                .isAccepted()
                .expectBody()
                .jsonPath("$.id")
                .exists()
                .returnResult()
                .getResponseBodyContent();
        UUID id = UUID.fromString(tools.jackson.databind.json.JsonMapper.shared()
                .readTree(accepted)
                .get("id")
                .asString());
        await(id);
        return id;
    }

    private void await(UUID message) {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!Set.of("DELIVERED")
                .contains(String.valueOf(database.value("select status from aval.message where id = ?", message)))) {
            assertThat(System.nanoTime()).as("delivered in time").isLessThan(end);
            Flux.just(1).delayElements(Duration.ofMillis(50)).blockLast(PATIENCE);
        }
    }

    private List<Map<String, @Nullable Object>> entries() {
        return database.query(
                "select id, action, record_kind, record_id, subject_id, reason, reference, roles::text, fields::text, shown"
                        + " from aval.access_entry where tenant_id = ? order by id",
                tenant.value());
    }

    private static GraphQlTester.Response unmask(
            HttpGraphQlTester operator, UUID message, String shown, String... fields) {
        return request(operator, message, shown, fields).execute();
    }

    private static GraphQlTester.Request<?> request(
            HttpGraphQlTester operator, UUID message, String shown, String... fields) {
        return operator.document(UNMASK.formatted(shown))
                .variable("unmask", Map.of("id", message, "reason", "COMPLAINT", "reference", "CASE-17"))
                .variable("fields", List.of(fields));
    }

    private static List<String> codes(GraphQlTester.Request<?> request) {
        return errors(request).stream()
                .map(error -> String.valueOf(error.getExtensions().get("code")))
                .toList();
    }

    private static List<ResponseError> errors(GraphQlTester.Request<?> request) {
        return request.execute().returnResponse().getErrors();
    }
}
