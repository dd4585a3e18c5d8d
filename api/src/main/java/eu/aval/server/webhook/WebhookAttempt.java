// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.webhook;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One request to an endpoint, as the delivery log keeps it: nothing of what was said or answered.
 *
 * @param number 1 is the first try
 * @param nextAt when it is tried again; null is never
 */
public record WebhookAttempt(
        UUID id,
        UUID endpointId,
        UUID eventId,
        String type,
        int number,
        Instant at,
        int milliseconds,
        Outcome outcome,
        @Nullable Integer statusCode,
        @Nullable Instant nextAt) {

    /** What became of it. */
    public enum Outcome {
        /** Answered 2xx. */
        DELIVERED,
        /** Answered something else. */
        REFUSED,
        /** Answered 3xx: redirections are not followed. */
        REDIRECTED,
        /** Asked for fewer requests: 429, 502, 503 or 504. */
        THROTTLED,
        /** Answered 410: it is told nothing more. */
        GONE,
        /** No answer in time. */
        TIMEOUT,
        /** No connection: no such name, refused, or a certificate that does not fit. */
        UNREACHABLE,
        /** Its name leads to an address where no request may go. */
        BLOCKED
    }
}
