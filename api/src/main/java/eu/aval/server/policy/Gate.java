// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.policy;

import eu.aval.server.consent.Consent;
import eu.aval.server.consent.LegalBasis;
import eu.aval.server.consent.Purpose;
import eu.aval.server.consent.Sender;
import eu.aval.server.consent.Suppression;
import eu.aval.server.policy.Verdict.Grounds;
import eu.aval.server.shared.ProblemType;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a message may be sent: facts in, a verdict out, nothing else touched. Asked when a message is accepted
 * and again when it is about to leave. Where facts are missing it refuses.
 */
public final class Gate {

    /** Goes up when the same facts may get another verdict. */
    public static final String VERSION = "1";

    private static final String COUNTRY_RULE = "TENANT_COUNTRIES";

    private Gate() {}

    public static Verdict decide(Facts facts, Instant now) {
        return switch (facts) {
            case Facts.Unreadable unreadable ->
                new Verdict.Refused(
                        new Grounds(null, null, null, null, null, null, null, now, VERSION),
                        ProblemType.FACTS_UNAVAILABLE,
                        "What the decision needs could not be read.");
            case Facts.Known known -> decide(known, now);
        };
    }

    private static Verdict decide(Facts.Known facts, Instant now) {
        Purpose purpose = facts.purpose();
        Sender sender = facts.sender();
        if (purpose == null) {
            return refused(facts, now, null, ProblemType.PURPOSE_UNKNOWN, "No purpose of this name is declared.");
        }
        if (purpose.retired()) {
            return refused(facts, now, null, ProblemType.PURPOSE_UNKNOWN, "The purpose has been retired.");
        }
        if (sender == null) {
            return refused(facts, now, null, ProblemType.SENDER_NOT_DECLARED, "No sender of this value is declared.");
        }
        if (sender.retired()) {
            return refused(facts, now, null, ProblemType.SENDER_NOT_DECLARED, "The sender has been retired.");
        }
        if (!facts.countries().contains(facts.country())) {
            return refused(
                    facts, now, null, ProblemType.COUNTRY_NOT_ALLOWED, "The tenant does not send to this country.");
        }
        for (Suppression suppression : facts.suppressions()) {
            if (suppression.covers(sender.value(), purpose.messageClass())) {
                return refused(
                        facts, now, null, ProblemType.SUPPRESSED, "The recipient has objected to such messages.");
            }
        }
        if (purpose.legalBasis() != LegalBasis.CONSENT) {
            return new Verdict.Allowed(grounds(facts, now, null));
        }
        Consent consent = facts.consent();
        if (consent == null) {
            return refused(facts, now, null, ProblemType.NO_CONSENT, "No consent is on record for this purpose.");
        }
        if (!consent.isInForce(now)) {
            String why = consent.status() == Consent.Status.WITHDRAWN
                    ? "The consent for this purpose has been withdrawn."
                    : "The consent for this purpose has expired.";
            return refused(facts, now, consent, ProblemType.NO_CONSENT, why);
        }
        return new Verdict.Allowed(grounds(facts, now, consent));
    }

    private static Verdict refused(
            Facts.Known facts, Instant now, @Nullable Consent consent, ProblemType code, String why) {
        return new Verdict.Refused(grounds(facts, now, consent), code, why);
    }

    private static Grounds grounds(Facts.Known facts, Instant now, @Nullable Consent consent) {
        Purpose purpose = facts.purpose();
        Sender sender = facts.sender();
        return new Grounds(
                purpose == null ? null : purpose.key(),
                purpose == null ? null : purpose.legalBasis(),
                consent == null ? null : consent.id(),
                facts.suppressionCheckedAt(),
                sender == null ? null : sender.value(),
                facts.country(),
                COUNTRY_RULE,
                now,
                VERSION);
    }
}
