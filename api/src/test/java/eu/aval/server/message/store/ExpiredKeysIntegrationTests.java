// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.store;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.FreshDatabase;
import eu.aval.server.PlatformTest;
import eu.aval.server.RestSetup;
import eu.aval.server.shared.TenantId;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

@PlatformTest
final class ExpiredKeysIntegrationTests {

    @Autowired
    private RestSetup rest;

    @Autowired
    private FreshDatabase database;

    @Autowired
    private ExpiredKeys keys;

    @Test
    void takesAwayWhatHasExpiredAndNothingElse() {
        TenantId tenant = rest.tenant();
        key(tenant, "\\x01", -60);
        key(tenant, "\\x02", -1);
        key(tenant, "\\x03", 3600);

        keys.sweep().block();

        assertThat(database.value(
                        "select string_agg(encode(key_hash, 'hex'), ',') from aval.idempotency where tenant_id = ?",
                        tenant.value()))
                .isEqualTo("03");
    }

    private void key(TenantId tenant, String hash, int secondsLeft) {
        database.execute("""
                insert into aval.idempotency (tenant_id, api_key_id, operation, key_hash, fingerprint, message_id,
                  expires_at) values (?, ?, 'send', ?::bytea, '\\x00', ?, now() + ? * interval '1 s')""", tenant.value(), UUID.randomUUID(), hash, UUID.randomUUID(), secondsLeft);
    }
}
