// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.policy;

import eu.aval.server.consent.Consent;
import eu.aval.server.consent.LegalBasis;
import eu.aval.server.consent.Purpose;
import eu.aval.server.consent.Sender;
import eu.aval.server.policy.OpeningHours.Opening;
import eu.aval.server.policy.Verdict.Grounds;
import eu.aval.server.policy.Verdict.Rules;
import eu.aval.server.shared.ProblemType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a message may be sent: facts in, a verdict out, nothing else touched. Asked when a message is accepted
 * and again when it is about to leave. Where facts are missing it refuses.
 */
public final class Gate {

    /** Goes up when the same facts may get another verdict. */
    public static final String VERSION = "2";

    /** In this order; the first that forbids decides. Then come the hours: what may never leave is not put off. */
    static final List<Check> CHECKS = List.of(
            DeclarationChecks::purpose,
            DeclarationChecks::sender,
            DeclarationChecks::country,
            PermissionChecks::suppression,
            PermissionChecks::consent,
            MinorsChecks::jointConsent,
            MinorsChecks::age,
            SectorCheck::of,
            SenderChecks::form,
            SenderChecks::stopRoute,
            PackCheck::inForce);

    private Gate() {}

    public static Verdict decide(Facts facts, Instant now) {
        return switch (facts) {
            case Facts.Unreadable unreadable ->
                new Verdict.Refused(
                        new Grounds(null, null, null, null, null, null, null, null, now, VERSION),
                        ProblemType.FACTS_UNAVAILABLE,
                        "What the decision needs could not be read.");
            case Facts.Known known -> decide(known, now);
        };
    }

    private static Verdict decide(Facts.Known facts, Instant now) {
        List<String> warnings = List.of();
        boolean consentRead = false;
        for (Check check : CHECKS) {
            Finding finding = check.of(facts, now);
            consentRead |= finding.rule().equals(PermissionChecks.CONSENT);
            if (finding instanceof Finding.Forbidden forbidden) {
                Rules rules = rules(facts, forbidden.rule(), null, warnings);
                return new Verdict.Refused(grounds(facts, now, consentRead, rules), forbidden.code(), forbidden.why());
            }
            warnings = with(warnings, finding);
        }
        Opening opening = OpeningHours.of(facts);
        warnings = with(warnings, opening.finding());
        String decisive = opening.finding().rule();
        return switch (opening.finding()) {
            case Finding.Forbidden forbidden ->
                new Verdict.Refused(
                        grounds(facts, now, true, rules(facts, decisive, opening, warnings)),
                        forbidden.code(),
                        forbidden.why());
            case Finding.Postponed postponed ->
                new Verdict.Deferred(
                        grounds(facts, now, true, rules(facts, decisive, opening, warnings)),
                        postponed.until(),
                        postponed.why());
            case Finding.Passed passed -> allowed(facts, now, opening, warnings);
            case Finding.NotConcerned notConcerned -> allowed(facts, now, opening, warnings);
            case Finding.Warned warned -> allowed(facts, now, opening, warnings);
        };
    }

    private static Verdict allowed(Facts.Known facts, Instant now, Opening opening, List<String> warnings) {
        return new Verdict.Allowed(grounds(facts, now, true, rules(facts, null, opening, warnings)));
    }

    private static List<String> with(List<String> warnings, Finding finding) {
        if (!(finding instanceof Finding.Warned warned)) {
            return warnings;
        }
        List<String> all = new ArrayList<>(warnings);
        all.addAll(warned.warnings());
        return all;
    }

    private static Rules rules(
            Facts.Known facts, @Nullable String decisive, @Nullable Opening opening, List<String> warnings) {
        Consent guardian = facts.permission().guardian();
        return new Rules(
                facts.terms().pack().label(),
                decisive,
                opening == null || opening.zone() == null
                        ? null
                        : opening.zone().getId(),
                opening == null || opening.window() == null
                        ? null
                        : opening.window().label(),
                warnings.isEmpty() ? null : warnings,
                guardian == null ? null : guardian.id());
    }

    private static Grounds grounds(Facts.Known facts, Instant now, boolean consentRead, Rules rules) {
        Purpose purpose = facts.purpose();
        Sender sender = facts.sender();
        Consent consent = purpose != null && purpose.legalBasis() == LegalBasis.CONSENT && consentRead
                ? facts.permission().consent()
                : null;
        return new Grounds(
                purpose == null ? null : purpose.key(),
                purpose == null ? null : purpose.legalBasis(),
                consent == null ? null : consent.id(),
                facts.permission().checkedAt(),
                sender == null ? null : sender.value(),
                facts.recipient().place().country(),
                DeclarationChecks.COUNTRY,
                rules,
                now,
                VERSION);
    }
}
