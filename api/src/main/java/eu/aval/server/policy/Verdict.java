// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.policy;

import eu.aval.server.consent.LegalBasis;
import eu.aval.server.shared.ProblemType;
import java.time.Instant;
import java.util.List;
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
     * @param rules what the rule pack had to say
     * @param gate version of the gate
     */
    record Grounds(
            @Nullable String purpose,
            @Nullable LegalBasis legalBasis,
            @Nullable UUID consent,
            @Nullable Instant suppressionCheckedAt,
            @Nullable String sender,
            @Nullable String country,
            @Nullable String countryRule,
            @Nullable Rules rules,
            Instant decidedAt,
            String gate) {}

    /**
     * What a rule pack had to say.
     *
     * @param pack id and version, such as {@code GUIDE/1}
     * @param decisive the rule that refused or deferred; null if none did
     * @param zone whose clock was looked at; null if the hour did not matter
     * @param window the hours that it falls into, such as {@code 08:00-20:00}
     * @param warnings codes; null if there are none
     * @param guardianConsent the record of a holder of parental authority that was looked at, too; null if there is none
     */
    record Rules(
            String pack,
            @Nullable String decisive,
            @Nullable String zone,
            @Nullable String window,
            @Nullable List<String> warnings,
            @Nullable UUID guardianConsent) {}
}
