// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.tenant;

import eu.aval.server.shared.TenantId;
import java.util.Set;

/** The database has newer keysets than this node had at hand. Nothing was written; refresh and start again. */
public final class StaleKeys extends RuntimeException {

    private final transient Set<TenantId> tenants;

    public StaleKeys(Set<TenantId> tenants) {
        super("The keysets have changed", null, false, false);
        this.tenants = Set.copyOf(tenants);
    }

    /** Whose keys to refresh. */
    public Set<TenantId> tenants() {
        return tenants;
    }
}
