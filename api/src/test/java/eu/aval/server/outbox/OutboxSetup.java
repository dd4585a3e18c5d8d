// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.outbox;

import eu.aval.server.FreshDatabase;
import eu.aval.server.WebhookSchemas;
import eu.aval.server.shared.TenantId;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;

/** What features write into the outbox, for their tests. */
public final class OutboxSetup {

    private OutboxSetup() {}

    /** Somebody listens from now on. */
    public static void listen(FreshDatabase database, TenantId tenant) {
        database.execute(
                "insert into aval.listening (tenant_id, since, until) values (?, now(), 'infinity')", tenant.value());
    }

    /** Types of what is in the outbox about a tenant, in their order; each is as its JSON Schema says. */
    public static List<String> told(FreshDatabase database, TenantId tenant) {
        List<Map<String, Object>> rows = database.query("""
                select type, at, data::text as data from (
                  select 0 as place, id as event, null::bigint as number, type, at, data
                  from aval.event where tenant_id = ?
                  union all
                  select 1, null, id, type, at, data from aval.outbox where tenant_id = ?) as told
                order by place, event, number""", tenant.value(), tenant.value());
        rows.forEach(row -> Assertions.assertThat(WebhookSchemas.defects(WebhookSchemas.body(row)))
                .isEmpty());
        return rows.stream().map(row -> String.valueOf(row.get("type"))).toList();
    }
}
