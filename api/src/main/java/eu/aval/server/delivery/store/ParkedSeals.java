// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.delivery.store;

import eu.aval.server.tenant.SealedColumn;
import org.springframework.stereotype.Component;

/** Receipts that wait for their message. */
@Component
class ParkedSeals extends SealedColumn {

    ParkedSeals() {
        super("parked-receipts", Owner.PLATFORM, "parked_receipt", "event_sealed", "$1::uuid is not null");
    }
}
