// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.store;

import eu.aval.server.carrier.plugin.Approval;
import java.util.List;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Mono;

/** Rows of {@code carrier_plugin}: the allow-list of digests. */
@Repository
public class ApprovalRows {

    public Mono<List<Approval>> all(DatabaseClient client) {
        return client.sql("select sha256, plugin_id, revoked_at is not null as revoked from aval.carrier_plugin")
                .map(row -> new Approval(
                        AccountRows.required(row, "sha256", String.class),
                        AccountRows.required(row, "plugin_id", String.class),
                        AccountRows.required(row, "revoked", Boolean.class)))
                .all()
                .collectList();
    }

    public Mono<Void> approve(DatabaseClient client, String sha256, String pluginId, String by) {
        return client.sql("""
                        insert into aval.carrier_plugin (sha256, plugin_id, approved_by) values ($1, $2, $3)
                        on conflict (sha256) do update set plugin_id = excluded.plugin_id,
                          approved_by = excluded.approved_by, approved_at = now(), revoked_at = null
                        """).bind(0, sha256).bind(1, pluginId).bind(2, by).then();
    }

    /** Also of a digest that was never approved: a bundled jar is allowed without. */
    public Mono<Void> revoke(DatabaseClient client, String sha256, String pluginId, String by) {
        return client.sql("""
                        insert into aval.carrier_plugin (sha256, plugin_id, approved_by, revoked_at)
                        values ($1, $2, $3, now())
                        on conflict (sha256) do update set revoked_at = coalesce(carrier_plugin.revoked_at, now())
                        """).bind(0, sha256).bind(1, pluginId).bind(2, by).then();
    }
}
