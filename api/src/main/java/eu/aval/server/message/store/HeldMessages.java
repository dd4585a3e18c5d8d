// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.store;

import eu.aval.server.carrier.CarrierAccounts;
import eu.aval.server.shared.TimeOrderedId;
import eu.aval.server.tenant.Residency;
import io.r2dbc.spi.Readable;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/** What waits for an account whose carrier is not within the residency of the tenant. */
final class HeldMessages {

    /** Whoever plans routes finds it without an account, and gives it the first that stays within. */
    private static final String HOLD = """
            with held as (
              update aval.dispatch d set carrier_account_id = null, node_id = null, attempts = d.attempts - 1
              where d.message_id = any($1) returning d.message_id, d.tenant_id
            )
            insert into aval.message_event (message_id, id, tenant_id, at, type, detail)
            select o.id, o.event_id, held.tenant_id, now(), 'HELD',
              jsonb_build_object('code', 'RESIDENCY_NOT_MET', 'from', $3::uuid)
            from unnest($1::uuid[], $2::uuid[]) as o(id, event_id) join held on held.message_id = o.id""";

    private HeldMessages() {}

    /** Whether the row tells of such a carrier. Of what is gone from the database it does. */
    static boolean isOutside(Readable row) {
        String residency = row.get("residency", String.class);
        String processing = row.get("processing_countries", String.class);
        return !CarrierAccounts.SIMULATOR.equals(row.get("carrier_id", String.class))
                && (residency == null
                        || processing == null
                        || processing.isEmpty()
                        || !new Residency(Set.of(residency.split(","))).covers(List.of(processing.split(","))));
    }

    static Mono<Void> hold(DatabaseClient client, UUID accountId, List<UUID> messages) {
        return messages.isEmpty()
                ? Mono.empty()
                : client.sql(HOLD)
                        .bind(0, messages.toArray(UUID[]::new))
                        .bind(
                                1,
                                messages.stream()
                                        .map(id -> TimeOrderedId.next())
                                        .toArray(UUID[]::new))
                        .bind(2, accountId)
                        .then();
    }
}
