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
import eu.aval.server.tenant.Nodes;
import eu.aval.server.tenant.PlatformDatabase;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Mono;

/** The PostgreSQL engine behind the ports of dispatch. */
@Configuration(proxyBeanMethods = false)
class QueueConfiguration {

    @Bean
    QueueNode queueNode(Nodes nodes) {
        return new QueueNode() {
            @Override
            public UUID id() {
                return nodes.thisNode();
            }

            @Override
            public Mono<List<UUID>> dead() {
                return nodes.dead();
            }

            @Override
            public Mono<Void> forget(UUID node) {
                return nodes.forget(node);
            }
        };
    }

    @Bean
    SettleTransaction settleTransaction(PlatformDatabase database) {
        return new SettleTransaction(database);
    }

    @Bean
    DispatchQueue dispatchQueue(
            PlatformDatabase database,
            QueueNode node,
            Permissions permissions,
            Purposes purposes,
            Senders senders,
            RulePacks rulePacks,
            SettleTransaction settles,
            MeterRegistry meters,
            Clock clock) {
        ClaimGate gate = new ClaimGate(permissions, purposes, senders, rulePacks, clock);
        return new PostgresDispatchQueue(
                database, node, new ClaimTransaction(database, node, gate, meters, clock), settles);
    }

    @Bean
    Doubts doubts(PlatformDatabase database, SettleTransaction settles) {
        return new PostgresDoubts(database, settles);
    }

    @Bean
    QueueSweeps queueSweeps(PlatformDatabase database, QueueNode node) {
        return new PostgresQueueSweeps(database, node);
    }
}
