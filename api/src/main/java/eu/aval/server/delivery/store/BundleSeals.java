// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.delivery.store;

import eu.aval.server.tenant.SealedColumn;
import org.springframework.stereotype.Component;

/** Receipts that are not applied yet. */
@Component
class BundleSeals extends SealedColumn {

    BundleSeals() {
        super("receipt-bundles", Owner.PLATFORM, "receipt_bundle", "events_sealed", "$1::uuid is not null");
    }
}
