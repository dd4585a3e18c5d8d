// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import eu.aval.server.audit.Actor;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.Tenant;
import eu.aval.server.tenant.Tenants;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A person at work, as their bearer token tells.
 *
 * @param name what an administrator called the token; null for somebody whom an issuer vouches for: their name stays there
 * @param roles at least one
 * @param tenants the only tenants they may see; null is every tenant
 * @param session tells one session at an issuer from others; null for operators' tokens
 */
public record Operator(
        UUID id,
        @Nullable String name,
        Set<Role> roles,
        @Nullable Set<TenantId> tenants,
        @Nullable String session) {

    public Operator {
        roles = Set.copyOf(roles);
        tenants = tenants == null ? null : Set.copyOf(tenants);
    }

    /** Whether they have one of these. */
    public boolean hasAny(Set<Role> some) {
        return roles.stream().anyMatch(some::contains);
    }

    /** Whether they may see this tenant and what is its. */
    public boolean sees(TenantId other) {
        return tenants == null || tenants.contains(other);
    }

    /**
     * What is not theirs does not exist for them.
     *
     * @throws Problem NOT_FOUND
     */
    public TenantId require(TenantId other) {
        if (!sees(other)) {
            throw new Problem(ProblemType.NOT_FOUND, "No such tenant");
        }
        return other;
    }

    /** One of theirs that is there; an error {@link Problem} NOT_FOUND for all others alike. */
    public Mono<TenantId> require(Tenants tenants, UUID tenant) {
        return tenants.require(require(new TenantId(tenant))).map(Tenant::id);
    }

    /** The tenant that goes without saying; null when there are several. */
    public @Nullable TenantId onlyTenant() {
        return tenants != null && tenants.size() == 1 ? tenants.iterator().next() : null;
    }

    /**
     * The tenant they name, else their only one.
     *
     * @throws Problem NOT_FOUND when it is not theirs, INVALID_REQUEST when they have to name one
     */
    public TenantId tenantOr(@Nullable UUID named) {
        TenantId tenant = named == null ? onlyTenant() : require(new TenantId(named));
        if (tenant == null) {
            throw new Problem(
                    ProblemType.INVALID_REQUEST,
                    "The tenant does not go without saying",
                    List.of(new Problem.Field("/tenantId", "REQUIRED", "Operators of several tenants say which")));
        }
        return tenant;
    }

    /**
     * For what concerns all tenants.
     *
     * @throws Problem FORBIDDEN
     */
    public void requireAllTenants() {
        if (tenants != null) {
            throw new Problem(ProblemType.FORBIDDEN, "Only for operators of all tenants");
        }
    }

    /** Them, as the audit trail has it. */
    public Actor actor() {
        return Actor.operator(id);
    }

    /** By id: names of people stay out of logs. */
    @Override
    public String toString() {
        return "Operator[" + id + ", " + roles + "]";
    }

    /** No role includes another. An administrator is not a DPO: neither may what the other may. */
    public enum Role {
        SENDER,
        CAMPAIGN_MANAGER,
        SUPPORT,
        DPO,
        AUDITOR,
        ADMIN;

        /** These set rules or watch them; whoever has one has no other. */
        private static final Set<Role> ALONE = Set.of(DPO, AUDITOR, ADMIN);

        /** Whether one person may have all of these. */
        public static boolean mayMeet(Set<Role> roles) {
            return roles.size() < 2 || roles.stream().noneMatch(ALONE::contains);
        }
    }
}
