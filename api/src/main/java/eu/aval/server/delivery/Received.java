// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.delivery;

import eu.aval.server.shared.Characters;
import eu.aval.server.shared.TimeOrderedId;
import eu.aval.spi.event.CarrierEvent.Delivery;
import eu.aval.spi.failure.CarrierError;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A receipt as a carrier account handed it over.
 *
 * @param id under which it is on record; taken twice it is there once
 */
record Received(UUID id, UUID accountId, Delivery delivery, Instant at) {

    Received(UUID accountId, Delivery delivery, Instant at) {
        this(TimeOrderedId.next(), accountId, delivery, at);
    }

    /** Whether the database takes its ids and codes as they are. */
    boolean isStorable() {
        CarrierError error = delivery.error();
        return delivery.carrierMessageIds().stream().allMatch(Characters::canBeId)
                && (error == null || Characters.canBeId(error.code()));
    }

    /** What a parked receipt waits for; our own id is told apart from the carrier's. */
    List<String> waitsFor() {
        List<String> ids = new ArrayList<>(delivery.carrierMessageIds());
        if (delivery.messageId() != null) {
            ids.add(ours(delivery.messageId()));
        }
        return ids;
    }

    static String ours(UUID messageId) {
        return "message:" + messageId;
    }
}
