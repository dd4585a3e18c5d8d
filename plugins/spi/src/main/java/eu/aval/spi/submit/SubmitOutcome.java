// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.spi.submit;

import eu.aval.spi.failure.CarrierError;
import eu.aval.spi.failure.FailureClass;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What came of one submit. Exactly one of these for every request; everything a carrier is expected to answer is a
 * value here, and an error signal is a bug of the plugin, which the host records as {@link Uncertain}.
 *
 * <p>The line that matters most runs between {@link Unavailable} and {@link Uncertain}: as long as no byte of the
 * request can have reached the carrier it is unavailable, and the host will try again; from then on, without a readable
 * answer, it is uncertain, and the host will never send it again blindly.
 */
public sealed interface SubmitOutcome {

    /**
     * The carrier has the message.
     *
     * @param carrierMessageIds one id per part in order, or one for the whole message; receipts are matched with them.
     *     In the form in which the plugin's {@code Delivery} events carry them
     * @param parts how many parts the carrier counts, when it says so
     */
    record Accepted(
            List<String> carrierMessageIds, @Nullable Integer parts) implements SubmitOutcome {
        public Accepted {
            carrierMessageIds = List.copyOf(carrierMessageIds);
        }
    }

    /** The carrier refused it; nothing was sent, and the same request would be refused again. */
    record Rejected(FailureClass reason, CarrierError error) implements SubmitOutcome {
        public Rejected {
            Objects.requireNonNull(reason, "reason");
            Objects.requireNonNull(error, "error");
        }
    }

    /**
     * Not processed: too fast. The host waits and lowers its rate.
     *
     * @param retryAfter how long to wait, when the carrier says so
     */
    record Throttled(@Nullable Duration retryAfter, CarrierError error) implements SubmitOutcome {
        public Throttled {
            Objects.requireNonNull(error, "error");
        }
    }

    /** Certainly not sent: no connection, not bound, refused with a passing error. The host tries again or elsewhere. */
    record Unavailable(CarrierError error) implements SubmitOutcome {
        public Unavailable {
            Objects.requireNonNull(error, "error");
        }
    }

    /**
     * May have been sent: bytes left and no readable answer came.
     *
     * @param acceptedIds the ids of those parts that were answered before the trouble; receipts for them still count
     */
    record Uncertain(Cause cause, CarrierError error, List<String> acceptedIds) implements SubmitOutcome {

        /** Why nobody knows. */
        public enum Cause {
            TIMEOUT,
            CONNECTION_LOST,
            UNREADABLE_ANSWER,
            /** Some parts of the message were taken and others were not. */
            PARTIALLY_SENT,
            /** The plugin failed. */
            PLUGIN_ERROR
        }

        public Uncertain {
            Objects.requireNonNull(cause, "cause");
            Objects.requireNonNull(error, "error");
            acceptedIds = List.copyOf(acceptedIds);
        }
    }

    static SubmitOutcome accepted(String carrierMessageId) {
        return new Accepted(List.of(carrierMessageId), null);
    }

    static SubmitOutcome accepted(List<String> carrierMessageIds) {
        return new Accepted(carrierMessageIds, null);
    }

    static SubmitOutcome rejected(FailureClass reason, CarrierError error) {
        return new Rejected(reason, error);
    }

    static SubmitOutcome throttled(@Nullable Duration retryAfter, CarrierError error) {
        return new Throttled(retryAfter, error);
    }

    static SubmitOutcome unavailable(CarrierError error) {
        return new Unavailable(error);
    }

    static SubmitOutcome uncertain(Uncertain.Cause cause, CarrierError error) {
        return new Uncertain(cause, error, List.of());
    }
}
