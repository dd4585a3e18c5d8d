// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.dispatch;

import eu.aval.server.message.MessageStatus;
import eu.aval.server.message.dispatch.ClaimedMessage.Attempt;
import eu.aval.spi.failure.CarrierError;
import eu.aval.spi.failure.FailureClass;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is written about an attempt that ended, and what becomes of its message. */
public sealed interface Settlement {

    Attempt attempt();

    Instant at();

    /** The carrier has it; receipts will name these ids. */
    record Submitted(Attempt attempt, Instant at, List<String> carrierMessageIds) implements Settlement {
        public Submitted {
            carrierMessageIds = List.copyOf(carrierMessageIds);
        }
    }

    /** It will not be sent any more. */
    record Ended(
            Attempt attempt,
            Instant at,
            MessageStatus status,
            FailureClass reason,
            @Nullable CarrierError error) implements Settlement {}

    /**
     * Certainly not sent; it waits again.
     *
     * @param outcome name of what happened, for the timeline
     * @param nextAccountId where it goes next
     */
    record Requeued(
            Attempt attempt,
            Instant at,
            Outcome outcome,
            @Nullable FailureClass reason,
            @Nullable CarrierError error,
            UUID nextAccountId,
            Instant due)
            implements Settlement {}

    /**
     * May have been sent.
     *
     * @param cause why nobody knows
     * @param acceptedIds ids of parts that were answered
     * @param next how the doubt is to be resolved
     * @param due when
     */
    record Doubtful(
            Attempt attempt,
            Instant at,
            String cause,
            @Nullable CarrierError error,
            List<String> acceptedIds,
            Resolution next,
            Instant due)
            implements Settlement {
        public Doubtful {
            acceptedIds = List.copyOf(acceptedIds);
        }
    }

    /** How an attempt ended; stored and shown, so names are stable. */
    enum Outcome {
        ACCEPTED,
        REJECTED,
        THROTTLED,
        UNAVAILABLE,
        UNCERTAIN,
        /** Given back before anything was sent: the node stopped, or the account went away. */
        RELEASED
    }

    /** Ways out of a doubt. */
    enum Resolution {
        /** The carrier removes duplicates: send again under the same key. */
        RESEND,
        /** The carrier can be asked. */
        LOOK_UP,
        /** Only a receipt can tell. */
        WAIT
    }
}
