// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.audit.store;

import eu.aval.server.audit.AccessEntry;
import eu.aval.server.audit.AccessFilter;
import eu.aval.server.audit.AccessJournal;
import eu.aval.server.audit.Actor;
import eu.aval.server.shared.TenantId;
import eu.aval.server.shared.TimeOrderedId;
import eu.aval.server.tenant.NullableId;
import eu.aval.server.tenant.PlatformDatabase;
import io.r2dbc.spi.Parameters;
import io.r2dbc.spi.R2dbcType;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Mono;

/** Rows of {@code access_entry}. */
@Repository
class AccessEntryRows implements AccessJournal {

    private final PlatformDatabase database;

    AccessEntryRows(PlatformDatabase database) {
        this.database = database;
    }

    @Override
    public Mono<Void> append(DatabaseClient client, AccessEntry entry) {
        TenantId tenant = entry.tenant();
        return Mono.defer(() -> client.sql("""
                        insert into aval.access_entry (id, tenant_id, at, actor, roles, session, action, record_kind, record_id,
                          subject_id, fields, reason, reference, shown)
                        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)""")
                .bind(0, entry.id())
                .bind(1, NullableId.of(tenant == null ? null : tenant.value()))
                .bind(2, entry.at())
                .bind(3, entry.actor().value())
                .bind(4, entry.roles().toArray(String[]::new))
                .bind(5, Parameters.in(R2dbcType.VARCHAR, entry.session()))
                .bind(6, entry.action().name())
                .bind(7, entry.recordKind().name())
                .bind(8, NullableId.of(entry.recordId()))
                .bind(9, NullableId.of(entry.subjectId()))
                .bind(10, entry.fields().toArray(String[]::new))
                .bind(11, entry.reason())
                .bind(12, Parameters.in(R2dbcType.VARCHAR, entry.reference()))
                .bind(13, entry.shown())
                .then());
    }

    @Override
    public Mono<List<AccessEntry>> search(AccessFilter filter, int limit, @Nullable UUID after) {
        List<Object> values = new ArrayList<>();
        StringBuilder sql = new StringBuilder("""
                select id, tenant_id, at, actor, roles, session, action, record_kind, record_id, subject_id, fields, reason,
                  reference, shown
                from aval.access_entry where true""");
        if (filter.tenants() != null) {
            condition(
                    sql,
                    values,
                    " and tenant_id = any(%s)",
                    filter.tenants().stream().map(TenantId::value).toArray(UUID[]::new));
        }
        condition(
                sql,
                values,
                " and actor = %s",
                filter.actor() == null ? null : filter.actor().value());
        condition(
                sql,
                values,
                " and action = %s",
                filter.action() == null ? null : filter.action().name());
        condition(
                sql,
                values,
                " and record_kind = %s",
                filter.recordKind() == null ? null : filter.recordKind().name());
        condition(sql, values, " and record_id = %s", filter.recordId());
        condition(sql, values, " and subject_id = %s", filter.subjectId());
        condition(sql, values, " and reason = %s", filter.reason());
        if (filter.from() != null) {
            // The time is that of the id, whose range leaves out the months that cannot have any
            condition(sql, values, " and id >= %s", TimeOrderedId.atLeast(filter.from()));
            condition(sql, values, " and at >= %s", filter.from().atOffset(ZoneOffset.UTC));
        }
        if (filter.before() != null) {
            condition(
                    sql,
                    values,
                    " and id < %s",
                    TimeOrderedId.atLeast(filter.before().plusMillis(1)));
            condition(sql, values, " and at < %s", filter.before().atOffset(ZoneOffset.UTC));
        }
        condition(sql, values, " and id < %s", after);
        condition(sql, values, " order by id desc limit %s", limit);
        return database.in(client -> {
            DatabaseClient.GenericExecuteSpec statement = client.sql(sql.toString());
            for (int i = 0; i < values.size(); i++) {
                statement = statement.bind(i, values.get(i));
            }
            return statement.map(AccessEntryRows::entry).all().collectList();
        });
    }

    private static void condition(StringBuilder sql, List<Object> values, String text, @Nullable Object value) {
        if (value != null) {
            values.add(value);
            sql.append(text.replace("%s", "$" + values.size()));
        }
    }

    private static AccessEntry entry(Readable row) {
        UUID tenant = row.get("tenant_id", UUID.class);
        return new AccessEntry(
                required(row, "id", UUID.class),
                tenant == null ? null : new TenantId(tenant),
                required(row, "at", Instant.class),
                new Actor(required(row, "actor", String.class)),
                List.of(required(row, "roles", String[].class)),
                row.get("session", String.class),
                AccessEntry.Action.valueOf(required(row, "action", String.class)),
                AccessEntry.RecordKind.valueOf(required(row, "record_kind", String.class)),
                row.get("record_id", UUID.class),
                row.get("subject_id", UUID.class),
                List.of(required(row, "fields", String[].class)),
                required(row, "reason", String.class),
                row.get("reference", String.class),
                required(row, "shown", Integer.class));
    }

    private static <T> T required(Readable row, String column, Class<T> type) {
        return Objects.requireNonNull(row.get(column, type), column);
    }
}
