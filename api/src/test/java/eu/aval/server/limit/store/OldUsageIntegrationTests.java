// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.limit.store;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.FreshDatabase;
import eu.aval.server.PlatformTest;
import eu.aval.server.RestSetup;
import eu.aval.server.shared.TenantId;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

@PlatformTest
final class OldUsageIntegrationTests {

    @Autowired
    private RestSetup rest;

    @Autowired
    private FreshDatabase database;

    @Autowired
    private OldUsage usage;

    @Test
    void takesBlocksOfNumbersAwayAfterTwoHoursAndDaysLater() {
        TenantId tenant = rest.tenant();
        count(tenant, "BLOCK", "+3363998", 3);
        count(tenant, "BLOCK", "+3363999", 1);
        count(tenant, "KEY", "a key", 3);
        count(tenant, "KEY", "an old key", 24 * 101);

        usage.sweep().block();

        assertThat(database.value(
                        "select string_agg(key, ',' order by key) from aval.usage where tenant_id = ?", tenant.value()))
                .isEqualTo("+3363999,a key");
    }

    private void count(TenantId tenant, String kind, String key, int hoursAgo) {
        database.execute(
                "insert into aval.usage (tenant_id, kind, key, starts_at) values (?, ?, ?, now() - ? * interval '1 h')",
                tenant.value(),
                kind,
                key,
                hoursAgo);
    }
}
