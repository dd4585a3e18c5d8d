// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.policy;

import eu.aval.server.consent.Purpose;
import eu.aval.server.shared.ProblemType;
import java.time.Instant;
import java.time.ZoneId;

/** Rules that are not in force allow nothing of what they limit. */
final class PackCheck {

    static final String PACK = "RULE_PACK";

    private PackCheck() {}

    static Finding inForce(Facts.Known facts, Instant now) {
        Purpose purpose = facts.purpose();
        RulePack pack = facts.terms().pack();
        if (purpose == null || pack.hours().exempt().classes().contains(purpose.messageClass())) {
            return new Finding.NotConcerned(PACK);
        }
        for (ZoneId zone : facts.recipient().place().zones()) {
            if (!pack.isInForce(facts.leavesAt().atZone(zone).toLocalDate())) {
                return new Finding.Forbidden(
                        PACK,
                        ProblemType.RULE_PACK_NOT_IN_FORCE,
                        "The tenant's rule pack is not in force on the day of sending.");
            }
        }
        return new Finding.Passed(PACK);
    }
}
