// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.policy;

import eu.aval.server.consent.Consent;
import eu.aval.server.consent.Purpose;
import eu.aval.server.consent.Sender;
import eu.aval.server.consent.Suppression;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the gate decides from. */
public sealed interface Facts {

    /**
     * All that is on record, read together.
     *
     * @param purpose null if none of that name was declared
     * @param sender null if none of that value was declared
     * @param country ISO 3166-1 alpha-2 of the recipient
     * @param countries where the tenant may send
     * @param consent the newest record for the purpose; null if there is none
     * @param suppressions those in force for the recipient
     * @param suppressionCheckedAt when they were read
     */
    record Known(
            @Nullable Purpose purpose,
            @Nullable Sender sender,
            String country,
            Set<String> countries,
            @Nullable Consent consent,
            List<Suppression> suppressions,
            Instant suppressionCheckedAt)
            implements Facts {}

    /** They could not be read. */
    record Unreadable() implements Facts {}
}
