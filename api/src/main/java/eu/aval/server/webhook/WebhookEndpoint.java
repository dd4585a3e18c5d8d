// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.webhook;

import eu.aval.server.shared.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where a tenant's system wants to be told.
 *
 * @param apiKeyId the application it belongs to; null where an operator set it up for the tenant
 * @param keys what signs, newest first; two for a while after a rotation
 */
public record WebhookEndpoint(
        UUID id,
        TenantId tenant,
        @Nullable UUID apiKeyId,
        Draft draft,
        State state,
        @Nullable Reason reason,
        Instant stateAt,
        @Nullable Instant failingSince,
        @Nullable Instant succeededAt,
        @Nullable Instant failedAt,
        @Nullable Instant pausedUntil,
        Instant createdAt,
        List<Key> keys) {

    /**
     * What its owner decides.
     *
     * @param types events it is told of; empty is every type
     * @param excludedFields of {@code data} that it is not told, besides those that the tenant or its application excludes
     */
    public record Draft(String url, @Nullable String description, List<String> types, List<String> excludedFields) {

        public Draft {
            types = List.copyOf(types);
            excludedFields = List.copyOf(excludedFields);
        }
    }

    /**
     * A key that signs, without its secret.
     *
     * @param publicKey {@code whpk_}, for {@link SigningKey.Scheme#V1A}
     * @param expiresAt when it ceases to sign; null is the current one
     */
    public record Key(
            UUID id,
            SigningKey.Scheme scheme,
            @Nullable String publicKey,
            Instant createdAt,
            @Nullable Instant expiresAt) {}

    /**
     * An endpoint whose newest secret can be read, this once.
     *
     * @param secret {@code whsec_}; null for {@link SigningKey.Scheme#V1A}, whose public key is no secret
     */
    public record Issued(WebhookEndpoint endpoint, @Nullable String secret) {

        @Override
        public String toString() {
            return "Issued[" + endpoint.id() + "]";
        }
    }

    /** Whether it is told. */
    public enum State {
        ENABLED,
        DISABLED
    }

    /** Why it is disabled. */
    public enum Reason {
        /** Somebody asked for it. */
        REQUESTED,
        /** It answered 410. */
        GONE,
        /** It has failed for too long. */
        FAILING
    }

    /** The same with its keys. */
    public WebhookEndpoint with(List<Key> own) {
        return new WebhookEndpoint(
                id,
                tenant,
                apiKeyId,
                draft,
                state,
                reason,
                stateAt,
                failingSince,
                succeededAt,
                failedAt,
                pausedUntil,
                createdAt,
                List.copyOf(own));
    }
}
