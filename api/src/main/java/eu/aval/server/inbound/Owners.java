// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.inbound;

import eu.aval.server.inbound.store.InboxTable;
import eu.aval.server.inbound.store.InboxTable.Candidate;
import eu.aval.server.inbound.store.InboxTable.Written;
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
 * sends through is theirs, unless the person got a message from somebody who sent through it before.
 */
@Component
class Owners {

    /** As many tenants are asked for in one transaction: the keys of each are locked in it. */
    private static final int SLICE = 32;

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
            Optional<TenantId> only = possible.size() == 1 ? Optional.of(possible.getFirst()) : Optional.empty();
            if (from == null || declared.size() == 1) {
                return Mono.just(only);
            }
            return lastOf(possible, accountId, from)
                    .map(written -> Optional.of(written.tenant()))
                    .switchIfEmpty(former(accountId, from).map(Optional::of))
                    .defaultIfEmpty(only);
        });
    }

    /** Who sent to the person through the account, and has no route to it any more: replies come for as long as people keep a message. */
    Mono<TenantId> former(UUID accountId, PhoneNumber person) {
        return table.withoutRoute(accountId)
                .flatMapIterable(tenants -> tenants)
                .buffer(SLICE)
                .concatMap(tenants -> table.lastToWrite(tenants, person, accountId))
                .reduce((one, other) -> one.messageId().compareTo(other.messageId()) > 0 ? one : other)
                .map(Written::tenant);
    }

    private Mono<Written> lastOf(List<TenantId> tenants, UUID accountId, PhoneNumber person) {
        return tenants.isEmpty() ? Mono.empty() : table.lastToWrite(tenants, person, accountId);
    }
}
