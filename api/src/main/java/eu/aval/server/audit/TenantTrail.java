// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.audit;

import eu.aval.server.tenant.Tenant;
import eu.aval.server.tenant.TenantChanges;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Writes changes of tenants, which know of no audit. */
@Component
class TenantTrail implements TenantChanges {

    private final AuditTrail trail;

    TenantTrail(AuditTrail trail) {
        this.trail = trail;
    }

    @Override
    public Mono<Void> changed(DatabaseClient client, Tenant tenant, String actor, String action) {
        return trail.append(client, new AuditEvent(tenant.id(), new Actor(actor), action, "tenant:" + tenant.id()));
    }
}
