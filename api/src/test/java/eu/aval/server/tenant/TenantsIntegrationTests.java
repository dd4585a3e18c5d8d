// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.FreshDatabase;
import eu.aval.server.PlatformTest;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import eu.aval.server.shared.TenantId;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

@PlatformTest
final class TenantsIntegrationTests {

    @Autowired
    private Tenants tenants;

    @Autowired
    private FreshDatabase database;

    @Test
    void createsATenantWithKeysAndATrail() {
        Tenant tenant = created();

        StepVerifier.create(tenants.find(tenant.id())).expectNext(tenant).verifyComplete();
        StepVerifier.create(tenants.find(tenant.key())).expectNext(tenant).verifyComplete();
        assertThat(database.number(
                        "select count(*) from aval.keyset where tenant_id = ?",
                        tenant.id().value()))
                .isEqualTo(2);
        assertThat(database.value(
                        "select action from aval.audit_event where tenant_id = ?",
                        tenant.id().value()))
                .isEqualTo("tenant.created");
    }

    @Test
    void refusesAKeyThatIsTaken() {
        Tenant tenant = created();

        StepVerifier.create(create(tenant.key(), Set.of("FR")))
                .verifyErrorSatisfies(refused -> assertThat(refused)
                        .isInstanceOfSatisfying(
                                Problem.class,
                                problem -> assertThat(problem.type()).isEqualTo(ProblemType.CONFLICT)));
    }

    @Test
    void namesEachInvalidField() {
        StepVerifier.create(tenants.create(new Tenant.Draft("Not A Key", " ", Set.of("XX"), 0), "system"))
                .verifyErrorSatisfies(refused -> assertThat(refused)
                        .isInstanceOfSatisfying(
                                Problem.class,
                                problem -> assertThat(problem.fields())
                                        .extracting(Problem.Field::pointer)
                                        .containsExactly("/key", "/name", "/countries", "/maximumParts")));
    }

    @Test
    void showsChangesAtOnceOnThisNode() {
        Tenant tenant = created();

        StepVerifier.create(tenants.find(tenant.id())
                        .then(tenants.suspend(tenant.id(), "system"))
                        .then(Mono.defer(() -> tenants.find(tenant.id()))))
                .assertNext(now -> assertThat(now.state()).isEqualTo(Tenant.State.SUSPENDED))
                .verifyComplete();
        StepVerifier.create(tenants.resume(tenant.id(), "system")
                        .then(tenants.limit(tenant.id(), Set.of("FR", "BE"), 3, "system")))
                .assertNext(now -> {
                    assertThat(now.state()).isEqualTo(Tenant.State.ACTIVE);
                    assertThat(now.countries()).containsExactlyInAnyOrder("BE", "FR");
                    assertThat(now.maximumParts()).isEqualTo(3);
                })
                .verifyComplete();
    }

    @Test
    void knowsNoOtherTenant() {
        StepVerifier.create(tenants.find(new TenantId(UUID.randomUUID()))).verifyComplete();
        StepVerifier.create(tenants.suspend(new TenantId(UUID.randomUUID()), "system"))
                .verifyErrorMatches(
                        failure -> failure instanceof Problem problem && problem.type() == ProblemType.NOT_FOUND);
    }

    private Tenant created() {
        return create("t" + UUID.randomUUID().toString().substring(0, 8), Set.of("FR", "RE"))
                .blockOptional()
                .orElseThrow();
    }

    private Mono<Tenant> create(String key, Set<String> countries) {
        return tenants.create(new Tenant.Draft(key, "Somebody", countries, 10), "system");
    }
}
