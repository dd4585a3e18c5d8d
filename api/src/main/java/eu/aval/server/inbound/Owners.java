// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.inbound;

import eu.aval.server.inbound.store.InboxTable;
import eu.aval.server.inbound.store.InboxTable.Candidate;
import eu.aval.server.personaldata.PhoneNumber;
import eu.aval.server.shared.TenantId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Whom a message is for. An account serves many tenants: the one concerned is who has declared the number or name that was
 * written to, and of several, or if nobody has, the one whose message the person got last. An account that one tenant alone
 * sends through is theirs.
 */
@Component
class Owners {

    private final InboxTable table;

    Owners(InboxTable table) {
        this.table = table;
    }

    /**
     * @param from null when no person wrote
     * @return empty when nobody can tell: what somebody wrote is never given to the wrong tenant
     */
    Mono<Optional<TenantId>> of(UUID accountId, String to, @Nullable PhoneNumber from) {
        return table.candidates(accountId, to).flatMap(all -> {
            List<TenantId> declared = all.stream()
                    .filter(Candidate::declared)
                    .map(Candidate::tenant)
                    .toList();
            List<TenantId> possible =
                    declared.isEmpty() ? all.stream().map(Candidate::tenant).toList() : declared;
            if (possible.size() < 2 || from == null) {
                return Mono.just(possible.size() == 1 ? Optional.of(possible.getFirst()) : Optional.empty());
            }
            return table.lastToWrite(possible, from, accountId)
                    .map(Optional::of)
                    .defaultIfEmpty(Optional.empty());
        });
    }
}
