// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.consent.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.FreshDatabase;
import eu.aval.server.PlatformTest;
import eu.aval.server.RestSetup;
import eu.aval.server.access.Operator.Role;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

@PlatformTest
final class PurposeIntegrationTests {

    @Autowired
    private RestSetup rest;

    @Autowired
    private FreshDatabase database;

    @Test
    void declaresAndRetires() {
        var tenant = rest.tenant();
        var admin = rest.graphQl(rest.token(Role.ADMIN));

        admin.document("""
                        mutation($t: UUID!) {
                          declarePurpose(input: {tenantId: $t, key: "news", messageClass: MARKETING, legalBasis: CONSENT}) { key }
                          declareSender(input: {tenantId: $t, value: "AVAL", isDefault: true}) { kind isDefault }
                          retirePurpose(tenantId: $t, key: "news") { retired }
                        }
                        """)
                .variable("t", tenant.value())
                .execute()
                .path("declareSender.kind")
                .entity(String.class)
                .isEqualTo("ALPHANUMERIC")
                .path("retirePurpose.retired")
                .entity(Boolean.class)
                .isEqualTo(true);

        admin.document(
                        "query($t: UUID!) { tenant(id: $t) { purposes { key retentionClass } senders { value isDefault } } }")
                .variable("t", tenant.value())
                .execute()
                .path("tenant.purposes[0].retentionClass")
                .entity(String.class)
                .isEqualTo("MESSAGE")
                .path("tenant.senders[0].value")
                .entity(String.class)
                .isEqualTo("AVAL");
        assertThat(database.number("select count(*) from aval.audit_event where tenant_id = ?", tenant.value()))
                .isGreaterThanOrEqualTo(3);
    }

    @Test
    void keepsOneDefaultOfThoseThatAreDeclaredAtOnce() {
        var tenant = rest.tenant();
        var admin = rest.graphQl(rest.token(Role.ADMIN));

        var errors = Flux.range(0, 6)
                .flatMap(each -> Mono.fromCallable(() -> admin.document(
                                        "mutation($t: UUID!, $v: String!) { declareSender(input: {tenantId: $t, value: $v, isDefault: true}) { id } }")
                                .variable("t", tenant.value())
                                .variable("v", "AVAL " + each)
                                .execute()
                                .returnResponse()
                                .getErrors())
                        .subscribeOn(Schedulers.boundedElastic()))
                .flatMapIterable(found -> found)
                .collectList()
                .block(Duration.ofSeconds(30));

        assertThat(errors).isEmpty();
        assertThat(database.number(
                        "select count(*) from aval.sender where tenant_id = ? and is_default", tenant.value()))
                .isEqualTo(1);
    }

    @Test
    void hidesWhatBelongsToAnotherTenant() {
        var errors = rest.graphQl(rest.token(Role.ADMIN, rest.tenant()))
                .document("mutation($t: UUID!) { retireSender(tenantId: $t, value: \"AVAL\") { id } }")
                .variable("t", rest.tenant().value())
                .execute()
                .returnResponse()
                .getErrors();

        assertThat(errors)
                .extracting(error -> error.getExtensions().get("code"))
                .containsExactly("NOT_FOUND");
    }
}
