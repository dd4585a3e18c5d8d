// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.account;

import eu.aval.server.carrier.plugin.Answer;
import eu.aval.server.shared.Characters;
import eu.aval.spi.failure.CarrierError;
import eu.aval.spi.submit.SubmitOutcome;
import eu.aval.spi.submit.SubmitOutcome.Accepted;
import eu.aval.spi.submit.SubmitOutcome.Rejected;
import eu.aval.spi.submit.SubmitOutcome.Throttled;
import eu.aval.spi.submit.SubmitOutcome.Unavailable;
import eu.aval.spi.submit.SubmitOutcome.Uncertain;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What outcomes mean for the account, and which outcome the host gives in place of a plugin. */
final class Outcomes {

    /** A carrier may have a quota for a day. */
    private static final Duration LONGEST_WAIT = Duration.ofDays(1);

    private Outcomes() {}

    /** What the circuit breaker makes of an outcome. */
    enum Weight {
        SUCCESS,
        FAILURE,
        /** Says nothing of how the carrier does. */
        NONE
    }

    static Weight weigh(SubmitOutcome outcome) {
        return switch (outcome) {
            case Accepted accepted -> Weight.SUCCESS;
            case Rejected rejected -> rejected.reason().holdsAccount() ? Weight.FAILURE : Weight.NONE;
            case Throttled throttled -> Weight.NONE;
            case Unavailable unavailable -> Weight.FAILURE;
            case Uncertain uncertain -> Weight.FAILURE;
        };
    }

    /** Label in metrics. */
    static String label(SubmitOutcome outcome) {
        return outcome.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    /** What a plugin that did not answer as it must leaves us with. */
    static SubmitOutcome of(Answer<SubmitOutcome> answer) {
        return switch (answer) {
            case Answer.Value<SubmitOutcome> value -> usable(value.value());
            case Answer.Nothing<SubmitOutcome> nothing -> pluginError("completed without an outcome");
            case Answer.Failed<SubmitOutcome> failed -> pluginError(failed.fault());
            case Answer.Silent<SubmitOutcome> silent ->
                silent.begun()
                        ? SubmitOutcome.uncertain(
                                Uncertain.Cause.TIMEOUT, CarrierError.of("host:timeout", "No outcome in time"))
                        : SubmitOutcome.unavailable(
                                CarrierError.of("host:not-begun", "The plugin did not take it in time"));
        };
    }

    /** What a plugin says as far as it can be kept and acted on: a vendor's answer may hold anything. */
    private static SubmitOutcome usable(SubmitOutcome outcome) {
        return switch (outcome) {
            case Accepted accepted ->
                areIds(accepted.carrierMessageIds())
                        ? accepted
                        : SubmitOutcome.uncertain(
                                Uncertain.Cause.UNREADABLE_ANSWER,
                                CarrierError.of("host:ids", "Accepted under what cannot be an id"));
            case Uncertain uncertain ->
                areIds(uncertain.acceptedIds())
                        ? uncertain
                        : SubmitOutcome.uncertain(uncertain.cause(), uncertain.error());
            case Throttled throttled -> SubmitOutcome.throttled(meant(throttled.retryAfter()), throttled.error());
            case Rejected rejected -> rejected;
            case Unavailable unavailable -> unavailable;
        };
    }

    private static boolean areIds(List<String> ids) {
        return ids.stream().allMatch(Characters::canBeId);
    }

    private static @Nullable Duration meant(@Nullable Duration wait) {
        if (wait == null || wait.isNegative()) {
            return null;
        }
        return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
    }

    private static SubmitOutcome pluginError(String fault) {
        return SubmitOutcome.uncertain(Uncertain.Cause.PLUGIN_ERROR, CarrierError.of("host:plugin-error", fault));
    }

    static SubmitOutcome closed() {
        return SubmitOutcome.unavailable(CarrierError.of("host:closed", "The account is not open on this node"));
    }

    static SubmitOutcome onHold() {
        return SubmitOutcome.unavailable(
                CarrierError.of("host:hold", "The account is on hold until its health is up again"));
    }

    static SubmitOutcome breakerOpen() {
        return SubmitOutcome.unavailable(CarrierError.of("host:breaker-open", "The circuit breaker is open"));
    }

    static SubmitOutcome tooFast(Duration retryAfter) {
        return SubmitOutcome.throttled(retryAfter, CarrierError.of("host:rate", "More parts than the rate allows"));
    }

    static SubmitOutcome windowFull() {
        return SubmitOutcome.throttled(
                Duration.ofMillis(100), CarrierError.of("host:window", "As many under way as allowed"));
    }
}
