// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.inbound.store;

import eu.aval.server.tenant.PassingIndexes;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * Of messages in parts: found under the earlier keys for the hour and some minutes that they are there. No part is older than
 * what it belongs to, so none is under an earlier key.
 */
@Component
class PartIndexes extends PassingIndexes {

    PartIndexes() {
        super(
                "inbound-parts",
                "inbound_assembly",
                "group_index",
                Set.of("inbound_assembly.group_index", "inbound_part.text_index"));
    }
}
