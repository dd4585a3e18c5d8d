// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.store;

import eu.aval.server.consent.Permissions;
import eu.aval.server.consent.Purposes;
import eu.aval.server.consent.Senders;
import eu.aval.server.message.dispatch.DispatchQueue;
import eu.aval.server.message.dispatch.Doubts;
import eu.aval.server.message.dispatch.QueueSweeps;
import eu.aval.server.policy.RulePacks;
import eu.aval.server.tenant.PlatformDatabase;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/** The queue of one node, for tests. */
public record QueueEngine(UUID nodeId, DispatchQueue queue, Doubts doubts, QueueSweeps sweeps) {

    public static QueueEngine of(
            UUID nodeId,
            PlatformDatabase database,
            DatabaseClient client,
            Permissions permissions,
            Purposes purposes,
            Senders senders,
            MeterRegistry meters,
            Clock clock) {
        QueueNode node = new TestNode(nodeId, client);
        ClaimTransaction claims = new ClaimTransaction(
                database,
                node,
                new ClaimGate(permissions, purposes, senders, RulePacks.bundled(), clock),
                meters,
                clock);
        SettleTransaction settles = new SettleTransaction(database);
        return new QueueEngine(
                nodeId,
                new PostgresDispatchQueue(database, node, claims, settles),
                new PostgresDoubts(database, settles),
                new PostgresQueueSweeps(database, node));
    }

    /** Dead is whoever has not written a heartbeat for a minute. */
    private record TestNode(UUID id, DatabaseClient client) implements QueueNode {

        @Override
        public Mono<List<UUID>> dead() {
            return client.sql("select id from aval.node where id <> $1 and heartbeat_at < now() - interval '1 minute'")
                    .bind(0, id)
                    .map(row -> row.get(0, UUID.class))
                    .all()
                    .collectList();
        }

        @Override
        public Mono<Void> forget(UUID node) {
            return client.sql("delete from aval.node where id = $1")
                    .bind(0, node)
                    .then();
        }
    }
}
