// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import eu.aval.server.message.Message;
import eu.aval.server.message.MessageStatus;
import eu.aval.server.policy.Verdict;
import eu.aval.server.policy.VerdictJson;
import eu.aval.server.shared.ProblemType;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Why a message waits longer than it was asked to. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Deferral(
        Instant until,
        String reason,
        @Nullable String rule,
        @Nullable String rulePack,
        @Nullable String zone,
        @Nullable String window) {

    static Deferral of(Verdict.Deferred verdict) {
        Verdict.Rules rules = verdict.grounds().rules();
        return rules == null
                ? new Deferral(verdict.until(), ProblemType.OUTSIDE_HOURS.name(), null, null, null, null)
                : new Deferral(
                        verdict.until(),
                        ProblemType.OUTSIDE_HOURS.name(),
                        rules.decisive(),
                        rules.pack(),
                        rules.zone(),
                        rules.window());
    }

    /** Null unless the message waits and the gate has put it off. */
    static @Nullable Deferral of(Message message) {
        if (message.status() != MessageStatus.SCHEDULED || !message.verdict().contains("DEFERRED")) {
            return null;
        }
        return VerdictJson.read(message.verdict()) instanceof Verdict.Deferred deferred ? of(deferred) : null;
    }
}
