// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.inbound.store;

import eu.aval.server.inbound.InboundFilter;
import eu.aval.server.inbound.InboundMessage;
import eu.aval.server.inbound.reply.Meaning;
import eu.aval.server.shared.TenantId;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Reads {@code aval.inbound_message}. */
@Component
public class InboundRows {

    /** A message without what is sealed of it, and what opens that. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Found(
            InboundMessage stored,
            byte[] textSealed,
            byte @Nullable [] numberSealed,
            String country,
            byte @Nullable [] wrappedKey) {}

    private static final String SELECT = """
            select i.id, i.tenant_id, i.subject_id, i.recipient, i.text_sealed, i.meaning, i.complete, i.received_at,
              i.message_id, s.number_sealed, s.country, k.wrapped
            from aval.inbound_message i
            left join aval.subject s on s.id = i.subject_id
            left join aval_keys.subject_key k on k.subject_id = i.subject_id
            where i.tenant_id = $1""";

    /** Empty if the tenant has no such message. */
    public Mono<Found> find(DatabaseClient client, TenantId tenant, UUID id) {
        return client.sql(SELECT + " and i.id = $2")
                .bind(0, tenant.value())
                .bind(1, id)
                .map(InboundRows::found)
                .one();
    }

    /** At most {@code limit}, newest first, older than {@code after}. */
    public Mono<List<Found>> search(
            DatabaseClient client,
            TenantId tenant,
            InboundFilter filter,
            @Nullable UUID subjectId,
            int limit,
            @Nullable UUID after) {
        List<Object> values = new ArrayList<>(List.of(tenant.value()));
        StringBuilder sql = new StringBuilder(SELECT);
        if (subjectId != null) {
            condition(sql, values, " and i.subject_id = %s", subjectId);
        }
        if (!filter.meanings().isEmpty()) {
            condition(
                    sql,
                    values,
                    " and i.meaning = any(%s)",
                    filter.meanings().stream().map(Enum::name).toArray(String[]::new));
        }
        if (filter.to() != null) {
            condition(sql, values, " and ltrim(i.recipient, '+') = ltrim(%s, '+')", filter.to());
        }
        if (filter.receivedFrom() != null) {
            condition(
                    sql,
                    values,
                    " and i.received_at >= %s",
                    filter.receivedFrom().atOffset(ZoneOffset.UTC));
        }
        if (filter.receivedBefore() != null) {
            condition(
                    sql,
                    values,
                    " and i.received_at < %s",
                    filter.receivedBefore().atOffset(ZoneOffset.UTC));
        }
        if (after != null) {
            condition(sql, values, " and i.id < %s", after);
        }
        condition(sql, values, " order by i.id desc limit %s", limit);
        DatabaseClient.GenericExecuteSpec statement = client.sql(sql.toString());
        for (int i = 0; i < values.size(); i++) {
            statement = statement.bind(i, values.get(i));
        }
        return statement.map(InboundRows::found).all().collectList();
    }

    private static void condition(StringBuilder sql, List<Object> values, String text, Object value) {
        values.add(value);
        sql.append(text.replace("%s", "$" + values.size()));
    }

    private static Found found(Readable row) {
        String country = row.get("country", String.class);
        return new Found(
                new InboundMessage(
                        required(row, "id", UUID.class),
                        new TenantId(required(row, "tenant_id", UUID.class)),
                        null,
                        row.get("subject_id", UUID.class),
                        required(row, "recipient", String.class),
                        null,
                        Meaning.valueOf(required(row, "meaning", String.class)),
                        required(row, "complete", Boolean.class),
                        required(row, "received_at", Instant.class),
                        row.get("message_id", UUID.class)),
                required(row, "text_sealed", byte[].class),
                row.get("number_sealed", byte[].class),
                country == null ? "ZZ" : country,
                row.get("wrapped", byte[].class));
    }

    private static <T> T required(Readable row, String column, Class<T> type) {
        return Objects.requireNonNull(row.get(column, type), column);
    }
}
