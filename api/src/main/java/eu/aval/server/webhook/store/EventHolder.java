// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.webhook.store;

import eu.aval.server.personaldata.PersonalDataHolder;
import eu.aval.server.personaldata.PlaintextAccess;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.PlatformDatabase;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.reactivestreams.Publisher;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Events about a person, told and still to be told. Erasure takes them away: nobody is told of somebody who is forgotten. */
@Component
class EventHolder implements PersonalDataHolder {

    private static final String EXPORT = """
            select type, at, data::text as data from aval.event where tenant_id = $1 and subject_id = $2
            union all
            select type, at, data::text from aval.outbox where tenant_id = $1 and subject_id = $2
            order by at""";

    private final PlatformDatabase platform;

    EventHolder(PlatformDatabase platform) {
        this.platform = platform;
    }

    @Override
    public String name() {
        return "events";
    }

    @Override
    public int order() {
        return 900;
    }

    @Override
    public Set<String> columns() {
        return Set.of(
                "outbox.subject_id",
                "outbox.type",
                "outbox.at",
                "outbox.data",
                "event.subject_id",
                "event.type",
                "event.at",
                "event.data");
    }

    @Override
    public Publisher<Map<String, Object>> export(TenantId tenant, UUID subjectId, PlaintextAccess access) {
        return platform.in(client -> client.sql(EXPORT)
                        .bind(0, tenant.value())
                        .bind(1, subjectId)
                        .map(EventHolder::row)
                        .all()
                        .collectList())
                .defaultIfEmpty(List.of())
                .flatMapIterable(rows -> rows);
    }

    /** The outbox first, in a statement of its own: what is moved to the log meanwhile is there when the second begins. */
    @Override
    public Publisher<Long> erase(TenantId tenant, UUID subjectId) {
        return platform.in(client -> delete(client, "aval.outbox", tenant, subjectId)
                .flatMap(waiting ->
                        delete(client, "aval.event", tenant, subjectId).map(told -> waiting + told)));
    }

    /** In the order of the ids, as events are moved: so a look-up of many values in an index goes. */
    private static Mono<Long> delete(DatabaseClient client, String table, TenantId tenant, UUID subjectId) {
        return client.sql("delete from " + table + " where id = any(array(select id from " + table
                        + " where tenant_id = $1 and subject_id = $2))")
                .bind(0, tenant.value())
                .bind(1, subjectId)
                .fetch()
                .rowsUpdated();
    }

    private static Map<String, Object> row(Readable row) {
        return Map.of(
                "event", Objects.requireNonNull(row.get("type", String.class)),
                "at", Objects.requireNonNull(row.get("at", Instant.class)).toString(),
                "data", Objects.requireNonNull(row.get("data", String.class)));
    }
}
