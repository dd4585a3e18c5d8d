// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

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
