// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.tenant.PlatformDatabase;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import reactor.test.StepVerifier;

@PlatformTest
final class PlatformIntegrationTests {

    @Autowired
    private PlatformDatabase database;

    @Autowired
    private FreshDatabase fresh;

    @Test
    void startsOnAMigratedDatabase() {
        StepVerifier.create(database.in(client -> client.sql("select current_user::text as name")
                        .map(row -> row.get("name", String.class))
                        .one()))
                .expectNext("aval_platform")
                .verifyComplete();
        assertThat(fresh.number("select count(*) from pg_tables where schemaname = 'aval' and tablename = 'message'"))
                .isEqualTo(1);
    }
}
