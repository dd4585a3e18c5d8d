// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.FreshDatabase;
import eu.aval.server.PlatformTest;
import eu.aval.server.RestSetup;
import eu.aval.server.access.Operator.Role;
import eu.aval.server.shared.TimeOrderedId;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.graphql.ResponseError;
import org.springframework.graphql.test.tester.HttpGraphQlTester;
import org.springframework.http.MediaType;

@PlatformTest
final class AdministrationIntegrationTests {

    @Autowired
    private RestSetup rest;

    @Autowired
    private FreshDatabase database;

    @Test
    void refusesWhoHasNoToken() {
        rest.client()
                .post()
                .uri("/graphql")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(Map.of("query", "{ operator { id } }"))
                .exchange()
                .expectStatus()
                .isUnauthorized()
                .expectHeader()
                .contentType(MediaType.APPLICATION_PROBLEM_JSON);
    }

    @Test
    void refusesApiKeysOfApplications() {
        rest.client(rest.key(rest.tenant()))
                .post()
                .uri("/graphql")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(Map.of("query", "{ operator { id } }"))
                .exchange()
                .expectStatus()
                .isUnauthorized();
    }

    @Test
    void setsUpATenantAndItsKey() {
        var admin = admin();
        var key = "t" + TimeOrderedId.next().toString().replace("-", "");

        var tenant = admin.document(
                        "mutation($key: String!) { createTenant(input: {key: $key, name: \"One\"}) { id } }")
                .variable("key", key)
                .execute()
                .path("createTenant.id")
                .entity(UUID.class)
                .get();
        var secret = admin.document("""
                        mutation($tenant: UUID!) {
                          issueApiKey(input: {tenantId: $tenant, name: "shop", kind: LIVE, scopes: [MESSAGES_READ]}) {
                            secret apiKey { id tenantId requestsPerSecond revokedAt }
                          }
                        }
                        """)
                .variable("tenant", tenant)
                .execute()
                .path("issueApiKey.apiKey.tenantId")
                .entity(UUID.class)
                .isEqualTo(tenant)
                .path("issueApiKey.apiKey.requestsPerSecond")
                .entity(Integer.class)
                .isEqualTo(50)
                .path("issueApiKey.secret")
                .entity(String.class)
                .get();

        rest.client(secret).get().uri("/v1/nothing").exchange().expectStatus().isNotFound();
        var trail = database.query(
                "select action, actor, detail::text as detail from aval.audit_event where tenant_id = ? order by id",
                tenant);
        assertThat(trail).extracting(event -> event.get("action")).containsExactly("tenant.created", "api-key.issued");
        assertThat(trail)
                .allSatisfy(event -> assertThat((String) event.get("actor")).startsWith("operator:"));
        assertThat(trail.toString()).doesNotContain(secret).doesNotContain("shop");
    }

    @Test
    void endsAKey() {
        var tenant = rest.tenant();
        var secret = rest.key(tenant);
        var admin = admin();
        var id = admin.document("query($id: UUID!) { tenant(id: $id) { apiKeys { id } } }")
                .variable("id", tenant.value())
                .execute()
                .path("tenant.apiKeys[0].id")
                .entity(UUID.class)
                .get();

        admin.document("mutation($t: UUID!, $id: UUID!) { revokeApiKey(tenantId: $t, id: $id) { revokedAt } }")
                .variable("t", tenant.value())
                .variable("id", id)
                .execute()
                .path("revokeApiKey.revokedAt")
                .hasValue();

        rest.client(secret).get().uri("/v1/nothing").exchange().expectStatus().isUnauthorized();
    }

    @Test
    void lendsNoRoleToAnother() {
        for (var role : Role.values()) {
            var errors = rest.graphQl(rest.token(role))
                    .document("mutation { createTenant(input: {key: \"9\", name: \"\"}) { id } }")
                    .execute()
                    .returnResponse()
                    .getErrors();
            assertThat(errors)
                    .extracting(AdministrationIntegrationTests::code)
                    .containsExactly(role == Role.ADMIN ? "INVALID_REQUEST" : "FORBIDDEN");
        }
    }

    /** deploy/README.md, "A DPO without a token": as it stands there, by the login that is named there. */
    @Test
    void makesATokenADposByTheStatementOfTheReadme() throws IOException, SQLException {
        String readme = Files.readString(Path.of("../deploy/README.md"));
        var block = Pattern.compile("```sql\\n(update aval\\.operator_token .*?)```", Pattern.DOTALL)
                .matcher(readme);
        assertThat(block.find()).isTrue();
        var secret = rest.token(Role.SUPPORT);
        var prefix = secret.split("_")[2];
        var statement = block.group(1).replace("...", prefix);

        try (Connection platform = DriverManager.getConnection(jdbc(database.platformUrl()))) {
            assertThat(platform.createStatement().executeUpdate(statement)).isEqualTo(1);
        }

        assertThat(rest.graphQl(secret)
                        .document("{ operator { roles } }")
                        .execute()
                        .path("operator.roles[0]")
                        .entity(String.class)
                        .get())
                .isEqualTo("DPO");
    }

