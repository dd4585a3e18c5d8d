// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.delivery;

import eu.aval.server.message.MessageStatus;
import eu.aval.spi.event.DeliveryState;
import eu.aval.spi.failure.FailureClass;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a message stands, from the states of its parts: a pure function, so that the order in which receipts came cannot
 * show.
 *
 * @param status null while no receipt told anything
 * @param partsDelivered how many parts are known to have arrived
 */
record Progress(
        @Nullable MessageStatus status,
        int partsDelivered,
        @Nullable FailureClass reason,
        @Nullable String carrierCode) {

    /** What went wrong with the message when parts failed in different ways: the most telling first. */
    private static final List<DeliveryState> BY_WEIGHT = List.of(
            DeliveryState.REJECTED,
            DeliveryState.UNDELIVERED,
            DeliveryState.EXPIRED,
            DeliveryState.CANCELLED,
            DeliveryState.UNKNOWN);

    /** Rank of the final failures; which of them it is may still change with the next part. */
    private static final int FAILED = 5;

    /**
     * The progress of one attempt.
     *
     * @param parts states of the parts the carrier gave ids for; of one whole message, its only state
     * @param whole whether the only state speaks for all parts
     * @param expected parts of the message
     */
    static Progress of(Collection<PartState> parts, boolean whole, int expected) {
        int delivered = (int) parts.stream().filter(PartState::isDelivered).count();
        int counted = whole && delivered > 0 ? expected : delivered;
        if (counted >= expected) {
            return new Progress(MessageStatus.DELIVERED, expected, null, null);
        }
        PartState failure = parts.stream()
                .filter(PartState::isFailed)
                .min(Comparator.comparingInt((PartState part) -> BY_WEIGHT.indexOf(part.state()))
                        .thenComparing(part -> String.valueOf(part.reason()))
                        .thenComparing(part -> String.valueOf(part.carrierCode())))
                .orElse(null);
        if (failure != null) {
            return new Progress(
                    counted > 0 ? MessageStatus.PARTIALLY_DELIVERED : ended(failure.state()),
                    counted,
                    failure.reason(),
                    failure.carrierCode());
        }
        boolean left = parts.stream()
                .map(PartState::state)
                .filter(Objects::nonNull)
                .anyMatch(state -> state.rank() >= DeliveryState.SENT.rank());
        boolean taken = parts.stream().anyMatch(part -> part.state() != null);
        MessageStatus status = left ? MessageStatus.ENROUTE : taken ? MessageStatus.SUBMITTED : null;
        return new Progress(status, counted, null, null);
    }

    /** The better of two attempts at one message: the one that came further. */
    Progress or(Progress other) {
        return rank(other.status) > rank(status) ? other : this;
    }

    /**
     * Whether a message that stands at {@code current} moves to this. What the platform itself concluded from silence
     * ({@code UNKNOWN}, {@code UNCERTAIN}) gives way to any word of the carrier.
     */
    boolean moves(MessageStatus current) {
        int rank = rank(status);
        return rank > rank(current) || (rank == FAILED && rank(current) == FAILED && status != current);
    }

    private static MessageStatus ended(@Nullable DeliveryState state) {
        return switch (state) {
            case REJECTED -> MessageStatus.REJECTED;
            case EXPIRED -> MessageStatus.EXPIRED;
            case CANCELLED -> MessageStatus.CANCELLED;
            case UNDELIVERED -> MessageStatus.UNDELIVERED;
            case UNKNOWN -> MessageStatus.UNKNOWN;
            case ACCEPTED, SENT, BUFFERED, DELIVERED -> throw new IllegalStateException("Not a failure: " + state);
            case null -> throw new IllegalStateException("Not a failure: no state");
        };
    }

    private static int rank(@Nullable MessageStatus status) {
        return switch (status) {
            case null -> -1;
            case SCHEDULED, QUEUED -> 0;
            case UNCERTAIN -> 1;
            case SUBMITTED -> 2;
            case ENROUTE -> 3;
            case UNKNOWN -> 4;
            case UNDELIVERED, EXPIRED, REJECTED, CANCELLED -> FAILED;
            case PARTIALLY_DELIVERED -> 6;
            case DELIVERED -> 7;
            // Never left us: no receipt can speak of it
            case BLOCKED -> 8;
        };
    }
}
