// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.inbound.store;

import eu.aval.server.tenant.SealedColumn;
import org.springframework.stereotype.Component;

/** What a short code or a name wrote to us: no person whose key could seal it. */
@Component
class UnownedSeals extends SealedColumn {

    UnownedSeals() {
        super(
                "unowned-inbound-messages",
                Owner.TENANT,
                "inbound_message",
                "text_sealed",
                "tenant_id = $1 and subject_id is null");
    }
}
