// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.account;

import eu.aval.server.carrier.CarrierAccount;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.boot.health.contributor.Status;
import reactor.core.publisher.Mono;

/**
 * How the accounts do, in the health group {@code carriers}. A carrier that is down does not make this node unfit: messages
 * wait or take another route, so the worst this says is {@code DEGRADED}.
 */
final class CarriersHealth implements ReactiveHealthIndicator {

    private static final Status DEGRADED = new Status("DEGRADED");

    private final HostedAccounts accounts;

    CarriersHealth(HostedAccounts accounts) {
        this.accounts = accounts;
    }

    @Override
    public Mono<Health> health() {
        return Mono.fromSupplier(() -> {
            Map<String, Object> states = new TreeMap<>(accounts.problems());
            boolean well = states.isEmpty();
            for (CarrierAccount account : accounts.open()) {
                states.put(account.name(), account.health().status() + ", breaker " + account.breaker());
                well &= account.available();
            }
            return Health.status(well ? Status.UP : DEGRADED)
                    .withDetails(states)
                    .build();
        });
    }
}
