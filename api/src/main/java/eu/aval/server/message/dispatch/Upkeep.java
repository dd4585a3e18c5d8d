// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.dispatch;

import eu.aval.server.carrier.CarrierAccount;
import eu.aval.server.carrier.CarrierAccounts;
import eu.aval.server.message.dispatch.ClaimedMessage.Attempt;
import eu.aval.server.message.dispatch.Settlement.Outcome;
import eu.aval.server.message.dispatch.Settlement.Requeued;
import eu.aval.server.tenant.Trouble;
import eu.aval.spi.Capability;
import eu.aval.spi.failure.CarrierError;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What has to be done from time to time, each at its own pace; any node may do it, also two at once. */
final class Upkeep {

    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);

    private static final int PAGE = 500;

    /** No answer of a claim is under way for so long: what is leased and unknown here was never sent. */
    private static final Duration LOST_LEASE = Duration.ofSeconds(60);

    private final QueueSweeps sweeps;
    private final Settling settling;
    private final OutcomePolicy policy;
    private final HeldAttempts held;
    private final CarrierAccounts accounts;
    private final DoubtResolution doubts;
    private final Replanning replanning;
    private final QueueGauges gauges;
    private final Clock clock;

    Upkeep(
            QueueSweeps sweeps,
            Settling settling,
            OutcomePolicy policy,
            HeldAttempts held,
            CarrierAccounts accounts,
            DoubtResolution doubts,
            Replanning replanning,
            QueueGauges gauges,
            Clock clock) {
        this.sweeps = sweeps;
        this.settling = settling;
        this.policy = policy;
        this.held = held;
        this.accounts = accounts;
        this.doubts = doubts;
        this.replanning = replanning;
        this.gauges = gauges;
        this.clock = clock;
    }

    Disposable start() {
        return Disposables.composite(
                every(Duration.ofSeconds(1), "Moving to other routes", replanning::replan),
                every(Duration.ofSeconds(2), "Resolving doubts", doubts::resolve),
                every(Duration.ofSeconds(5), "Recovering from dead nodes", this::recover),
                every(Duration.ofSeconds(10), "Measuring the queue", gauges::measure),
                every(Duration.ofSeconds(20), "Expiring messages", this::expire),
                every(Duration.ofSeconds(30), "Releasing lost leases", this::releaseLost),
                every(
                        Duration.ofSeconds(60),
                        "Ending what stays silent",
                        () -> sweeps.endSilent().then()));
    }

    /** After a restore: nobody here knows what was sent since the backup was made. */
    Mono<Void> abandon(Instant dueBefore) {
        return sweeps.abandon(dueBefore, PAGE * 20)
                .repeat()
                .takeUntil(abandoned -> abandoned == 0)
                .reduce(Long::sum)
                .doOnNext(abandoned -> LOG.warn(
                        "{} messages were due before {} and may have been sent: they become uncertain",
                        abandoned,
                        dueBefore))
                .then();
    }

    /** What dead nodes had leased may have been sent. */
    Mono<Void> recover() {
        return sweeps.abandoned(PAGE).flatMap(abandoned -> {
            if (abandoned.isEmpty()) {
                return sweeps.forgetDead();
            }
            LOG.warn("{} attempts of nodes that are gone: nobody knows whether they were sent", abandoned.size());
            return Flux.fromIterable(abandoned)
                    .flatMap(
                            attempt -> settling.settle(policy.doubtful(
                                    attempt,
                                    capabilities(attempt),
                                    "NODE_LOST",
                                    CarrierError.of("NODE_LOST"),
                                    List.of(),
                                    clock.instant())),
                            PAGE)
                    .then(Mono.defer(this::recover));
        });
    }

    /** A claim whose answer never came has leased messages that this node does not know of and has not sent. */
    Mono<Void> releaseLost() {
        return sweeps.own(LOST_LEASE, PAGE)
                .flatMapMany(Flux::fromIterable)
                .filter(attempt -> !held.contains(attempt))
                .flatMap(attempt -> settling.settle(new Requeued(
                        attempt, clock.instant(), Outcome.RELEASED, null, null, attempt.accountId(), clock.instant())))
                .then();
    }

    private Mono<Void> expire() {
        return sweeps.expireOverdue(PAGE * 4).flatMap(expired -> expired < PAGE * 4 ? Mono.empty() : expire());
    }

    private Set<Capability> capabilities(Attempt attempt) {
        CarrierAccount account = accounts.find(attempt.accountId());
        return account == null ? Set.of() : account.capabilities();
    }

    private static Disposable every(Duration pace, String what, Supplier<Mono<Void>> work) {
        return new Trouble(LOG, what).every(pace, work);
    }
}
