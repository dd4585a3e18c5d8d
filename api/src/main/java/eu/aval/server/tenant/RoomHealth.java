// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.tenant;

import java.time.Duration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * {@code databaseRoom} in the health group {@code readiness}: a database whose disk is full answers and is not read-only, and
 * takes nothing. Only who tries to write finds out, so this goes by what has just been refused.
 */
@Component("databaseRoomHealthIndicator")
final class RoomHealth implements ReactiveHealthIndicator {

    /** Long enough for a prober that takes three failures to believe one, and then others try. */
    private static final Duration DOUBT = Duration.ofSeconds(30);

    @Override
    public Mono<Health> health() {
        return Mono.fromSupplier(() -> StoreFailures.wasFullWithin(DOUBT)
                ? Health.down().withDetail("reason", "the disk is full").build()
                : Health.up().build());
    }
}
