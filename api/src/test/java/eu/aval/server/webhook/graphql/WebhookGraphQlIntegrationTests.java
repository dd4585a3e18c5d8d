// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.webhook.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.FreshDatabase;
import eu.aval.server.GraphQlErrors;
import eu.aval.server.PlatformTest;
import eu.aval.server.RestSetup;
import eu.aval.server.access.Operator.Role;
import eu.aval.server.shared.TenantId;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.graphql.ResponseError;
import org.springframework.graphql.test.tester.GraphQlTester;
import org.springframework.graphql.test.tester.HttpGraphQlTester;

@PlatformTest
final class WebhookGraphQlIntegrationTests {

    private static final String CREATE = """
            mutation($input: CreateWebhookEndpointInput!) {
              createWebhookEndpoint(input: $input) { secret endpoint { id apiKeyId url state types keys { signature publicKey } } }
            }""";

    @Autowired
    private RestSetup rest;

    @Autowired
    private FreshDatabase database;

    private TenantId tenant;
    private HttpGraphQlTester admin;

    @BeforeEach
    void administer() {
        tenant = rest.tenant();
        admin = rest.graphQl(rest.token(Role.ADMIN));
    }

    @Test
    void showsASecretOnceAndListsEndpoints() {
        GraphQlTester.Response created =
                create(admin, Map.of("signature", "V1A", "types", List.of("message.delivered")));
        created.path("createWebhookEndpoint.secret").valueIsNull();
        created.path("createWebhookEndpoint.endpoint.keys[0].publicKey")
                .entity(String.class)
                .satisfies(key -> assertThat(key).startsWith("whpk_"));
        UUID id = created.path("createWebhookEndpoint.endpoint.id")
                .entity(UUID.class)
                .get();

        admin.document("""
                        mutation($t: UUID!, $id: UUID!) {
                          rotateWebhookSecret(input: {tenantId: $t, id: $id, signature: V1}) { secret endpoint { keys { signature } } }
                          disableWebhookEndpoint(tenantId: $t, id: $id) { state reason }
                        }""")
                .variable("t", tenant.value())
                .variable("id", id)
                .execute()
                .path("rotateWebhookSecret.secret")
                .entity(String.class)
                .satisfies(secret -> assertThat(secret).startsWith("whsec_"))
                .path("rotateWebhookSecret.endpoint.keys[*].signature")
                .entityList(String.class)
                .containsExactly("V1", "V1A")
                .path("disableWebhookEndpoint.reason")
                .entity(String.class)
                .isEqualTo("REQUESTED");
        rest.graphQl(rest.token(Role.SUPPORT))
                .document("query($t: UUID!) { tenant(id: $t) { webhookEndpoints { id state types } } }")
                .variable("t", tenant.value())
                .execute()
                .path("tenant.webhookEndpoints[*].id")
                .entityList(UUID.class)
                .containsExactly(id);
        assertThat(database.query(
                        "select action from aval.audit_event where object = ? order by id", "webhook-endpoint:" + id))
                .extracting(event -> event.get("action"))
                .containsExactly(
                        "webhook-endpoint.created", "webhook-endpoint.secret-rotated", "webhook-endpoint.disabled");
    }

    @Test
    void looksAtTheTenantFirst() {
        UUID id = create(admin, Map.of())
                .path("createWebhookEndpoint.endpoint.id")
                .entity(UUID.class)
                .get();
        HttpGraphQlTester others = rest.graphQl(rest.token(Role.ADMIN, rest.tenant()));

        for (String document : List.of(
                "mutation($t: UUID!, $id: UUID!) { deleteWebhookEndpoint(tenantId: $t, id: $id) { id } }",
                "mutation($t: UUID!, $id: UUID!) { testWebhookEndpoint(tenantId: $t, id: $id) { id } }",
                "query($t: UUID!, $id: UUID!) { webhookDeliveries(tenantId: $t, endpointId: $id) { edges { cursor } } }")) {
            assertThat(errors(others.document(document)
                            .variable("t", tenant.value())
                            .variable("id", id)
                            .execute()))
                    .containsExactly("NOT_FOUND");
        }
        TenantId own = rest.tenant();
        assertThat(errors(admin.document(
                                "mutation($t: UUID!, $id: UUID!) { deleteWebhookEndpoint(tenantId: $t, id: $id) { id } }")
                        .variable("t", own.value())
                        .variable("id", id)
                        .execute()))
                .containsExactly("NOT_FOUND");
    }

    @Test
    void listsWhatBecameOneOfTheseOnly() {
        UUID id = UUID.fromString(create(admin, Map.of("url", "https://hooks.example.invalid/"))
                .path("createWebhookEndpoint.endpoint.id")
                .entity(String.class)
                .get());
        admin.document("mutation($t: UUID!, $id: UUID!) { testWebhookEndpoint(tenantId: $t, id: $id) { outcome } }")
                .variable("t", tenant.value())
                .variable("id", id)
                .execute()
                .path("testWebhookEndpoint.outcome")
                .entity(String.class)
                .isEqualTo("UNREACHABLE");

        assertThat(outcomes(id, "UNREACHABLE", "TIMEOUT")).containsExactly("UNREACHABLE");
        assertThat(outcomes(id, "DELIVERED")).isEmpty();
        assertThat(outcomes(id)).hasSize(1);
    }

