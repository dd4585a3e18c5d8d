// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.policy;

import eu.aval.server.consent.Purpose;
import eu.aval.server.shared.ProblemType;
import java.time.Instant;
import java.time.LocalDate;

/** Sectors that may not canvass, whoever consented. */
final class SectorCheck {

    static final String SECTOR = "SECTOR";

    private SectorCheck() {}

    static Finding of(Facts.Known facts, Instant now) {
        Purpose purpose = facts.purpose();
        if (purpose == null) {
            return new Finding.NotConcerned(SECTOR);
        }
        RulePack pack = facts.terms().pack();
        LocalDate day = Citation.dayOf(facts);
        for (RulePack.SectorBan ban : pack.sectors()) {
            if (ban.sector().equals(purpose.sector().name())
                    && ban.classes().contains(purpose.messageClass())
                    && !day.isBefore(ban.from())) {
                return new Finding.Forbidden(
                        ban.id(),
                        ProblemType.SECTOR_FORBIDDEN,
                        "Since " + ban.from() + " such messages are forbidden in the sector " + ban.sector() + " ("
                                + Citation.of(pack, ban) + ").");
            }
        }
        return new Finding.Passed(SECTOR);
    }
}
