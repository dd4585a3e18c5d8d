// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.tck;

import eu.aval.spi.config.CarrierConfiguration;
import eu.aval.spi.event.DeliveryState;
import eu.aval.spi.failure.FailureClass;
import eu.aval.spi.text.Address;
import eu.aval.spi.text.Text;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Drives the far side of a carrier: a stub of its server, or the carrier's own test system. Made for each test and
 * closed after it; running when {@link CarrierTckSetup#fixture()} returns. Its methods are called on the test's thread
 * and may block for a moment.
 */
public interface CarrierFixture extends AutoCloseable {

    /** What the far side does with a submit. */
    enum Answer {
        /** Takes it and says so at once. */
        ACCEPT,
        /** Takes it and says so after about 500 ms. */
        ACCEPT_SLOWLY,
        /** Does not take it: too fast. */
        THROTTLE,
        /** Does not take it, for a reason that passes: HTTP 503, SMPP system error. */
        PASSING_ERROR,
        /** Takes it, keeps the connection and never answers. */
        SILENCE,
        /** Takes it and cuts the connection without an answer. */
        CUT_AFTER_WRITE,
        /** Takes it and answers what nobody can read. */
        UNREADABLE,
        /** Is not there: existing connections are cut, new ones refused, until a recipient for another answer is asked. */
        UNREACHABLE
    }

    /** What became of an event that the far side sent to the carrier. */
    interface Sent {

        /** Whether the carrier confirmed it (SMPP: status 0; HTTP: 2xx; polling: the cursor moved past it). */
        boolean isAcknowledged();

        /** Whether the carrier asked for it again (SMPP: any other status; HTTP: 5xx; polling: the cursor stayed). */
        boolean isRefused();
    }

    /** One whole message as the far side understood it, parts put together. */
    record SeenMessage(Address to, Address from, String text) {

        @Override
        public String toString() {
            return "SeenMessage[to " + to + ", from " + from + ", " + text.length() + " chars]";
        }
    }

    /**
     * Settings of an account that reaches this far side: a submit timeout of about one second, and a window of 2 to 16
     * where the carrier has one.
     */
    CarrierConfiguration configuration();

    /**
     * A number to which a submit gets this answer. A far side that cannot tell numbers apart answers like this from now
     * on, and returns any number. Numbers are in E.164.
     */
    Address recipient(Answer answer);

    /** The failures with which the far side can refuse a submit. */
    default Set<FailureClass> refusals() {
        return Set.of();
    }

    /** A number to which a submit is refused for this reason, one of {@link #refusals()}. */
    default Address refusedRecipient(FailureClass reason) {
        throw new UnsupportedOperationException("refusals() lists nothing");
    }

    /** A sender the far side takes. */
    default Address sender() {
        return Address.of(Address.Kind.SHORT_CODE, "36180");
    }

    /**
     * How many submits reached the far side since it was made, repeated ones included; where the carrier sends each part
     * by itself, each counts.
     */
    int submitsSeen();

    /** The messages that the far side took, in order, a repeated key once where it removes duplicates. */
    default List<SeenMessage> messagesSeen() {
        throw new UnsupportedOperationException("has(SHOWS_MESSAGES) is true and there is no messagesSeen()");
    }

    /** The states that a receipt of this carrier can tell. */
    default Set<DeliveryState> receiptStates() {
        return Set.of(DeliveryState.DELIVERED, DeliveryState.UNDELIVERED);
    }

    /**
     * Sends a receipt once, with whatever else receipts of this carrier hold; an excerpt of the message's text above all.
     *
     * @param carrierMessageId as {@code Accepted} had it, or one the carrier has never seen
     * @param reason for a failure, in the carrier's own code; null otherwise
     */
    default Sent sendReceipt(String carrierMessageId, DeliveryState state, @Nullable FailureClass reason) {
        throw new UnsupportedOperationException("has(RECEIPTS) is true and there is no sendReceipt()");
    }

    /** The failures that a receipt with {@link DeliveryState#UNDELIVERED} can tell. */
    default Set<FailureClass> receiptReasons() {
        return Set.of();
    }

    /**
     * Sends a message from a handset once, in as many parts as the carrier would.
     *
     * @param reference the same for the same message sent again
     */
    default Sent sendInbound(String reference, Address from, Address to, Text text) {
        throw new UnsupportedOperationException("has(INBOUND) is true and there is no sendInbound()");
    }

    /** A number of ours to which a handset can write. */
    default Address inboundNumber() {
        return Address.of(Address.Kind.SHORT_CODE, "36180");
    }

    /** Settings that are well formed and cannot work, by name: a port of 70000, a window of 0. */
    default Map<String, String> impossibleSettings() {
        return Map.of();
    }

    /** How long a carrier may take to find the far side again. */
    default Duration recoveryTime() {
        return Duration.ofSeconds(30);
    }

    /** Ends the far side with its connections and threads. */
    @Override
    void close();
}
