// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.tenant;

import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/** Who wants to know of changes of tenants, in the transaction that makes them. */
public interface TenantChanges {

    /**
     * @param actor who did it, as the audit trail writes it
     * @param action what happened, e.g. {@code tenant.created}
     */
    Mono<Void> changed(DatabaseClient client, Tenant tenant, String actor, String action);
}
