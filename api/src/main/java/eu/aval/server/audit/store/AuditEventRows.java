// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.audit.store;

import eu.aval.server.audit.AuditEvent;
import eu.aval.server.audit.AuditTrail;
import eu.aval.server.shared.TimeOrderedId;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** Appends rows to {@code audit_event}. */
@Repository
class AuditEventRows implements AuditTrail {

    private final JsonMapper json;

    AuditEventRows(JsonMapper json) {
        this.json = json;
    }

    @Override
    public Mono<Void> append(DatabaseClient client, AuditEvent event) {
        return Mono.defer(() -> {
            var statement = client.sql("""
                    insert into aval.audit_event (id, tenant_id, at, actor, action, object, detail)
                    values ($1, $2, now(), $3, $4, $5, $6::jsonb)
                    """);
            statement = statement.bind(0, TimeOrderedId.next());
            var tenant = event.tenant();
            statement = tenant == null ? statement.bindNull(1, UUID.class) : statement.bind(1, tenant.value());
            return statement
                    .bind(2, event.actor().value())
                    .bind(3, event.action())
                    .bind(4, event.object())
                    .bind(5, json.writeValueAsString(event.detail()))
                    .then();
        });
    }
}
