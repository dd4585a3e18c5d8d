// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.delivery;

import eu.aval.spi.event.DeliveryState;
import eu.aval.spi.failure.FailureClass;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far one part came.
 *
 * @param state null until a receipt told
 * @param reason why it failed, when it did
 */
record PartState(
        @Nullable DeliveryState state,
        @Nullable Instant at,
        @Nullable FailureClass reason,
        @Nullable String carrierCode) {

    static final PartState SILENT = new PartState(null, null, null, null);

    /**
     * This part after a receipt. States only move forward by rank: of two final states the first stays, except that
     * DELIVERED corrects any other. The same object when the receipt changes nothing.
     */
    PartState after(PartState receipt) {
        if (receipt.state == null) {
            return this;
        }
        return state == null || receipt.state.rank() > state.rank() ? receipt : this;
    }

    boolean isDelivered() {
        return state == DeliveryState.DELIVERED;
    }

    boolean isFailed() {
        return state != null && state.isFinal() && !isDelivered();
    }
}
