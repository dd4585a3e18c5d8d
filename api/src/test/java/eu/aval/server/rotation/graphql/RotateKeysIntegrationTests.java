// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.rotation.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.GraphQlErrors;
import eu.aval.server.PlatformTest;
import eu.aval.server.RestSetup;
import eu.aval.server.access.Operator.Role;
import eu.aval.server.shared.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.graphql.ResponseError;
import org.springframework.graphql.test.tester.GraphQlTester;

/** Under the server's own settings: its node does the work. */
@PlatformTest
final class RotateKeysIntegrationTests {

    private static final String ROTATE = """
            mutation($kind: KeyKind!, $tenant: UUID) {
              rotateKeys(input: {kind: $kind, tenantId: $tenant}) { id tenantId kind state step key startedBy }
            }""";

    private static final String LIST = """
            query($tenant: UUID, $first: Int! = 20, $after: String) {
              keyRotations(tenantId: $tenant, first: $first, after: $after) {
                edges { node { id tenantId kind state step key carried remaining waitingFor failure startedAt finishedAt } }
                pageInfo { hasNextPage endCursor }
              }
            }""";

    @Autowired
    private RestSetup rest;

    @Test
    void rotatesInTheBackground() throws InterruptedException {
        TenantId tenant = rest.tenant();
        String admin = rest.token(Role.ADMIN);

        rotate(admin, "AEAD", tenant)
                .path("rotateKeys.state")
                .entity(String.class)
                .isEqualTo("RUNNING")
                .path("rotateKeys.tenantId")
                .entity(UUID.class)
                .isEqualTo(tenant.value())
                .path("rotateKeys.startedBy")
                .entity(String.class)
                .satisfies(actor -> assertThat(actor).startsWith("operator:"));

        Instant end = Instant.now().plus(Duration.ofMinutes(2));
        while (!step(admin, tenant).equals("DISABLE")) {
            assertThat(Instant.now()).as("waited too long").isBefore(end);
            Thread.sleep(200);
        }
        list(admin, tenant, 20, null)
                .path("keyRotations.edges[0].node.key")
                .hasValue()
                .path("keyRotations.edges[0].node.failure")
                .valueIsNull()
                .path("keyRotations.edges[0].node.remaining")
                .entity(Integer.class)
                .isEqualTo(0);
    }

    @Test
    void refusesASecondOneOfTheSameKeys() {
        TenantId tenant = rest.tenant();
        String admin = rest.token(Role.ADMIN);
        rotate(admin, "PRF", tenant).path("rotateKeys.id").hasValue();

        assertThat(code(rotate(admin, "PRF", tenant))).containsExactly("CONFLICT");
    }

    @Test
    void isForAdministratorsOnly() {
        TenantId tenant = rest.tenant();
        for (Role role : Role.values()) {
            if (role != Role.ADMIN) {
                String token = rest.token(role);
                assertThat(code(rotate(token, "AEAD", tenant))).as(role.name()).containsExactly("FORBIDDEN");
                assertThat(code(list(token, tenant, 20, null))).as(role.name()).containsExactly("FORBIDDEN");
            }
        }
    }

    @Test
    void keepsOperatorsOfOneTenantToIt() {
        TenantId theirs = rest.tenant();
        TenantId other = rest.tenant();
        String own = rest.token(Role.ADMIN, theirs);
        rotate(rest.token(Role.ADMIN), "AEAD", other).path("rotateKeys.id").hasValue();

        rotate(own, "AEAD", theirs).path("rotateKeys.id").hasValue();
        assertThat(code(rotate(own, "AEAD", other))).containsExactly("NOT_FOUND");
        assertThat(code(rotate(own, "KEK", null))).containsExactly("FORBIDDEN");
        assertThat(code(rotate(own, "PRF", null))).containsExactly("FORBIDDEN");
        assertThat(code(list(own, other, 20, null))).containsExactly("NOT_FOUND");
        list(own, null, 20, null)
                .path("keyRotations.edges[*].node.tenantId")
                .entityList(UUID.class)
                .containsExactly(theirs.value());
    }

    @Test
    void refusesTheKeyEncryptionKeyOfATenant() {
        var errors = rotate(rest.token(Role.ADMIN), "KEK", rest.tenant())
                .returnResponse()
                .getErrors();

        GraphQlErrors.assertOne(errors, "INVALID_REQUEST", "/tenantId");
    }

    @Test
    void refusesATenantThatIsNotThere() {
        assertThat(code(rotate(rest.token(Role.ADMIN), "AEAD", new TenantId(UUID.randomUUID()))))
                .containsExactly("NOT_FOUND");
    }

    @Test
    void listsInPages() {
        TenantId tenant = rest.tenant();
        String admin = rest.token(Role.ADMIN);
        rotate(admin, "AEAD", tenant).path("rotateKeys.id").hasValue();
        rotate(admin, "PRF", tenant).path("rotateKeys.id").hasValue();

        String cursor = list(admin, tenant, 1, null)
                .path("keyRotations.edges[*].node.kind")
                .entityList(String.class)
                .containsExactly("PRF")
                .path("keyRotations.pageInfo.hasNextPage")
                .entity(Boolean.class)
                .isEqualTo(true)
                .path("keyRotations.pageInfo.endCursor")
                .entity(String.class)
                .get();
        list(admin, tenant, 1, cursor)
                .path("keyRotations.edges[*].node.kind")
                .entityList(String.class)
                .containsExactly("AEAD")
                .path("keyRotations.pageInfo.hasNextPage")
                .entity(Boolean.class)
                .isEqualTo(false);

        assertThat(code(list(admin, tenant, 0, null))).containsExactly("INVALID_REQUEST");
        assertThat(code(list(admin, tenant, 1, "elsewhere"))).containsExactly("INVALID_REQUEST");
    }

    private GraphQlTester.Response rotate(String token, String kind, @Nullable TenantId tenant) {
        return rest.graphQl(token)
                .document(ROTATE)
                .variable("kind", kind)
                .variable("tenant", tenant == null ? null : tenant.value())
                .execute();
    }

    private GraphQlTester.Response list(String token, @Nullable TenantId tenant, int first, @Nullable String after) {
        return rest.graphQl(token)
                .document(LIST)
                .variable("tenant", tenant == null ? null : tenant.value())
                .variable("first", first)
                .variable("after", after)
                .execute();
    }

    private String step(String token, TenantId tenant) {
        return list(token, tenant, 1, null)
                .path("keyRotations.edges[0].node.step")
                .entity(String.class)
                .get();
    }

    private static List<String> code(GraphQlTester.Response response) {
        List<String> codes = new ArrayList<>();
        response.errors()
                .satisfy(errors -> errors.stream()
                        .map(ResponseError::getExtensions)
                        .forEach(extensions -> codes.add(String.valueOf(extensions.get("code")))));
        return codes;
    }
}