    private static String jdbc(String url) {
        var address = URI.create(url);
        var login = address.getUserInfo().split(":");
        return "jdbc:postgresql://" + address.getHost() + ":" + address.getPort() + address.getPath() + "?user="
                + login[0] + "&password=" + login[1];
    }

    @Test
    void showsAnOperatorOfOneTenantNoOther() {
        var own = rest.tenant();
        var other = rest.tenant();
        var admin = rest.graphQl(rest.token(Role.ADMIN, own));

        admin.document("{ tenants { id } }")
                .execute()
                .path("tenants[*].id")
                .entityList(UUID.class)
                .containsExactly(own.value());
        admin.document("query($id: UUID!) { tenant(id: $id) { key } }")
                .variable("id", other.value())
                .execute()
                .path("tenant")
                .valueIsNull();
        assertThat(admin.document("""
                                mutation($t: UUID!) {
                                  issueApiKey(input: {tenantId: $t, name: "x", kind: LIVE, scopes: [MESSAGES_READ]}) { secret }
                                }
                                """)
                        .variable("t", other.value())
                        .execute()
                        .returnResponse()
                        .getErrors())
                .extracting(AdministrationIntegrationTests::code)
                .containsExactly("NOT_FOUND");
        assertThat(admin.document("mutation { issueOperatorToken(input: {name: \"x\", role: ADMIN}) { secret } }")
                        .execute()
                        .returnResponse()
                        .getErrors())
                .extracting(AdministrationIntegrationTests::code)
                .containsExactly("FORBIDDEN");
    }

    @Test
    void letsADpoAndNoAdministratorMakeADpo() {
        var tenant = rest.tenant();

        assertThat(admin().document("mutation { issueOperatorToken(input: {name: \"x\", role: DPO}) { secret } }")
                        .execute()
                        .returnResponse()
                        .getErrors())
                .extracting(AdministrationIntegrationTests::code)
                .containsExactly("FORBIDDEN");

        String secret = rest.graphQl(rest.token(Role.DPO))
                .document("""
                        mutation($t: UUID!) {
                          issueDpoToken(input: {tenantId: $t, name: "Deputy"}) { secret token { role tenantId } }
                        }
                        """)
                .variable("t", tenant.value())
                .execute()
                .path("issueDpoToken.token.role")
                .entity(String.class)
                .isEqualTo("DPO")
                .path("issueDpoToken.secret")
                .entity(String.class)
                .get();

        var deputy = rest.graphQl(secret);
        deputy.document("{ operator { roles } }")
                .execute()
                .path("operator.roles")
                .entityList(String.class)
                .containsExactly("DPO");
        assertThat(deputy.document("mutation { issueDpoToken(input: {name: \"Of all tenants\"}) { secret } }")
                        .execute()
                        .returnResponse()
                        .getErrors())
                .extracting(AdministrationIntegrationTests::code)
                .containsExactly("FORBIDDEN");
    }

    @Test
    void showsASecretThatIsShownOnceThoughAnotherFieldFails() {
        var response = admin().document("""
                        mutation($t: UUID!) {
                          issueApiKey(input: {tenantId: $t, name: "x", kind: LIVE, scopes: [MESSAGES_READ]}) { secret }
                          retirePurpose(tenantId: $t, key: "nothing") { key }
                        }
                        """)
                .variable("t", rest.tenant().value())
                .execute()
                .returnResponse();

        assertThat(response.getErrors())
                .extracting(AdministrationIntegrationTests::code)
                .containsExactly("NOT_FOUND");
        assertThat(response.field("issueApiKey.secret").<String>getValue()).startsWith("aval_live_");
        assertThat(response.field("retirePurpose").<Object>getValue()).isNull();
    }

    @Test
    void showsWhatSomebodyMaySeeBesideWhatTheyMayNot() {
        var tenant = rest.tenant();

        var response = rest.graphQl(rest.token(Role.SUPPORT))
                .document("query($t: UUID!) { tenant(id: $t) { id apiKeys { id } } }")
                .variable("t", tenant.value())
                .execute()
                .returnResponse();

        assertThat(response.getErrors())
                .extracting(AdministrationIntegrationTests::code)
                .containsExactly("FORBIDDEN");
        assertThat(response.field("tenant.id").<String>getValue()).isEqualTo(tenant.toString());
    }

