// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.store;

import eu.aval.server.message.Message;
import eu.aval.server.message.MessageChanges;
import eu.aval.server.message.MessageStatus;
import eu.aval.server.message.SubmittedPart;
import eu.aval.server.message.TimelineEntry;
import eu.aval.server.shared.TenantId;
import eu.aval.server.shared.TimeOrderedId;
import eu.aval.server.tenant.Octets;
import eu.aval.spi.submit.MessageClass;
import eu.aval.spi.text.Encoding;
import io.r2dbc.spi.Readable;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Messages as they lie in the database, to be looked up and cancelled. In the transaction of {@code client}. */
@Component
public class MessageRows {

    /** Keeps indexes of references apart from others. */
    public static final String REFERENCE = "client-reference";

    /** Conditions; null or empty is none. */
    public record Search(
            List<String> statuses,
            @Nullable String purpose,
            @Nullable List<byte[]> numberIndexes,
            @Nullable List<byte[]> referenceIndexes,
            @Nullable Instant acceptedFrom,
            @Nullable Instant acceptedBefore) {}

    /** A message with what is sealed of it. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Found(
            Message stored,
            UUID subjectId,
            byte @Nullable [] numberSealed,
            byte @Nullable [] wrappedKey,
            byte @Nullable [] referenceSealed) {

        public UUID id() {
            return stored.id();
        }

        public String country() {
            return stored.country();
        }

        /** The message with what was opened. */
        public Message message(String to, @Nullable String clientReference) {
            return new Message(
                    stored.id(),
                    stored.tenant(),
                    stored.status(),
                    stored.statusAt(),
                    to,
                    stored.country(),
                    stored.from(),
                    stored.purpose(),
                    stored.messageClass(),
                    clientReference,
                    stored.encoding(),
                    stored.parts(),
                    stored.partsDelivered(),
                    stored.attempts(),
                    stored.simulated(),
                    stored.acceptedAt(),
                    stored.sendAt(),
                    stored.expiresAt(),
                    stored.failureClass(),
                    stored.carrierCode(),
                    stored.price(),
                    stored.verdict());
        }
    }

    /** One entry of a timeline; {@code id} is the row's, for what is sealed in it. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Entry(UUID messageId, UUID id, TimelineEntry shown, byte @Nullable [] rawSealed) {}

    /** What opens what is sealed of a message, and its text. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Sealed(UUID messageId, UUID subjectId, byte @Nullable [] wrappedKey, byte @Nullable [] textSealed) {}

    private static final String MESSAGE = """
            select m.id, m.tenant_id, m.status, m.status_at, m.country, m.sender, p.key as purpose, m.message_class, m.reference_sealed,
              m.encoding, m.parts, m.parts_delivered, m.attempts, m.simulated, m.accepted_at, m.send_at, m.expires_at,
              m.failure_class, m.carrier_code, m.price, m.currency, m.verdict::text as verdict, m.subject_id, s.number_sealed, k.wrapped
            from aval.message m
            join aval.purpose p on p.id = m.purpose_id
            left join aval.subject s on s.id = m.subject_id
            left join aval_keys.subject_key k on k.subject_id = m.subject_id
            where m.tenant_id = $1""";

    /** A part 0 is the whole message: no part is shown. */
    private static final String TIMELINE = """
            select message_id, at, type, id, null::int as attempt, null::int as part, null::uuid as account,
              null as carrier_message_id, null as outcome, null as state, null::boolean as applied, null as failure_class,
              null as carrier_code, null::bytea as raw_sealed, detail::text as detail
            from aval.message_event where message_id = any($2) and tenant_id = $1
            union all
            select message_id, started_at, 'ATTEMPT', message_id, number, null, carrier_account_id, null, null, null, null,
              null, null, null, null
            from aval.attempt where message_id = any($2) and tenant_id = $1
            union all
            select a.message_id, a.finished_at, 'OUTCOME', a.message_id, a.number, nullif(p.part, 0), a.carrier_account_id,
              p.carrier_message_id, a.outcome, null, null, a.failure_class, a.carrier_code, null, null
            from aval.attempt a
            left join aval.submitted_part p on p.message_id = a.message_id and p.attempt = a.number
            where a.message_id = any($2) and a.tenant_id = $1 and a.outcome is not null and a.finished_at is not null
            union all
            select message_id, received_at, 'RECEIPT', id, null, nullif(part, 0), carrier_account_id, carrier_message_id, null, state,
              applied, failure_class, carrier_code, raw_sealed, null
            from aval.receipt where message_id = any($2) and tenant_id = $1
            order by 2""";

    private static final String PARTS = """
            select message_id, attempt, part, carrier_account_id, carrier_message_id, state, state_at, failure_class,
              carrier_code
            from aval.submitted_part where message_id = any($2) and tenant_id = $1 order by message_id, attempt, part""";

    private static final String SEALED = """
            select m.id, m.subject_id, m.text_sealed, k.wrapped
            from aval.message m left join aval_keys.subject_key k on k.subject_id = m.subject_id
            where m.tenant_id = $1 and m.id = any($2)""";

    /** A row that somebody leases stays: its node_id is looked at again once the lock is free. */
    private static final String CANCEL = """
            with gone as (
              delete from aval.dispatch d using aval.message m
              where d.message_id = $2 and d.tenant_id = $1 and d.node_id is null
                and m.id = $2 and m.tenant_id = $1 and m.status in ('SCHEDULED', 'QUEUED')
              returning d.message_id
            ), event as (
              insert into aval.message_event (message_id, id, tenant_id, at, type)
              select message_id, $4, $1, $3, 'CANCELLED' from gone
            ), moved as (
              update aval.message m set status = 'CANCELLED', status_at = $3,
                text_sealed = case when m.discard_text then null else m.text_sealed end
              where m.id in (select message_id from gone)
              returning\s""" + MessageChanges.MOVED + "), told as (" + MessageChanges.TELL + """
            )
            select count(*) from moved""";

    public Mono<Found> find(DatabaseClient client, TenantId tenant, UUID id) {
        return client.sql(MESSAGE + " and m.id = $2")
                .bind(0, tenant.value())
                .bind(1, id)
                .map(MessageRows::found)
                .one();
    }

    /** At most {@code limit}, newest first, older than {@code after}. */
    public Mono<List<Found>> search(
            DatabaseClient client, TenantId tenant, Search search, int limit, @Nullable UUID after) {
        List<Object> values = new ArrayList<>(List.of(tenant.value()));
        StringBuilder sql = new StringBuilder(MESSAGE);
        if (!search.statuses().isEmpty()) {
            condition(sql, values, " and m.status = any(%s)", search.statuses().toArray(String[]::new));
        }
        if (search.purpose() != null) {
            condition(sql, values, " and p.key = %s", search.purpose());
        }
        if (search.numberIndexes() != null) {
            condition(
                    sql,
                    values,
                    " and m.subject_id in (select id from aval.subject"
                            + " where tenant_id = $1 and number_index = any(%s::bytea[]))",
                    Octets.arrayOf(search.numberIndexes()));
        }
        if (search.referenceIndexes() != null) {
            condition(
                    sql,
                    values,
                    " and m.reference_index = any(%s::bytea[])",
                    Octets.arrayOf(search.referenceIndexes()));
        }
        if (search.acceptedFrom() != null) {
            // Ids are made before the transaction begins: a minute is more than one may wait for it
            condition(
                    sql,
                    values,
                    " and m.id >= %s",
                    TimeOrderedId.atLeast(search.acceptedFrom().minusSeconds(60)));
            condition(
                    sql,
                    values,
                    " and m.accepted_at >= %s",
                    search.acceptedFrom().atOffset(ZoneOffset.UTC));
        }
        if (search.acceptedBefore() != null) {
            condition(sql, values, " and m.id < %s", TimeOrderedId.atLeast(search.acceptedBefore()));
            condition(
                    sql,
                    values,
                    " and m.accepted_at < %s",
                    search.acceptedBefore().atOffset(ZoneOffset.UTC));
        }
        if (after != null) {
            condition(sql, values, " and m.id < %s", after);
        }
        condition(sql, values, " order by m.id desc limit %s", limit);
        DatabaseClient.GenericExecuteSpec statement = client.sql(sql.toString());
        for (int i = 0; i < values.size(); i++) {
            statement = statement.bind(i, values.get(i));
        }
        return statement.map(MessageRows::found).all().collectList();
    }

    /** Of many messages, each in the order of time. */
    public Mono<Map<UUID, List<Entry>>> timelines(DatabaseClient client, TenantId tenant, Collection<UUID> ids) {
        return of(client, TIMELINE, tenant, ids)
                .map(MessageRows::entry)
                .all()
                .collect(Collectors.groupingBy(Entry::messageId));
    }

    /** Of many messages, each in the order of attempts and parts. */
    public Mono<Map<UUID, List<SubmittedPart>>> parts(DatabaseClient client, TenantId tenant, Collection<UUID> ids) {
        return of(client, PARTS, tenant, ids)
                .map(row -> Map.entry(required(row, "message_id", UUID.class), part(row)))
                .all()
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey, Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
    }

    /** Of those of these messages that the tenant has. */
    public Mono<List<Sealed>> sealed(DatabaseClient client, TenantId tenant, Collection<UUID> ids) {
        return of(client, SEALED, tenant, ids)
                .map(row -> new Sealed(
                        required(row, "id", UUID.class),
                        required(row, "subject_id", UUID.class),
                        octets(row, "wrapped"),
                        octets(row, "text_sealed")))
                .all()
                .collectList();
    }

    private static DatabaseClient.GenericExecuteSpec of(
            DatabaseClient client, String sql, TenantId tenant, Collection<UUID> ids) {
        return client.sql(sql).bind(0, tenant.value()).bind(1, ids.toArray(UUID[]::new));
    }

    /** Whether it was still in the queue, leased by nobody; then it is cancelled. */
    public Mono<Boolean> cancel(DatabaseClient client, TenantId tenant, UUID id, Instant at) {
        return client.sql(CANCEL)
                .bind(0, tenant.value())
                .bind(1, id)
                .bind(2, at.atOffset(ZoneOffset.UTC))
                .bind(3, TimeOrderedId.next())
                .mapValue(Long.class)
                .one()
                .map(cancelled -> cancelled > 0);
    }

    private static void condition(StringBuilder sql, List<Object> values, String text, Object value) {
        values.add(value);
        sql.append(text.replace("%s", "$" + values.size()));
    }

    private static Found found(Readable row) {
        return new Found(
                new Message(
                        required(row, "id", UUID.class),
                        new TenantId(required(row, "tenant_id", UUID.class)),
                        MessageStatus.valueOf(text(row, "status")),
                        required(row, "status_at", Instant.class),
                        "*",
                        text(row, "country"),
                        text(row, "sender"),
                        text(row, "purpose"),
                        MessageClass.valueOf(text(row, "message_class")),
                        null,
                        Encoding.valueOf(text(row, "encoding")),
                        number(row, "parts"),
                        number(row, "parts_delivered"),
                        number(row, "attempts"),
                        required(row, "simulated", Boolean.class),
                        required(row, "accepted_at", Instant.class),
                        row.get("send_at", Instant.class),
                        required(row, "expires_at", Instant.class),
                        row.get("failure_class", String.class),
                        row.get("carrier_code", String.class),
                        PriceColumns.price(row),
                        text(row, "verdict")),
                required(row, "subject_id", UUID.class),
                octets(row, "number_sealed"),
                octets(row, "wrapped"),
                octets(row, "reference_sealed"));
    }

    private static Entry entry(Readable row) {
        return new Entry(
                required(row, "message_id", UUID.class),
                required(row, "id", UUID.class),
                new TimelineEntry(
                        required(row, "at", Instant.class),
                        text(row, "type"),
                        row.get("attempt", Integer.class),
                        row.get("part", Integer.class),
                        row.get("account", UUID.class),
                        row.get("carrier_message_id", String.class),
                        row.get("outcome", String.class),
                        row.get("state", String.class),
                        row.get("applied", Boolean.class),
                        row.get("failure_class", String.class),
                        row.get("carrier_code", String.class),
                        null,
                        row.get("detail", String.class)),
                octets(row, "raw_sealed"));
    }

    private static SubmittedPart part(Readable row) {
        return new SubmittedPart(
                number(row, "attempt"),
                // 0 is the whole message
                Math.max(1, number(row, "part")),
                required(row, "carrier_account_id", UUID.class),
                text(row, "carrier_message_id"),
                row.get("state", String.class),
                row.get("state_at", Instant.class),
                row.get("failure_class", String.class),
                row.get("carrier_code", String.class));
    }

    private static <T> T required(Readable row, String column, Class<T> type) {
        return Objects.requireNonNull(row.get(column, type), column);
    }

    private static String text(Readable row, String column) {
        return required(row, column, String.class);
    }

    private static int number(Readable row, String column) {
        return required(row, column, Integer.class);
    }

    private static byte @Nullable [] octets(Readable row, String column) {
        ByteBuffer buffer = row.get(column, ByteBuffer.class);
        if (buffer == null) {
            return null;
        }
        byte[] octets = new byte[buffer.remaining()];
        buffer.get(octets);
        return octets;
    }
}
