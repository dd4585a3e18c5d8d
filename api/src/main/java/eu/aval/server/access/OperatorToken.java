// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import eu.aval.server.shared.TenantId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A bearer token of a person as it may be shown: without its secret.
 *
 * @param tenant the only tenant its holder may see; null is every tenant
 */
public record OperatorToken(
        UUID id,
        @Nullable TenantId tenant,
        String name,
        Operator.Role role,
        String prefix,
        @Nullable Instant expiresAt,
        @Nullable Instant revokedAt,
        Instant createdAt) {

    /** A token to be. */
    public record Draft(
            @Nullable TenantId tenant,
            String name,
            Operator.Role role,
            @Nullable Instant expiresAt) {}
}
