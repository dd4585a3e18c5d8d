// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.inbound;

import eu.aval.server.inbound.store.InboxTable;
import eu.aval.server.inbound.store.InboxTable.Candidate;
import eu.aval.server.inbound.store.InboxTable.Written;
import eu.aval.server.personaldata.PhoneNumber;
import eu.aval.server.shared.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.pool.Pool;
import reactor.pool.PoolBuilder;

/**
 * Whom a message is for. An account serves many tenants: the one concerned is who has declared the number or name that was
 * written to, and of several, or if nobody has, the one whose message the person got last. An account that one tenant alone
 * sends through is theirs, unless the person got a later message from somebody who sent through it before.
 */
@Component
class Owners {

    /** As many tenants are asked for in one transaction: the keys of each are locked in it. */
    private static final int SLICE = 32;

    /** As many searches go on at once: each holds a connection for a while, and replies of strangers can be many. */
    private static final int SEARCHES = 2;

    /** @param silent those whose keys do not open, so that they could not be asked */
    private record Answer(@Nullable Written last, List<TenantId> silent) {

        Answer and(Answer other) {
            boolean later = last == null || (other.last != null && other.last.isLaterThan(last));
            List<TenantId> all = new ArrayList<>(silent);
            all.addAll(other.silent);
            return new Answer(later ? other.last : last, all);
        }
    }

    private final InboxTable table;
    private final Pool<Object> turns = PoolBuilder.from(Mono.fromSupplier(Object::new))
            .sizeBetween(0, SEARCHES)
            .buildPool();

    private final InboundMetrics metrics;

    Owners(InboxTable table, InboundMetrics metrics) {
        this.table = table;
        this.metrics = metrics;
    }

    /**
     * @param from null when no person wrote
     * @return empty when nobody can tell: what somebody wrote is never given to the wrong tenant; an error when it may be for one
     *     whose keys do not open: the carrier keeps it
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
            return inTurn(ask(possible, accountId, from)
                            // A number that is somebody's is never that of who has left
                            .flatMap(own -> own.last() != null && !declared.isEmpty()
                                    ? Mono.just(own)
                                    : askFormer(accountId, from).map(own::and))
                            .flatMap(answer -> told(answer, accountId)))
                    .map(told -> told.or(() -> only));
        });
    }

    /** Who sent to the person through the account, and has no route to it any more: replies come for as long as people keep a message. */
    Mono<TenantId> former(UUID accountId, PhoneNumber person) {
        return inTurn(askFormer(accountId, person).flatMap(answer -> told(answer, accountId)))
                .mapNotNull(told -> told.orElse(null));
    }

    private Mono<Answer> askFormer(UUID accountId, PhoneNumber person) {
        return table.former(accountId).flatMap(tenants -> ask(tenants, accountId, person));
    }

    /** One whose keys do not open cannot be asked. */
    private Mono<Answer> ask(List<TenantId> tenants, UUID accountId, PhoneNumber person) {
        return table.askable(tenants)
                .flatMap(askable -> Flux.fromIterable(askable)
                        .buffer(SLICE)
                        .concatMap(slice -> table.lastToWrite(slice, person, accountId))
                        .reduce((one, other) -> one.isLaterThan(other) ? one : other)
                        .singleOptional()
                        .map(last -> new Answer(
                                last.orElse(null),
                                tenants.stream()
                                        .filter(tenant -> !askable.contains(tenant))
                                        .toList())));
    }

    /**
     * Whose it is, unless it may be for one that could not be asked: who has sent anything through the account since may have
     * sent it to this person.
     */
    private Mono<Optional<TenantId>> told(Answer answer, UUID accountId) {
        Written last = answer.last();
        Optional<TenantId> found = Optional.ofNullable(last).map(Written::tenant);
        if (answer.silent().isEmpty()) {
            return Mono.just(found);
        }
        return table.haveWritten(answer.silent(), accountId, last == null || last.missed() ? Instant.EPOCH : last.at())
                .flatMap(written -> {
                    if (!written) {
                        return Mono.just(found);
                    }
                    metrics.withheld();
                    return Mono.error(new IllegalStateException("It may be for a tenant whose keys do not open"));
                });
    }

    private <T> Mono<T> inTurn(Mono<T> search) {
        return turns.withPoolable(turn -> search).singleOrEmpty();
    }
}
