// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import eu.aval.server.personaldata.PhoneNumber;
import eu.aval.server.shared.TenantId;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An API key as it may be shown: without its secret.
 *
 * @param prefix the twelve characters that tell it from others; not secret
 * @param purposes null is all of the tenant
 * @param senders null is all of the tenant
 */
public record ApiKey(
        UUID id,
        TenantId tenant,
        String name,
        Application.Kind kind,
        String prefix,
        Set<Application.Scope> scopes,
        @Nullable Set<String> purposes,
        @Nullable Set<String> senders,
        int requestsPerSecond,
        @Nullable Instant expiresAt,
        @Nullable Instant revokedAt,
        Instant createdAt) {

    /**
     * What a new key may do.
     *
     * @param recipients whom a {@link Application.Kind#TEAM} key may write to; empty for the others
     */
    public record Draft(
            TenantId tenant,
            String name,
            Application.Kind kind,
            Set<Application.Scope> scopes,
            @Nullable Set<String> purposes,
            @Nullable Set<String> senders,
            int requestsPerSecond,
            @Nullable Instant expiresAt,
            Set<PhoneNumber> recipients) {

        /** A key with all scopes, purposes and senders that never expires. */
        public static Draft unrestricted(TenantId tenant, String name, Application.Kind kind, int requestsPerSecond) {
            return new Draft(
                    tenant,
                    name,
                    kind,
                    Set.of(Application.Scope.values()),
                    null,
                    null,
                    requestsPerSecond,
                    null,
                    Set.of());
        }
    }
}
