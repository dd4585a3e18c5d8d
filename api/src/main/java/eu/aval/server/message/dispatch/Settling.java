// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.dispatch;

import eu.aval.server.message.dispatch.Settlement.Submitted;
import eu.aval.server.shared.GroupCommit;
import eu.aval.server.shared.GroupCommit.Limits;
import eu.aval.server.shared.GroupCommit.Remedy;
import eu.aval.server.shared.Unexpected;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Writes what came of attempts, many in one transaction. What a carrier has answered is never given up: while the
 * database cannot be reached it waits here, and claims stop because of it.
 */
final class Settling {

    private static final Logger LOG = LoggerFactory.getLogger(Settling.class);

    /** A pace that is short: what is answered and not settled is in doubt after a crash. */
    private static final Limits LIMITS = new Limits(2, 2, 100, 400, 200_000, Duration.ofDays(1), Duration.ofMillis(20));

    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final DispatchQueue queue;
    private final PendingIds pendingIds;
    private final HeldAttempts held;
    private final List<SubmittedListener> listeners;
    private final GroupCommit<Boolean, Settlement, Boolean> groups;

    Settling(
            DispatchQueue queue,
            PendingIds pendingIds,
            HeldAttempts held,
            List<SubmittedListener> listeners,
            DispatchMetrics metrics) {
        this.queue = queue;
        this.pendingIds = pendingIds;
        this.held = held;
        this.listeners = listeners;
        this.groups = new GroupCommit<>(
                (lane, group) -> commit(group),
                error -> queue.isConflict(error)
                        ? Remedy.RETRY
                        : queue.isFaultOfData(error) ? Remedy.SPLIT : Remedy.FAIL,
                LIMITS,
                (items, waited, took, succeeded) -> metrics.settled(took));
    }

    /** Completes when it is written. Starts by itself, subscribed or not. */
    Mono<Void> settle(Settlement settlement) {
        if (settlement instanceof Submitted submitted) {
            pendingIds.begin(submitted.attempt().accountId(), submitted.carrierMessageIds());
        }
        Mono<Void> written = groups.submit(Boolean.TRUE, settlement)
                .retryWhen(Retry.backoff(Long.MAX_VALUE, FIRST_PAUSE)
                        .maxBackoff(LONGEST_PAUSE)
                        .filter(error -> !queue.isFaultOfData(error)))
                .doOnError(error -> LOG.error(
                        "Outcome of message {} attempt {} cannot be written; it stays open until this node ends",
                        settlement.attempt().messageId(),
                        settlement.attempt().number(),
                        new Unexpected(error)))
                .doOnSuccess(done -> held.remove(settlement.attempt()))
                .onErrorComplete()
                .doFinally(signal -> {
                    if (settlement instanceof Submitted submitted) {
                        pendingIds.end(submitted.attempt().accountId(), submitted.carrierMessageIds());
                    }
                })
                .then()
                .cache();
        written.subscribe();
        return written;
    }

    /** Completes when everything is written. */
    Mono<Void> close() {
        return groups.close();
    }

    int waiting() {
        return groups.waiting();
    }

    private Mono<List<Boolean>> commit(List<Settlement> group) {
        return queue.settle(group).then(Mono.fromCallable(() -> {
            tell(group);
            return group.stream().map(each -> Boolean.TRUE).toList();
        }));
    }

    private void tell(List<Settlement> group) {
        if (listeners.isEmpty()) {
            return;
        }
        List<Submitted> submitted = group.stream()
                .filter(Submitted.class::isInstance)
                .map(Submitted.class::cast)
                .toList();
        if (!submitted.isEmpty()) {
            listeners.forEach(listener -> listener.submitted(submitted));
        }
    }
}
