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
 * What a message would be told, and what each check found: all of them, whatever the others said. In the order in which they
 * decide: the first that forbids does.
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

    /** How many checks a request has to pass before a route is looked for: its purpose and its sender. */
    private static final int DECLARED = 2;

    /** What checks rest on that no pack rules. */
    private static final Map<String, String> LAW = Map.ofEntries(
            Map.entry(DeclarationChecks.PURPOSE, "GDPR art. 5(1)(b): purposes are declared"),
            Map.entry(DeclarationChecks.SENDER, "The senders that the tenant has declared"),
            Map.entry(DeclarationChecks.COUNTRY, "The countries that the tenant sends to"),
            Map.entry(PermissionChecks.SUPPRESSION, "GDPR art. 21(2) and (3): who objects is not written to"),
            Map.entry(PermissionChecks.CONSENT, "GDPR art. 6(1)(a) and 7: consent, and proof of it"),
            Map.entry(
                    MinorsChecks.JOINT_CONSENT,
                    "GDPR art. 8(1): a child consents together with a holder of parental authority"),
            Map.entry(MinorsChecks.AGE, "GDPR art. 8(2): reasonable efforts where a purpose is directed at minors"),
            Map.entry(PackCheck.PACK, "The dates of the rule pack itself"),
            Map.entry(RouteChoice.ROUTE, "The routes of the tenant"),
            Map.entry(
                    RouteChoice.RESIDENCY,
                    "GDPR art. 28 and 44: where carriers process, and where the tenant allows it"));

    /** @param routes what the choice of a route has found; it comes after what is declared, and before everything else */
    static Simulation of(Facts.Known facts, Instant now, List<Finding> routes) {
        RulePack pack = facts.terms().pack();
        List<Finding> findings = new ArrayList<>();
        for (Check check : Gate.CHECKS) {
            findings.add(check.of(facts, now));
        }
        findings.add(OpeningHours.of(facts).finding());
        findings.addAll(DECLARED, routes);
        return new Simulation(
                pack,
                verdict(Gate.decide(facts, now), findings.subList(0, DECLARED), routes),
                facts.recipient().place().zones().stream().map(String::valueOf).toList(),
                findings.stream().map(finding -> step(pack, finding)).toList());
    }

    private static Verdict verdict(Verdict gate, List<Finding> declared, List<Finding> routes) {
        for (Finding finding : routes) {
            if (finding instanceof Finding.Forbidden forbidden
                    && declared.stream().noneMatch(Finding.Forbidden.class::isInstance)) {
                return new Verdict.Refused(gate.grounds(), forbidden.code(), forbidden.why());
            }
        }
        return gate;
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
