// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.consent;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The newest record of a subject and purpose, as the gate needs it.
 *
 * @param expiresAt null is never
 */
public record Consent(UUID id, Status status, @Nullable Instant expiresAt) {

    /** What the person did. */
    public enum Status {
        GIVEN,
        WITHDRAWN
    }

    public boolean isInForce(Instant now) {
        return status == Status.GIVEN && (expiresAt == null || expiresAt.isAfter(now));
    }
}
