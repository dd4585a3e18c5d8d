// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.inbound.store;

import eu.aval.server.tenant.SealedColumn;
import org.springframework.stereotype.Component;

/** Parts of what a short code or a name wrote to us. */
@Component
class UnownedPartSeals extends SealedColumn {

    UnownedPartSeals() {
        super(
                "unowned-inbound-parts",
                Owner.TENANT,
                "inbound_part",
                "text_sealed",
                "tenant_id = $1 and subject_id is null");
    }
}
