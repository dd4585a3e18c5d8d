// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.consent;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The newest record of a subject and purpose, and of one of those who may consent, as the gate needs it.
 *
 * @param givenAt when the person acted
 * @param expiresAt null is never
 */
public record Consent(
        UUID id, Status status, Instant givenAt, @Nullable Instant expiresAt) {

    /** One of which only is known that it is old. */
    public Consent(UUID id, Status status, @Nullable Instant expiresAt) {
        this(id, status, Instant.EPOCH, expiresAt);
    }

    /** What the person did. */
    public enum Status {
        GIVEN,
        WITHDRAWN
    }

    public boolean isInForce(Instant now) {
        return status == Status.GIVEN && (expiresAt == null || expiresAt.isAfter(now));
    }
}
