// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.webhook;

import eu.aval.server.audit.Actor;
import eu.aval.server.audit.AuditEvent;
import eu.aval.server.audit.AuditTrail;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.PlatformDatabase;
import eu.aval.server.tenant.TenantDatabase;
import eu.aval.server.webhook.store.EndpointRows;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** What tenants keep out of all events. */
@Component
public class EventExclusions {

    private final TenantDatabase database;
    private final PlatformDatabase platform;
    private final EndpointRows rows;
    private final EndpointRules rules;
    private final AuditTrail audit;

    EventExclusions(
            TenantDatabase database,
            PlatformDatabase platform,
            EndpointRows rows,
            EndpointRules rules,
            AuditTrail audit) {
        this.database = database;
        this.platform = platform;
        this.rows = rows;
        this.rules = rules;
        this.audit = audit;
    }

    /**
     * Fields that leave the tenant in no event, or in none for one of its applications; an endpoint cannot take that back.
     *
     * @param apiKeyId the application; null is the whole tenant
     * @param fields all of them from now on; none lifts it
     */
    public Mono<EventExclusion> exclude(TenantId tenant, @Nullable UUID apiKeyId, List<String> fields, Actor actor) {
        List<Problem.Field> wrong = new ArrayList<>();
        EndpointRules.fields(fields, "/fields", wrong);
        if (!wrong.isEmpty()) {
            return Mono.error(EndpointRules.invalid(wrong));
        }
        List<String> sorted = fields.stream().distinct().sorted().toList();
        return database.in(
                tenant,
                db -> rules.owner(db, tenant, apiKeyId)
                        .then(Mono.defer(() -> rows.exclude(db, tenant, apiKeyId, sorted)))
                        .then(Mono.defer(() -> audit.append(
                                db,
                                new AuditEvent(
                                        tenant,
                                        actor,
                                        "event-fields.excluded",
                                        apiKeyId == null ? "tenant:" + tenant : "api-key:" + apiKeyId,
                                        Map.of("fields", sorted)))))
                        .thenReturn(new EventExclusion(tenant, apiKeyId, sorted)));
    }

    /** What these tenants exclude, for all or for one application. */
    public Mono<Map<TenantId, List<EventExclusion>>> of(Collection<TenantId> tenants) {
        return platform.in(db -> rows.exclusions(db, tenants))
                .map(found -> found.stream().collect(Collectors.groupingBy(EventExclusion::tenantId)));
    }
}
