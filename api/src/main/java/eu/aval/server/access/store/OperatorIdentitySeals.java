// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access.store;

import eu.aval.server.tenant.SealedColumn;
import org.springframework.stereotype.Component;

/** What issuers know people by. */
@Component
class OperatorIdentitySeals extends SealedColumn {

    OperatorIdentitySeals() {
        super("operator-subjects", Owner.PLATFORM, "operator_identity", "subject_sealed", "$1::uuid is not null");
    }
}
