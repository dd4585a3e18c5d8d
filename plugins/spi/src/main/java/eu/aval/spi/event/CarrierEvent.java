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
     * A message from a handset, whole: the plugin puts parts together where the carrier does not.
     *
     * @param carrierMessageId used to recognise the same message sent twice
     * @param complete false when parts were missing after the time limit
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
