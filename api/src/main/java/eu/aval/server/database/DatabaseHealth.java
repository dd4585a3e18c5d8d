// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.database;

import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Whether the database takes anything, in the health group {@code readiness}. One that answers and is read-only, as a
 * standby after a failover or a primary whose disk was about to be full, would have this node refuse all it is sent.
 */
final class DatabaseHealth implements ReactiveHealthIndicator {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Collection<ConnectionPool> pools;

    DatabaseHealth(Collection<ConnectionPool> pools) {
        this.pools = List.copyOf(pools);
    }

    @Override
    public Mono<Health> health() {
        return Flux.fromIterable(pools)
                .flatMap(pool -> Mono.usingWhen(pool.create(), SessionChecks::isReadOnly, Connection::close))
                .any(readOnly -> readOnly)
                .map(readOnly -> readOnly
                        ? Health.down().withDetail("reason", "read-only").build()
                        : Health.up().build())
                .timeout(PATIENCE)
                .onErrorResume(failure -> Mono.just(Health.down()
                        .withDetail("reason", failure.getClass().getSimpleName())
                        .build()));
    }
}
