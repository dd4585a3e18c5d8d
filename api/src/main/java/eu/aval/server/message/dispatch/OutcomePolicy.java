// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.dispatch;

import eu.aval.server.message.MessageStatus;
import eu.aval.server.message.dispatch.ClaimedMessage.Attempt;
import eu.aval.server.message.dispatch.Settlement.Doubtful;
import eu.aval.server.message.dispatch.Settlement.Ended;
import eu.aval.server.message.dispatch.Settlement.Outcome;
import eu.aval.server.message.dispatch.Settlement.Requeued;
import eu.aval.server.message.dispatch.Settlement.Resolution;
import eu.aval.server.message.dispatch.Settlement.Submitted;
import eu.aval.spi.Capability;
import eu.aval.spi.failure.CarrierError;
import eu.aval.spi.failure.FailureClass;
import eu.aval.spi.submit.SubmitOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.DoubleSupplier;

/**
 * What follows from the outcome of a submit: a pure function of it, the message and the other ways it could go.
 *
 * <p>The one rule above all: what may have been sent is never sent again blindly, and never through another account.
 */
final class OutcomePolicy {

    /** Resends under the same key, then only a receipt can tell. */
    private static final int RESENDS = 3;

    static final Duration FIRST_LOOK = Duration.ofSeconds(30);
    static final Duration WAIT_FOR_RECEIPT = Duration.ofMinutes(15);
    private static final Duration LONGEST_BACKOFF = Duration.ofMinutes(5);

    private final int maximumAttempts;
    private final DoubleSupplier random;

    /**
     * @param maximumAttempts after so many tries a message has failed
     * @param random from 0 to 1
     */
    OutcomePolicy(int maximumAttempts, DoubleSupplier random) {
        this.maximumAttempts = maximumAttempts;
        this.random = random;
    }

    /**
     * Decides.
     *
     * @param capabilities of the account that was tried
     * @param others accounts that can send this message now, without the one that was tried, the best first
     */
    Settlement decide(
            ClaimedMessage message,
            Set<Capability> capabilities,
            SubmitOutcome outcome,
            List<UUID> others,
            Instant now) {
        Attempt attempt = message.attempt();
        return switch (outcome) {
            case SubmitOutcome.Accepted accepted -> new Submitted(attempt, now, accepted.carrierMessageIds());
            case SubmitOutcome.Rejected rejected -> rejected(message, capabilities, rejected, others, now);
            case SubmitOutcome.Throttled throttled -> {
                Duration wait = throttled.retryAfter() == null ? backoff(attempt.number()) : throttled.retryAfter();
                yield again(
                        message,
                        Outcome.THROTTLED,
                        FailureClass.THROTTLED,
                        throttled.error(),
                        attempt.accountId(),
                        now,
                        now.plus(spread(wait)));
            }
            case SubmitOutcome.Unavailable unavailable -> {
                boolean elsewhere = !message.pinned() && !others.isEmpty();
                yield again(
                        message,
                        Outcome.UNAVAILABLE,
                        FailureClass.ROUTE_DOWN,
                        unavailable.error(),
                        elsewhere ? others.getFirst() : attempt.accountId(),
                        now,
                        elsewhere ? now : now.plus(spread(backoff(attempt.number()))));
            }
            case SubmitOutcome.Uncertain uncertain ->
                doubtful(
                        attempt,
                        capabilities,
                        uncertain.cause().name(),
                        uncertain.error(),
                        uncertain.acceptedIds(),
                        now);
        };
    }

    /** Nothing was sent: the message goes back as if it had not been taken. */
    Settlement released(ClaimedMessage message, List<UUID> others, Instant now, Duration pause) {
        Attempt attempt = message.attempt();
        boolean elsewhere = !message.pinned() && !others.isEmpty();
        return new Requeued(
                attempt,
                now,
                Outcome.RELEASED,
                null,
                null,
                elsewhere ? others.getFirst() : attempt.accountId(),
                elsewhere ? now : now.plus(pause));
    }

    /** Nobody knows whether it was sent. */
    Doubtful doubtful(
            Attempt attempt,
            Set<Capability> capabilities,
            String cause,
            CarrierError error,
            List<String> acceptedIds,
            Instant now) {
        // With some parts taken a repetition would send those twice, whatever the key
        if (acceptedIds.isEmpty() && capabilities.contains(Capability.DEDUPLICATION) && attempt.number() <= RESENDS) {
            Instant due = now.plus(spread(Duration.ofSeconds(5L << attempt.number())));
            return new Doubtful(attempt, now, cause, error, acceptedIds, Resolution.RESEND, due);
        }
        if (acceptedIds.isEmpty() && capabilities.contains(Capability.RECONCILE)) {
            return new Doubtful(attempt, now, cause, error, acceptedIds, Resolution.LOOK_UP, now.plus(FIRST_LOOK));
        }
        return new Doubtful(attempt, now, cause, error, acceptedIds, Resolution.WAIT, now.plus(WAIT_FOR_RECEIPT));
    }

    private Settlement rejected(
            ClaimedMessage message,
            Set<Capability> capabilities,
            SubmitOutcome.Rejected rejected,
            List<UUID> others,
            Instant now) {
        Attempt attempt = message.attempt();
        FailureClass reason = rejected.reason();
        if (reason == FailureClass.DUPLICATE && message.pinned() && capabilities.contains(Capability.DEDUPLICATION)) {
            // The key is ours: the submit nobody was certain of had arrived
            return new Submitted(attempt, now, List.of());
        }
        if (message.pinned()) {
            return doubtful(attempt, Set.of(), reason.name(), rejected.error(), List.of(), now);
        }
        List<UUID> untried = others.stream()
                .filter(account -> !message.refusedBy().contains(account))
                .toList();
        if (reason.allowsFailover() && !untried.isEmpty() && attempt.number() < maximumAttempts) {
            return new Requeued(attempt, now, Outcome.REJECTED, reason, rejected.error(), untried.getFirst(), now);
        }
        boolean passes = reason.holdsAccount()
                || reason == FailureClass.THROTTLED
                || (reason.allowsFailover() && !reason.isPermanent());
        if (passes) {
            return again(
                    message,
                    Outcome.REJECTED,
                    reason,
                    rejected.error(),
                    attempt.accountId(),
                    now,
                    now.plus(spread(backoff(attempt.number()))));
        }
        MessageStatus status = reason == FailureClass.EXPIRED ? MessageStatus.EXPIRED : MessageStatus.REJECTED;
        return new Ended(attempt, now, status, reason, rejected.error());
    }

    private Settlement again(
            ClaimedMessage message,
            Outcome outcome,
            FailureClass reason,
            CarrierError error,
            UUID accountId,
            Instant now,
            Instant due) {
        if (message.attempt().number() >= maximumAttempts && !message.pinned()) {
            return new Ended(message.attempt(), now, MessageStatus.UNDELIVERED, reason, error);
        }
        return new Requeued(message.attempt(), now, outcome, reason, error, accountId, due);
    }

    private static Duration backoff(int attempt) {
        Duration grown = Duration.ofSeconds(1L << Math.min(attempt - 1, 16));
        return grown.compareTo(LONGEST_BACKOFF) > 0 ? LONGEST_BACKOFF : grown;
    }

    /** Half to one and a half of it, so that those who failed together do not come back together. */
    private Duration spread(Duration wait) {
        return Duration.ofMillis((long) (wait.toMillis() * (0.5 + random.getAsDouble())));
    }
}
