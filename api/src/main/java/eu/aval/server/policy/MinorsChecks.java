// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.policy;

import eu.aval.server.consent.Consent;
import eu.aval.server.consent.LegalBasis;
import eu.aval.server.consent.Purpose;
import eu.aval.server.contact.Age;
import eu.aval.server.contact.AgeBand;
import eu.aval.server.shared.ProblemType;
import java.time.Instant;
import java.time.LocalDate;

/**
 * What recipients who are not of full age may get, and who has to agree. Of whom nobody has said how old they are gets what
 * everybody gets, unless the purpose is directed at minors.
 */
final class MinorsChecks {

    static final String AGE = "AGE";
    static final String JOINT_CONSENT = "JOINT_CONSENT";

    private MinorsChecks() {}

    /** Whether the recipient is old enough for such messages. */
    static Finding age(Facts.Known facts, Instant now) {
        Purpose purpose = facts.purpose();
        if (purpose == null) {
            return new Finding.NotConcerned(AGE);
        }
        RulePack pack = facts.terms().pack();
        RulePack.Minors rule = pack.minors();
        AgeBand band = facts.recipient().age().on(Citation.dayOf(facts));
        return switch (band) {
            case UNKNOWN ->
                purpose.directedAtMinors()
                        ? new Finding.Forbidden(
                                AGE,
                                ProblemType.AGE_BAND_REQUIRED,
                                "The purpose is directed at minors, and the recipient's age band is not on record.")
                        : new Finding.NotConcerned(AGE);
            case ADULT -> new Finding.Passed(AGE);
            case CHILD, TEEN ->
                rule != null && rule.forbidden().contains(purpose.messageClass())
                        ? new Finding.Forbidden(
                                rule.id(),
                                ProblemType.MINOR_FORBIDDEN,
                                "Such messages do not go to minors (" + Citation.of(pack, rule) + ").")
                        : new Finding.Passed(AGE);
        };
    }

    /** A child and a guardian agree together; who is a child no more agrees anew. */
    static Finding jointConsent(Facts.Known facts, Instant now) {
        Purpose purpose = facts.purpose();
        Age age = facts.recipient().age();
        if (purpose == null || purpose.legalBasis() != LegalBasis.CONSENT || age.consentsAloneFrom() == null) {
            return new Finding.NotConcerned(JOINT_CONSENT);
        }
        LocalDate day = Citation.dayOf(facts);
        if (age.asksForGuardian(day)) {
            Consent guardian = facts.permission().guardian();
            return guardian != null && guardian.isInForce(now)
                    ? new Finding.Passed(JOINT_CONSENT)
                    : new Finding.Forbidden(JOINT_CONSENT, ProblemType.JOINT_CONSENT_REQUIRED, together(facts));
        }
        Consent consent = facts.permission().consent();
        if (consent == null) {
            return new Finding.NotConcerned(JOINT_CONSENT);
        }
        LocalDate givenOn = consent.givenAt()
                .atZone(facts.recipient().place().zones().getFirst())
                .toLocalDate();
        return age.hasOutgrown(givenOn, day)
                ? new Finding.Forbidden(
                        JOINT_CONSENT,
                        ProblemType.RECONFIRM_REQUIRED,
                        "The recipient consented as a child, and has to consent anew.")
                : new Finding.Passed(JOINT_CONSENT);
    }

    private static String together(Facts.Known facts) {
        RulePack pack = facts.terms().pack();
        RulePack.Minors rule = pack.minors();
        String who = "The recipient is a child: a holder of parental authority has to agree as well";
        return rule == null
                ? who + "."
                : who + ", below " + rule.ageIn(facts.recipient().place().country()) + " there ("
                        + Citation.of(pack, rule) + ").";
    }
}
