// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.limit;

import eu.aval.server.access.PageRequest;
import eu.aval.server.audit.Actor;
import eu.aval.server.personaldata.PhoneNumber;
import eu.aval.server.shared.TenantId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The limits of tenants, and what lifts them for a while. Each change is one transaction with its audit event, in force
 * on this node at once and on the others within two seconds.
 */
public interface TrafficLimits {

    /** From memory in nearly all cases. */
    Mono<TrafficRules> of(TenantId tenant);

    /** Of many tenants at once, {@link Limits#NONE} for those without; read from the database. */
    Mono<Map<TenantId, Limits>> of(Collection<TenantId> tenants);

    /**
     * Replaces the limits of a tenant. What was accepted before counts for a new quota.
     *
     * @return an error {@link eu.aval.server.shared.Problem} INVALID_REQUEST or NOT_FOUND
     */
    Mono<Limits> set(TenantId tenant, Limits limits, Actor actor);

    /**
     * Lifts a limit for a while.
     *
     * @return an error {@link eu.aval.server.shared.Problem} INVALID_REQUEST, or NOT_FOUND for a recipient whom the
     *     tenant has never written to
     */
    Mono<LimitOverride> grant(Grant grant, Actor actor);

    /** Ends an override before its time. Idempotent. NOT_FOUND if there is none. */
    Mono<LimitOverride> revoke(TenantId tenant, UUID id, Actor actor);

    /** Newest first, ended ones too; one more than asked for if there is more. */
    Mono<List<LimitOverride>> overrides(TenantId tenant, PageRequest page);

    /**
     * An override to be.
     *
     * @param recipient whom it is for: RECIPIENT and COOL_DOWN; null is everybody
     * @param country which country: COUNTRY
     * @param block which block of numbers, as {@code +3363998}: BLOCK; null is every block
     * @param reference of the case, in the operator's own files
     * @param expiresAt at most 30 days ahead
     */
    record Grant(
            TenantId tenant,
            LimitKind kind,
            @Nullable PhoneNumber recipient,
            @Nullable String country,
            @Nullable String block,
            LimitOverride.Reason reason,
            @Nullable String reference,
            Instant expiresAt) {}
}
