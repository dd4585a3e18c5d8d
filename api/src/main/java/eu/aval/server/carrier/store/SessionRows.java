// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.store;

import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Mono;

/** Rows of {@code carrier_session}: who may keep a session open. Time is the database's, so clocks need not agree. */
@Repository
public class SessionRows {

    /**
     * Renews the node's slot of an account, or takes a free one, its own slot first.
     *
     * @return whether the node holds one for {@code lease} from now
     */
    public Mono<Boolean> hold(DatabaseClient client, UUID account, UUID node, int slots, Duration lease) {
        return client.sql("""
                        with renewed as (
                          update aval.carrier_session set leased_until = now() + make_interval(secs => $4)
                          where carrier_account_id = $1 and node_id = $2 and slot < $3 and leased_until > now()
                          returning slot
                        ), taken as (
                          insert into aval.carrier_session as session (carrier_account_id, slot, node_id, leased_until)
                          select $1, free.slot, $2, now() + make_interval(secs => $4)
                          from generate_series(0, $3 - 1) free (slot)
                          where not exists (select from renewed)
                            and not exists (
                              select from aval.carrier_session held
                              where held.carrier_account_id = $1 and held.slot = free.slot and held.leased_until > now())
                          order by free.slot limit 1
                          on conflict (carrier_account_id, slot) do update
                            set node_id = excluded.node_id, leased_until = excluded.leased_until
                            where session.leased_until <= now()
                          returning slot
                        )
                        select count(*)::integer as held from (select slot from renewed union all select slot from taken) as slots
                        """)
                .bind(0, account)
                .bind(1, node)
                .bind(2, slots)
                .bind(3, lease.toMillis() / 1000.0)
                .map(row -> AccountRows.required(row, "held", Integer.class) > 0)
                .one();
    }

    /** Gives back the node's slots of an account, so that another need not wait for the lease to end. */
    public Mono<Void> release(DatabaseClient client, UUID account, UUID node) {
        return client.sql("delete from aval.carrier_session where carrier_account_id = $1 and node_id = $2")
                .bind(0, account)
                .bind(1, node)
                .then();
    }

    /** Accounts of which another node holds a session. */
    public Mono<Set<UUID>> heldElsewhere(DatabaseClient client, UUID node) {
        return client.sql("""
                        select distinct carrier_account_id from aval.carrier_session
                        where node_id <> $1 and leased_until > now()
                        """)
                .bind(0, node)
                .map(row -> AccountRows.required(row, "carrier_account_id", UUID.class))
                .all()
                .collect(Collectors.toUnmodifiableSet());
    }
}
