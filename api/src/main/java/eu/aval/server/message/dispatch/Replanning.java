// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.dispatch;

import eu.aval.server.carrier.CarrierAccounts;
import eu.aval.server.encryption.SealBroken;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.message.dispatch.DispatchQueue.Move;
import eu.aval.server.message.dispatch.DispatchQueue.Position;
import eu.aval.server.routing.Route;
import eu.aval.server.routing.Routes;
import eu.aval.server.shared.TenantId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Moves what waits for an account that cannot send to the next route, in bulk. What has no other route stays: it leaves
 * when one opens, or expires.
 */
final class Replanning {

    private static final Logger LOG = LoggerFactory.getLogger(Replanning.class);

    private static final int PAGE = 500;

    /** An account must have been unreachable for so long: a breaker that opens for a moment moves nothing. */
    private static final long PATIENCE = Duration.ofSeconds(3).toNanos();

    /** After a pass that found no other route for anything. */
    private static final long PAUSE = Duration.ofSeconds(30).toNanos();

    private final DispatchQueue queue;
    private final CarrierAccounts accounts;
    private final Routes routes;
    private final Opening opening;
    private final DispatchSignal signal;

    /** When each account was first seen unreachable, or may be looked at again; only touched by one pass at a time. */
    private final Map<UUID, Long> notBefore = new HashMap<>();

    private long unassignedNotBefore = System.nanoTime();

    Replanning(DispatchQueue queue, CarrierAccounts accounts, Routes routes, Opening opening, DispatchSignal signal) {
        this.queue = queue;
        this.accounts = accounts;
        this.routes = routes;
        this.opening = opening;
        this.signal = signal;
    }

    /** One pass over everything that waits for accounts that cannot send. */
    Mono<Void> replan() {
        return queue.plannedAccounts()
                .flatMapMany(planned -> {
                    notBefore.keySet().removeIf(id -> !planned.contains(id) || accounts.reachable(id));
                    return Flux.fromIterable(planned);
                })
                .filter(id -> !accounts.reachable(id))
                .filter(this::isTime)
                .concatMap(id -> moveAll(id, null, 0).doOnNext(moved -> {
                    notBefore.put(id, System.nanoTime() + (moved == 0 ? PAUSE : 0));
                    if (moved > 0) {
                        LOG.info("{} messages moved away from account {}", moved, id);
                    }
                }))
                .then(Mono.defer(this::assign));
    }

    private boolean isTime(UUID accountId) {
        long now = System.nanoTime();
        return now - notBefore.computeIfAbsent(accountId, id -> now + PATIENCE) >= 0;
    }

    /** Gives an account to messages that had none when they were accepted. */
    private Mono<Void> assign() {
        if (System.nanoTime() - unassignedNotBefore < 0) {
            return Mono.empty();
        }
        return moveAll(null, null, 0)
                .doOnNext(moved -> unassignedNotBefore = System.nanoTime() + (moved == 0 ? PAUSE / 3 : 0))
                .then();
    }

    private Mono<Integer> moveAll(@Nullable UUID accountId, @Nullable Position after, int moved) {
        return queue.waiting(accountId, after, PAGE)
                .flatMap(page -> page.isEmpty()
                        ? Mono.just(moved)
                        : move(accountId, page)
                                .flatMap(more -> page.size() < PAGE
                                        ? Mono.just(moved + more)
                                        : moveAll(accountId, page.getLast().position(), moved + more)));
    }

    private Mono<Integer> move(@Nullable UUID accountId, List<WaitingMessage> page) {
        return opening.keysOf(page.stream().map(WaitingMessage::tenant).toList())
                .flatMap(keys -> {
                    List<Move> moves = new ArrayList<>();
                    for (WaitingMessage message : page) {
                        next(message, accountId, keys)
                                .ifPresent(next -> moves.add(new Move(message.messageId(), accountId, next)));
                    }
                    return queue.move(moves)
                            .doOnSuccess(done -> moves.stream()
                                    .map(Move::toAccountId)
                                    .distinct()
                                    .forEach(signal::queued))
                            .thenReturn(moves.size());
                });
    }

    private Optional<UUID> next(WaitingMessage message, @Nullable UUID accountId, Map<TenantId, TenantKeys> keys) {
        TenantKeys own = keys.get(message.tenant());
        if (own == null) {
            return Optional.empty();
        }
        String number;
        try {
            number = opening.number(message, own);
        } catch (SealBroken e) {
            // The claim ends it
            return Optional.empty();
        }
        return routes
                .candidates(message.tenant(), message.simulated(), message.country(), number, message.messageClass())
                .stream()
                .filter(route -> route.isWithin(message.maxPrice(), message.parts()))
                .map(Route::accountId)
                .filter(id -> !id.equals(accountId) && accounts.reachable(id))
                .findFirst();
    }
}
