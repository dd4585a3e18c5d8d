// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.audit;

import eu.aval.server.tenant.Tenant;
import eu.aval.server.tenant.TenantChanges;
import eu.aval.server.tenant.Tenants;
import java.util.Map;
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
        AuditEvent event = action.equals(Tenants.RULE_PACK_SET)
                ? new AuditEvent(
                        tenant.id(),
                        new Actor(actor),
                        action,
                        "tenant:" + tenant.id(),
                        Map.of("rulePack", tenant.rulePack()))
                : new AuditEvent(tenant.id(), new Actor(actor), action, "tenant:" + tenant.id());
        return trail.append(client, event);
    }
}
