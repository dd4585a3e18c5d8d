// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.policy;

import eu.aval.server.shared.ProblemType;
import java.time.Instant;
import java.util.List;

/** What one check found out about one message. Says nothing personal. */
public sealed interface Finding {

    /** The id of the rule in the pack, or the name of the check where no pack rules. */
    String rule();

    /** Nothing against it. */
    record Passed(String rule) implements Finding {}

    /** The rule is not about such messages. */
    record NotConcerned(String rule) implements Finding {}

    /**
     * Nothing against it, and yet something to know.
     *
     * @param warnings stable codes, such as {@code TOLERATED_HOLIDAY}
     */
    record Warned(String rule, List<String> warnings) implements Finding {

        public Warned {
            warnings = List.copyOf(warnings);
        }
    }

    /** Not before {@code until}. */
    record Postponed(String rule, Instant until, String why) implements Finding {}

    /** Not at all. */
    record Forbidden(String rule, ProblemType code, String why) implements Finding {}
}
