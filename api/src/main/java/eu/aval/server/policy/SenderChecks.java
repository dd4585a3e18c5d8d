// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.policy;

import eu.aval.server.consent.Purpose;
import eu.aval.server.consent.Sender;
import eu.aval.server.shared.ProblemType;
import java.time.Instant;
import java.time.LocalDate;

/** What the law says about whom a message comes from. */
final class SenderChecks {

    static final String FORM = "SENDER_FORM";
    static final String STOP_ROUTE = "STOP_ROUTE";

    private SenderChecks() {}

    /** Personal numbers and the like. */
    static Finding form(Facts.Known facts, Instant now) {
        Purpose purpose = facts.purpose();
        Sender sender = facts.sender();
        if (purpose == null || sender == null) {
            return new Finding.NotConcerned(FORM);
        }
        RulePack pack = facts.terms().pack();
        String country = facts.recipient().place().country();
        LocalDate day = Citation.dayOf(facts);
        for (RulePack.SenderBan ban : pack.senders().forbidden()) {
            if (ban.classes().contains(purpose.messageClass())
                    && ban.countries().contains(country)
                    && !day.isBefore(ban.from())
                    && ban.form().matcher(sender.value()).matches()) {
                return new Finding.Forbidden(ban.id(), ProblemType.SENDER_FORBIDDEN, why(pack, ban));
            }
        }
        return new Finding.Passed(FORM);
    }

    static String why(RulePack pack, RulePack.SenderBan ban) {
        return "Since " + ban.from() + " no message comes from such a sender (" + Citation.of(pack, ban) + ").";
    }

    /** A sender that nobody can answer says where a STOP goes. */
    static Finding stopRoute(Facts.Known facts, Instant now) {
        Purpose purpose = facts.purpose();
        Sender sender = facts.sender();
        RulePack pack = facts.terms().pack();
        RulePack.StopRoute rule = pack.senders().stopRoute();
        if (purpose == null || sender == null || rule == null || !rule.classes().contains(purpose.messageClass())) {
            return new Finding.NotConcerned(rule == null ? STOP_ROUTE : rule.id());
        }
        return sender.whereToStop() != null
                ? new Finding.Passed(rule.id())
                : new Finding.Forbidden(
                        rule.id(),
                        ProblemType.STOP_ROUTE_REQUIRED,
                        "Nobody can answer the sender, and no other way to opt out is declared ("
                                + Citation.of(pack, rule) + ").");
    }
}