    private List<String> outcomes(UUID id, String... wanted) {
        return admin.document(
                        "query($t: UUID!, $id: UUID!, $outcome: [WebhookOutcome!]) {"
                                + " webhookDeliveries(tenantId: $t, endpointId: $id, outcome: $outcome) { edges { node { outcome } } } }")
                .variable("t", tenant.value())
                .variable("id", id)
                .variable("outcome", List.of(wanted))
                .execute()
                .path("webhookDeliveries.edges[*].node.outcome")
                .entityList(String.class)
                .get();
    }

    @Test
    void refusesPlainHttpAndAddressesThatAreNotPublic() {
        for (String url :
                List.of("http://hooks.example.com/", "https://127.0.0.1/", "https://[::1]/", "https://10.0.0.1/")) {
            assertThat(errors(create(admin, Map.of("url", url)))).containsExactly("INVALID_REQUEST");
        }
    }

    @Test
    void namesTheOverlapThatIsTooLong() {
        var errors = admin.document(
                        "mutation($t: UUID!) { rotateWebhookSecret(input: {tenantId: $t, id: $t, overlapHours: 169}) { secret } }")
                .variable("t", tenant.value())
                .execute()
                .returnResponse()
                .getErrors();

        GraphQlErrors.assertOne(errors, "INVALID_REQUEST", "/overlapHours");
    }

    @Test
    void letsTheDpoExcludeFieldsButNoSupport() {
        rest.key(tenant);
        UUID key = (UUID) database.value("select id from aval.api_key where tenant_id = ?", tenant.value());
        String exclude =
                "mutation($input: ExcludeEventFieldsInput!) { excludeEventFields(input: $input) { apiKeyId fields } }";
        HttpGraphQlTester dpo = rest.graphQl(rest.token(Role.DPO));
        assertThat(errors(rest.graphQl(rest.token(Role.SUPPORT))
                        .document(exclude)
                        .variable("input", Map.of("tenantId", tenant.value(), "fields", List.of("parts")))
                        .execute()))
                .containsExactly("FORBIDDEN");
        assertThat(errors(dpo.document(exclude)
                        .variable("input", Map.of("tenantId", tenant.value(), "fields", List.of("status")))
                        .execute()))
                .containsExactly("INVALID_REQUEST");
        GraphQlErrors.assertOne(
                dpo.document(exclude)
                        .variable("input", Map.of("tenantId", tenant.value(), "fields", List.of("parts", "recipentId")))
                        .execute()
                        .returnResponse()
                        .getErrors(),
                "INVALID_REQUEST",
                "/fields/1");

        for (int i = 0; i < 2; i++) {
            dpo.document(exclude)
                    .variable("input", Map.of("tenantId", tenant.value(), "fields", List.of("recipientId")))
                    .executeAndVerify();
            dpo.document(exclude)
                    .variable("input", Map.of("tenantId", tenant.value(), "apiKeyId", key, "fields", List.of("parts")))
                    .executeAndVerify();
        }

        dpo.document("query($t: UUID!) { tenant(id: $t) { eventExclusions { apiKeyId fields } } }")
                .variable("t", tenant.value())
                .execute()
                .path("tenant.eventExclusions[*].fields[0]")
                .entityList(String.class)
                .containsExactly("recipientId", "parts");
        dpo.document(exclude)
                .variable("input", Map.of("tenantId", tenant.value(), "fields", List.of()))
                .executeAndVerify();
        assertThat(database.number("select count(*) from aval.event_exclusion where tenant_id = ?", tenant.value()))
                .isEqualTo(1);
    }

    @Test
    void handsAnEndpointOverToAnotherKey() {
        UUID id = create(admin, Map.of())
                .path("createWebhookEndpoint.endpoint.id")
                .entity(UUID.class)
                .get();
        var client = rest.client(rest.key(tenant));
        UUID key = (UUID) database.value("select id from aval.api_key where tenant_id = ?", tenant.value());
        client.get()
                .uri("/v1/webhook-endpoints/" + id)
                .exchange()
                .expectStatus()
                .isNotFound();

        admin.document("""
                        mutation($t: UUID!, $id: UUID!, $key: UUID) {
                          handOverWebhookEndpoint(tenantId: $t, id: $id, apiKeyId: $key) { apiKeyId }
                        }""")
                .variable("t", tenant.value())
                .variable("id", id)
                .variable("key", key)
                .executeAndVerify();

        client.get()
                .uri("/v1/webhook-endpoints/" + id)
                .exchange()
                .expectStatus()
                .isOk();
    }

    private GraphQlTester.Response create(HttpGraphQlTester by, Map<String, Object> fields) {
        Map<String, Object> input = new java.util.HashMap<>();
        input.put("tenantId", tenant.value());
        input.put("url", "https://hooks.example.invalid/aval");
        input.putAll(fields);
        return by.document(CREATE).variable("input", input).execute();
    }

    private static List<Object> errors(GraphQlTester.Response response) {
        return response.returnResponse().getErrors().stream()
                .map(ResponseError::getExtensions)
                .map(extensions -> (Object) extensions.get("code"))
                .toList();
    }
}
