// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.spi.event;

import eu.aval.spi.failure.CarrierError;
import eu.aval.spi.failure.FailureClass;
import eu.aval.spi.text.Address;
import eu.aval.spi.text.Text;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something the carrier told us outside of a submit. Handed to {@link CarrierEventSink#emit}; the carrier is only
 * acknowledged when that completes.
 */
public sealed interface CarrierEvent {

    /**
     * A delivery receipt for a message or one of its parts.
     *
     * @param carrierMessageIds the id in the receipt, and other ways to write it when the carrier is known to change it
     *     between submit and receipt (hex and decimal); the first that is known wins
     * @param messageId the platform's own id, when the carrier echoes it
     * @param recipient whom it was sent to, as far as the receipt tells
     * @param reason set when the state is a failure
     * @param error the carrier's own code
     * @param at when it happened at the carrier, or now
     * @param raw the receipt as it came, for the record; stored sealed. Its text excerpt must be cut out before
     */
    record Delivery(
            List<String> carrierMessageIds,
            @Nullable UUID messageId,
            @Nullable Address recipient,
            DeliveryState state,
            @Nullable FailureClass reason,
            @Nullable CarrierError error,
            Instant at,
            @Nullable Text raw)
            implements CarrierEvent {
        public Delivery {
            carrierMessageIds = List.copyOf(carrierMessageIds);
            if (carrierMessageIds.isEmpty() && messageId == null) {
                throw new IllegalArgumentException("A receipt names its message by at least one id");
            }
            Objects.requireNonNull(state, "state");
            Objects.requireNonNull(at, "at");
        }
    }

    /**
     * A message from a handset, whole. Where the carrier does not put parts together, each is an {@link InboundPart}.
     *
     * @param carrierMessageId used to recognise the same message sent twice
     * @param complete false when the carrier put it together and parts were missing
     */
    record Inbound(String carrierMessageId, Address from, Address to, Text text, Instant receivedAt, boolean complete)
            implements CarrierEvent {
        public Inbound {
            Objects.requireNonNull(carrierMessageId, "carrierMessageId");
            Objects.requireNonNull(from, "from");
            Objects.requireNonNull(to, "to");
            Objects.requireNonNull(text, "text");
            Objects.requireNonNull(receivedAt, "receivedAt");
        }
    }

    /**
     * A part of a message from a handset. The platform puts parts together, also those that come by another connection, to
     * another node or after a restart; the plugin keeps nothing. What is not whole in time is taken as it is.
     *
     * @param carrierMessageId the id of this part: the same when it is sent again
     * @param reference what the parts of one message have in common, besides both addresses and the total; it may come
     *     round again
     * @param total of the message, 2 to 255
     * @param number of this part, 1 to {@code total}
     * @param text of this part. A pair that was cut in two stays so: half a surrogate pair, or {@code U+001B} as the last
     *     character for a GSM-7 escape whose second septet begins the next part
     */
    record InboundPart(
            String carrierMessageId,
            Address from,
            Address to,
            int reference,
            int total,
            int number,
            Text text,
            Instant receivedAt)
            implements CarrierEvent {
        public InboundPart {
            Objects.requireNonNull(carrierMessageId, "carrierMessageId");
            Objects.requireNonNull(from, "from");
            Objects.requireNonNull(to, "to");
            Objects.requireNonNull(text, "text");
            Objects.requireNonNull(receivedAt, "receivedAt");
            if (total < 2 || total > 255) {
                throw new IllegalArgumentException("A message in parts has 2 to 255 of them");
            }
            if (number < 1 || number > total) {
                throw new IllegalArgumentException("A part has a number from 1 to the total");
            }
        }
    }

    /**
     * The carrier's own list changed: a person refused or allowed messages with the carrier.
     *
     * @param sender the sender concerned; null is all senders of the account
     */
    record OptChange(Address number, @Nullable Address sender, boolean optedOut, Instant at) implements CarrierEvent {
        public OptChange {
            Objects.requireNonNull(number, "number");
            Objects.requireNonNull(at, "at");
        }
    }
}
