// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.graphql;

import eu.aval.server.consent.LegalBasis;
import eu.aval.server.policy.Answer;
import eu.aval.server.policy.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A verdict as the schema has it. */
record ShownVerdict(
        Answer.Decision decision,
        @Nullable String code,
        @Nullable String why,
        @Nullable Instant until,
        Facts facts) {

    record Facts(
            @Nullable String purpose,
            @Nullable LegalBasis legalBasis,
            @Nullable UUID consentId,
            @Nullable Instant suppressionCheckedAt,
            @Nullable String sender,
            @Nullable String country,
            @Nullable String countryRule,
            @Nullable String rulePack,
            @Nullable String rule,
            @Nullable String zone,
            @Nullable String window,
            List<String> warnings,
            Instant decidedAt,
            String gate) {

        static Facts of(Verdict.Grounds grounds) {
            Verdict.Rules rules = grounds.rules();
            return new Facts(
                    grounds.purpose(),
                    grounds.legalBasis(),
                    grounds.consent(),
                    grounds.suppressionCheckedAt(),
                    grounds.sender(),
                    grounds.country(),
                    grounds.countryRule(),
                    rules == null ? null : rules.pack(),
                    rules == null ? null : rules.decisive(),
                    rules == null ? null : rules.zone(),
                    rules == null ? null : rules.window(),
                    rules == null || rules.warnings() == null ? List.of() : rules.warnings(),
                    grounds.decidedAt(),
                    grounds.gate());
        }
    }

    static ShownVerdict of(Verdict verdict) {
        Answer answer = Answer.of(verdict);
        return new ShownVerdict(
                answer.decision(), answer.code(), answer.why(), answer.until(), Facts.of(verdict.grounds()));
    }
}
