// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.delivery;

import eu.aval.spi.event.CarrierEvent.Delivery;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A receipt as a carrier account handed it over. */
record Received(UUID accountId, Delivery delivery, Instant at) {

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
