// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.dispatch;

import eu.aval.server.carrier.CarrierAccount;
import eu.aval.server.carrier.CarrierAccounts;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** Accounts that are open on a node of a test. */
final class FakeAccounts implements CarrierAccounts {

    private final List<FakeAccount> accounts;
    private final Sinks.Many<Change> changes = Sinks.many().multicast().directBestEffort();

    FakeAccounts(FakeAccount... accounts) {
        this.accounts = List.of(accounts);
    }

    @Override
    public Collection<CarrierAccount> open() {
        return List.copyOf(accounts);
    }

    @Override
    public @Nullable CarrierAccount find(UUID id) {
        return accounts.stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElse(null);
    }

    @Override
    public boolean reachable(UUID id) {
        CarrierAccount account = find(id);
        return account != null && account.available();
    }

    @Override
    public Flux<Change> changes() {
        return changes.asFlux();
    }
}
