// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.policy;

import eu.aval.server.consent.Consent;
import eu.aval.server.consent.LegalBasis;
import eu.aval.server.consent.Purpose;
import eu.aval.server.consent.Sender;
import eu.aval.server.consent.Suppression;
import eu.aval.server.shared.ProblemType;
import java.time.Instant;

/** What the recipient has said: an objection stands before any consent. */
final class PermissionChecks {

    static final String SUPPRESSION = "SUPPRESSION";
    static final String CONSENT = "CONSENT";

    private PermissionChecks() {}

    static Finding suppression(Facts.Known facts, Instant now) {
        Purpose purpose = facts.purpose();
        Sender sender = facts.sender();
        if (purpose == null || sender == null) {
            return new Finding.NotConcerned(SUPPRESSION);
        }
        for (Suppression suppression : facts.permission().suppressions()) {
            if (suppression.covers(sender.value(), purpose.messageClass())) {
                return new Finding.Forbidden(
                        SUPPRESSION, ProblemType.SUPPRESSED, "The recipient has objected to such messages.");
            }
        }
        return new Finding.Passed(SUPPRESSION);
    }

    static Finding consent(Facts.Known facts, Instant now) {
        Purpose purpose = facts.purpose();
        if (purpose == null || purpose.legalBasis() != LegalBasis.CONSENT) {
            return new Finding.NotConcerned(CONSENT);
        }
        Consent consent = facts.permission().consent();
        if (consent == null) {
            return new Finding.Forbidden(CONSENT, ProblemType.NO_CONSENT, "No consent is on record for this purpose.");
        }
        if (consent.isInForce(now)) {
            return new Finding.Passed(CONSENT);
        }
        return new Finding.Forbidden(
                CONSENT,
                ProblemType.NO_CONSENT,
                consent.status() == Consent.Status.WITHDRAWN
                        ? "The consent for this purpose has been withdrawn."
                        : "The consent for this purpose has expired.");
    }
}
