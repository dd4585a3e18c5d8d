// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.policy;

import java.time.LocalDate;
import java.util.stream.Collectors;

/** Which rule says it, for who is refused. */
final class Citation {

    private Citation() {}

    /** Such as {@code sender-personal-number of GUIDE/1: arcep-2022-1583, https://...}. */
    static String of(RulePack pack, RulePack.Rule rule) {
        return rule.id() + " of " + pack.label() + ": "
                + rule.cites().stream()
                        .map(name -> {
                            RulePack.Source source = pack.sources().get(name);
                            return source == null ? name : name + ", " + source.address();
                        })
                        .collect(Collectors.joining("; "));
    }

    /** The day on which a message is to leave, where its recipient is. */
    static LocalDate dayOf(Facts.Known facts) {
        return facts.leavesAt()
                .atZone(facts.recipient().place().zones().getFirst())
                .toLocalDate();
    }
}
