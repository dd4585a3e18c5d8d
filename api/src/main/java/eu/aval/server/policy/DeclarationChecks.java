// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.policy;

import eu.aval.server.consent.Purpose;
import eu.aval.server.consent.Sender;
import eu.aval.server.shared.ProblemType;
import java.time.Instant;

/** What the tenant has declared: purposes, senders, countries. */
final class DeclarationChecks {

    static final String PURPOSE = "PURPOSE";
    static final String SENDER = "SENDER";
    static final String COUNTRY = "TENANT_COUNTRIES";

    private DeclarationChecks() {}

    static Finding purpose(Facts.Known facts, Instant now) {
        Purpose purpose = facts.purpose();
        if (purpose == null) {
            return new Finding.Forbidden(PURPOSE, ProblemType.PURPOSE_UNKNOWN, "No purpose of this name is declared.");
        }
        return purpose.retired()
                ? new Finding.Forbidden(PURPOSE, ProblemType.PURPOSE_UNKNOWN, "The purpose has been retired.")
                : new Finding.Passed(PURPOSE);
    }

    static Finding sender(Facts.Known facts, Instant now) {
        Sender sender = facts.sender();
        if (sender == null) {
            return new Finding.Forbidden(
                    SENDER, ProblemType.SENDER_NOT_DECLARED, "No sender of this value is declared.");
        }
        return sender.retired()
                ? new Finding.Forbidden(SENDER, ProblemType.SENDER_NOT_DECLARED, "The sender has been retired.")
                : new Finding.Passed(SENDER);
    }

    static Finding country(Facts.Known facts, Instant now) {
        return facts.terms().countries().contains(facts.recipient().place().country())
                ? new Finding.Passed(COUNTRY)
                : new Finding.Forbidden(
                        COUNTRY, ProblemType.COUNTRY_NOT_ALLOWED, "The tenant does not send to this country.");
    }
}
