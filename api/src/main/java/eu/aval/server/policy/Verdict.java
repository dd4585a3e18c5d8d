// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.policy;

import eu.aval.server.consent.LegalBasis;
import eu.aval.server.shared.ProblemType;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the gate says to one message. Stored with it, so that it can be explained years later. */
public sealed interface Verdict {

    Grounds grounds();

    /** It may leave now. */
    record Allowed(Grounds grounds) implements Verdict {}

    /** Not before {@code until}; then it is decided again. */
    record Deferred(Grounds grounds, Instant until, String why) implements Verdict {}

    /**
     * It may not.
     *
     * @param why one sentence without anything personal
     */
    record Refused(Grounds grounds, ProblemType code, String why) implements Verdict {}

    /**
     * What was looked at. Ids and codes only. A member is null where the decision fell before it was looked at.
     *
     * @param consent the record that was relied on, or that was not enough
     * @param suppressionCheckedAt when the suppression list was read
     * @param sender the value shown to the recipient
     * @param country of the recipient
     * @param countryRule {@code TENANT_COUNTRIES}: the list of the tenant decided
     * @param gate version of the rules
     */
    record Grounds(
            @Nullable String purpose,
            @Nullable LegalBasis legalBasis,
            @Nullable UUID consent,
            @Nullable Instant suppressionCheckedAt,
            @Nullable String sender,
            @Nullable String country,
            @Nullable String countryRule,
            Instant decidedAt,
            String gate) {}
}
