// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.limit;

import eu.aval.server.shared.TenantId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * That a limit does not hold for a while.
 *
 * @param subject for this recipient only: RECIPIENT and COOL_DOWN
 * @param country which country may be sent to: COUNTRY
 * @param block for this block of numbers only: BLOCK
 * @param reference of the case, in the operator's own files
 * @param revokedAt when it was ended before its time
 */
public record LimitOverride(
        UUID id,
        TenantId tenant,
        LimitKind kind,
        @Nullable UUID subject,
        @Nullable String country,
        @Nullable String block,
        Reason reason,
        @Nullable String reference,
        Instant grantedAt,
        Instant expiresAt,
        @Nullable Instant revokedAt) {

    /** Why. A closed list: what people write in their own words ends up with names and numbers in it. */
    public enum Reason {
        /** What was stopped is wanted. */
        FALSE_ALARM,
        /** More is sent than usual, and that is agreed. */
        PLANNED_TRAFFIC,
        /** People must be reached now. */
        EMERGENCY,
        SUPPORT_REQUEST,
        TEST
    }

    public boolean isInForce(Instant now) {
        return revokedAt == null && expiresAt.isAfter(now);
    }
}
