// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.dispatch;

import eu.aval.server.carrier.CarrierAccount;
import eu.aval.server.carrier.CarrierAccounts;
import eu.aval.server.encryption.SealBroken;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.message.dispatch.ClaimedMessage.Attempt;
import eu.aval.server.message.dispatch.Doubts.Doubt;
import eu.aval.server.message.dispatch.Doubts.Reason;
import eu.aval.server.message.dispatch.Settlement.Submitted;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.Trouble;
import eu.aval.spi.submit.MessageClass;
import eu.aval.spi.submit.Reconciliation;
import eu.aval.spi.submit.SubmitRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Finds out what became of uncertain submits. A carrier that can be asked is asked three times over five minutes; for
 * the others there is only the wait for a receipt, and then the rule of the message's class: by default it stays
 * uncertain.
 */
final class DoubtResolution {

    private static final Logger LOG = LoggerFactory.getLogger(DoubtResolution.class);
    private static final Trouble RESOLVING = new Trouble(LOG, "Resolving a doubt");

    /** From look to look: at 30 s, 2 min and 5 min after the submit. */
    private static final List<Duration> PAUSES = List.of(Duration.ofSeconds(90), Duration.ofMinutes(3));

    private static final int AT_ONCE = 100;
    private static final int ASKED_AT_ONCE = 10;

    private final Doubts doubts;
    private final CarrierAccounts accounts;
    private final Opening opening;
    private final List<SubmittedListener> listeners;
    private final DispatchSignal signal;
    private final Set<MessageClass> resend;
    private final Clock clock;

    DoubtResolution(
            Doubts doubts,
            CarrierAccounts accounts,
            Opening opening,
            List<SubmittedListener> listeners,
            DispatchSignal signal,
            Set<MessageClass> resend,
            Clock clock) {
        this.doubts = doubts;
        this.accounts = accounts;
        this.opening = opening;
        this.listeners = listeners;
        this.signal = signal;
        this.resend = resend;
        this.clock = clock;
    }

    /** Takes the next step with those that are due. */
    Mono<Void> resolve() {
        List<UUID> open = accounts.open().stream().map(CarrierAccount::id).toList();
        return doubts.due(open, AT_ONCE)
                .flatMapMany(Flux::fromIterable)
                .flatMap(doubt -> RESOLVING.watch(resolve(doubt)).onErrorComplete(), ASKED_AT_ONCE)
                .then();
    }

    private Mono<Void> resolve(Doubt doubt) {
        return switch (doubt.step()) {
            case LOOK_UP -> lookUp(doubt);
            case WAIT, RESEND -> waited(doubt);
        };
    }

    private Mono<Void> lookUp(Doubt doubt) {
        Attempt attempt = doubt.message().attempt();
        CarrierAccount account = accounts.find(attempt.accountId());
        if (account == null) {
            return Mono.empty();
        }
        TenantId tenant = attempt.tenant();
        return opening.keysOf(List.of(tenant))
                .map(keys -> open(doubt, keys))
                .onErrorResume(
                        SealBroken.class,
                        broken -> opening.newestKeysOf(List.of(tenant)).map(keys -> open(doubt, keys)))
                .flatMap(account::reconcile)
                .flatMap(answer -> switch (answer) {
                    case Reconciliation.Found found -> found(attempt, found.carrierMessageIds());
                    case Reconciliation.NotFound notFound ->
                        doubt.looks() < PAUSES.size()
                                ? doubts.lookAgain(attempt, clock.instant().plus(PAUSES.get(doubt.looks())))
                                : queueAgain(attempt, Reason.NOT_FOUND);
                    case Reconciliation.Unsupported unsupported -> waited(doubt);
                });
    }

    private SubmitRequest open(Doubt doubt, Map<TenantId, TenantKeys> keys) {
        TenantId tenant = doubt.message().attempt().tenant();
        return opening.open(doubt.message(), Objects.requireNonNull(keys.get(tenant)), clock.instant());
    }

    private Mono<Void> found(Attempt attempt, List<String> carrierMessageIds) {
        Instant now = clock.instant();
        return doubts.found(attempt, carrierMessageIds, now)
                .doOnSuccess(done -> listeners.forEach(
                        listener -> listener.submitted(List.of(new Submitted(attempt, now, carrierMessageIds)))));
    }

    private Mono<Void> waited(Doubt doubt) {
        Attempt attempt = doubt.message().attempt();
        return resend.contains(doubt.message().messageClass())
                ? queueAgain(attempt, Reason.DUPLICATE_HARMLESS)
                : doubts.leave(attempt);
    }

    private Mono<Void> queueAgain(Attempt attempt, Reason reason) {
        return doubts.queueAgain(attempt, reason, attempt.accountId())
                .doOnSuccess(done -> signal.queued(attempt.accountId()));
    }
}
