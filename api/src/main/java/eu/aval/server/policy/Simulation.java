// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.policy;

import eu.aval.server.shared.ProblemType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the gate would say to a message, and what each of its checks found: all of them, whatever the others said.
 *
 * @param zones whose clocks count
 */
public record Simulation(RulePack rulePack, Verdict verdict, List<String> zones, List<Step> steps) {

    /** How a check ended. */
    public enum Outcome {
        PASSED,
        NOT_CONCERNED,
        WARNED,
        POSTPONED,
        FORBIDDEN
    }

    /**
     * One check.
     *
     * @param rule id in the rule pack, or the name of a check that no pack rules
     * @param warnings codes
     * @param law what it rests on where no pack rules
     * @param sources of the rule in the pack
     */
    public record Step(
            String rule,
            Outcome outcome,
            @Nullable ProblemType code,
            @Nullable String why,
            @Nullable Instant until,
            List<String> warnings,
            @Nullable String law,
            List<RulePack.Source> sources) {}

    /** What checks rest on that no pack rules. */
    private static final Map<String, String> LAW = Map.of(
            DeclarationChecks.PURPOSE, "GDPR art. 5(1)(b): purposes are declared",
            DeclarationChecks.SENDER, "The senders that the tenant has declared",
            DeclarationChecks.COUNTRY, "The countries that the tenant sends to",
            PermissionChecks.SUPPRESSION, "GDPR art. 21(2) and (3): who objects is not written to",
            PermissionChecks.CONSENT, "GDPR art. 6(1)(a) and 7: consent, and proof of it",
            MinorsChecks.JOINT_CONSENT, "GDPR art. 8(1): a child consents together with a holder of parental authority",
            MinorsChecks.AGE, "GDPR art. 8(2): reasonable efforts where a purpose is directed at minors",
            PackCheck.PACK, "The dates of the rule pack itself");

    static Simulation of(Facts.Known facts, Instant now) {
        RulePack pack = facts.terms().pack();
        List<Step> steps = new ArrayList<>();
        for (Check check : Gate.CHECKS) {
            steps.add(step(pack, check.of(facts, now)));
        }
        steps.add(step(pack, OpeningHours.of(facts).finding()));
        return new Simulation(
                pack,
                Gate.decide(facts, now),
                facts.recipient().place().zones().stream().map(String::valueOf).toList(),
                steps);
    }

    private static Step step(RulePack pack, Finding finding) {
        String rule = finding.rule();
        String law = LAW.get(rule);
        List<RulePack.Source> sources = pack.sourcesOf(rule);
        return switch (finding) {
            case Finding.Passed passed -> new Step(rule, Outcome.PASSED, null, null, null, List.of(), law, sources);
            case Finding.NotConcerned not ->
                new Step(rule, Outcome.NOT_CONCERNED, null, null, null, List.of(), law, sources);
            case Finding.Warned warned ->
                new Step(rule, Outcome.WARNED, null, null, null, warned.warnings(), law, sources);
            case Finding.Postponed postponed ->
                new Step(
                        rule,
                        Outcome.POSTPONED,
                        ProblemType.OUTSIDE_HOURS,
                        postponed.why(),
                        postponed.until(),
                        List.of(),
                        law,
                        sources);
            case Finding.Forbidden forbidden ->
                new Step(rule, Outcome.FORBIDDEN, forbidden.code(), forbidden.why(), null, List.of(), law, sources);
        };
    }
}