    @Test
    void refusesWhatWouldNeverWork() {
        var errors = admin().document("""
                        mutation($t: UUID!) {
                          issueApiKey(input: {tenantId: $t, name: "", kind: LIVE, scopes: [], expiresAt: "2020-01-01T00:00:00Z"}) { secret }
                          issueOperatorToken(input: {name: "", role: SUPPORT, expiresAt: "2020-01-01T00:00:00Z"}) { secret }
                        }
                        """)
                .variable("t", rest.tenant().value())
                .execute()
                .returnResponse()
                .getErrors();

        assertThat(errors)
                .extracting(AdministrationIntegrationTests::pointers)
                .containsExactlyInAnyOrder(List.of("/name", "/scopes", "/expiresAt"), List.of("/name", "/expiresAt"));
    }

    @Test
    void namesTheArgumentThatIsWrong() {
        var response = rest.graphQl(rest.token(Role.DPO))
                .document("mutation($t: UUID!) { setResidency(id: $t, countries: [\"XX\"]) { id } }")
                .variable("t", rest.tenant().value())
                .execute()
                .returnResponse();

        assertThat(response.getErrors())
                .extracting(AdministrationIntegrationTests::pointers)
                .containsExactly(List.of("/countries"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"+999999999-12-31T23:59:59Z", "+10000-01-01T00:00:00Z", "-0001-01-01T00:00:00Z"})
    void takesNoYearsThatTheFormatDoesNotHave(String moment) {
        assertThat(rest.graphQl(rest.token(Role.AUDITOR))
                        .document("query($from: DateTime!) { accessJournal(from: $from) { edges { cursor } } }")
                        .variable("from", moment)
                        .execute()
                        .returnResponse()
                        .getErrors())
                .extracting(AdministrationIntegrationTests::code)
                .containsExactly("MALFORMED_REQUEST");
    }

    @Test
    void saysWhichCharacterCannotBeKept() {
        assertThat(admin().document(
                                "mutation($name: String!) { createTenant(input: {key: \"nul\", name: $name}) { id } }")
                        .variable("name", "a\u0000b")
                        .execute()
                        .returnResponse()
                        .getErrors())
                .extracting(AdministrationIntegrationTests::code)
                .containsExactly("INVALID_REQUEST");
    }

    @Test
    void readsTheKeysOfAllTenantsAtOnce() {
        for (int i = 0; i < 5; i++) {
            rest.key(rest.tenant());
        }
        database.execute("create extension if not exists pg_stat_statements");

        admin().document("{ tenants { apiKeys { prefix } } }")
                .execute()
                .path("tenants[*].apiKeys[*].prefix")
                .entityList(String.class)
                .satisfies(prefixes -> assertThat(prefixes).hasSizeGreaterThanOrEqualTo(5));
    }

    @Test
    void tellsOfTheWholeServerOnlyThoseWhoSeeEveryTenant() {
        assertThat(metrics(rest.token(Role.AUDITOR))).isNotEqualTo(403);
        assertThat(metrics(rest.token(Role.AUDITOR, rest.tenant()))).isEqualTo(403);
        assertThat(metrics(rest.token(Role.DPO))).isEqualTo(403);
    }

    private int metrics(String token) {
        return rest.client(token)
                .get()
                .uri("/actuator/info")
                .exchange()
                .expectBody()
                .returnResult()
                .getStatus()
                .value();
    }

    @Test
    void refusesQueriesThatAreTooDeep() {
        var query = "{ __schema { types " + "{ fields { type ".repeat(8) + "{ name }" + " } }".repeat(8) + " } }";

        assertThat(admin().document(query).execute().returnResponse().getErrors())
                .extracting(AdministrationIntegrationTests::code)
                .containsExactly("QUERY_TOO_COSTLY");
    }

    @Test
    void refusesQueriesThatCostTooMuch() {
        var query = new StringBuilder("{");
        for (int i = 0; i < 1300; i++) {
            query.append(" a").append(i).append(": operator { id name roles }");
        }

        assertThat(admin().document(query + " }").execute().returnResponse().getErrors())
                .extracting(AdministrationIntegrationTests::code)
                .containsExactly("QUERY_TOO_COSTLY");
    }

    @Test
    void repeatsNothingOfWhatItCannotRead() {
        var errors = admin().document("query($id: UUID!) { tenant(id: $id) { id } }")
                .variable("id", "+33639981234")
                .execute()
                .returnResponse()
                .getErrors();

        assertThat(errors).hasSize(1);
        assertThat(errors.toString()).doesNotContain("33639981234");
    }

    private HttpGraphQlTester admin() {
        return rest.graphQl(rest.token(Role.ADMIN));
    }

    private static List<Object> pointers(ResponseError error) {
        return ((List<?>) error.getExtensions().get("errors"))
                .stream()
                        .<Object>map(field -> ((Map<?, ?>) field).get("pointer"))
                        .toList();
    }

    private static Object code(ResponseError error) {
        return error.getExtensions().get("code");
    }
}
