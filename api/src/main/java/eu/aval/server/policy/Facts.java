// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.policy;

import eu.aval.server.consent.Consent;
import eu.aval.server.consent.Purpose;
import eu.aval.server.consent.Sender;
import eu.aval.server.consent.Suppression;
import eu.aval.server.contact.Age;
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
     * @param leavesAt when it is to leave: now, or later if it was asked for
     */
    record Known(
            @Nullable Purpose purpose,
            @Nullable Sender sender,
            Recipient recipient,
            Permission permission,
            Terms terms,
            Instant leavesAt)
            implements Facts {}

    /**
     * Who receives it, as far as the gate may know.
     *
     * @param age {@link Age#UNKNOWN} where nobody has said
     */
    record Recipient(Place place, Age age) {}

    /**
     * What the recipient has said.
     *
     * @param consent the recipient's newest record for the purpose; null if there is none
     * @param guardian that of a holder of parental authority; null if there is none, or the recipient was never a child here
     * @param suppressions those in force for the recipient
     * @param checkedAt when they were read
     */
    record Permission(
            @Nullable Consent consent, @Nullable Consent guardian, List<Suppression> suppressions, Instant checkedAt) {}

    /**
     * What the tenant is held to.
     *
     * @param countries where it may send
     */
    record Terms(Set<String> countries, RulePack pack) {}

    /** They could not be read. */
    record Unreadable() implements Facts {}
}
