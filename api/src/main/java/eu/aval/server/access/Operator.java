// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import eu.aval.server.audit.Actor;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import eu.aval.server.shared.TenantId;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A person at work, as their bearer token tells.
 *
 * @param tenant the only tenant they may see; null is every tenant
 */
public record Operator(
        UUID id, String name, Role role, @Nullable TenantId tenant) {

    /** Whether they may see this tenant and what is its. */
    public boolean sees(TenantId other) {
        return tenant == null || tenant.equals(other);
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

    /**
     * For what concerns all tenants.
     *
     * @throws Problem FORBIDDEN
     */
    public void requireAllTenants() {
        if (tenant != null) {
            throw new Problem(ProblemType.FORBIDDEN, "Only for operators of all tenants");
        }
    }

    /** Them, as the audit trail has it. */
    public Actor actor() {
        return Actor.operator(id);
    }

    /** An administrator is not a DPO: neither may what the other may. */
    public enum Role {
        SENDER,
        CAMPAIGN_MANAGER,
        SUPPORT,
        DPO,
        AUDITOR,
        ADMIN
    }
}
