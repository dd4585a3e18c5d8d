// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.policy;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A verdict without its grounds, as it is shown wherever there is one.
 *
 * @param code of a refusal
 * @param why one sentence without anything personal; null when it is allowed
 * @param until when it is decided again, if it is deferred
 */
public record Answer(
        Decision decision,
        @Nullable String code,
        @Nullable String why,
        @Nullable Instant until) {

    /** What is said to a message. */
    public enum Decision {
        ALLOWED,
        DEFERRED,
        REFUSED
    }

    public static Answer of(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Allowed allowed -> new Answer(Decision.ALLOWED, null, null, null);
            case Verdict.Deferred deferred -> new Answer(Decision.DEFERRED, null, deferred.why(), deferred.until());
            case Verdict.Refused refused ->
                new Answer(Decision.REFUSED, refused.code().name(), refused.why(), null);
        };
    }
}
