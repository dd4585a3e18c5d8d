// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.delivery.store;

import eu.aval.server.delivery.store.ReceiptRows.KnownMessage;
import eu.aval.server.delivery.store.ReceiptRows.KnownPart;
import eu.aval.server.delivery.store.ReceiptRows.MovedMessage;
import eu.aval.server.delivery.store.ReceiptRows.MovedPart;
import eu.aval.server.delivery.store.ReceiptRows.NewPart;
import eu.aval.server.delivery.store.ReceiptRows.NewReceipt;
import eu.aval.server.delivery.store.ReceiptRows.Sought;
import eu.aval.server.message.MessageChanges;
import eu.aval.server.message.MessageStatus;
import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.Readable;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** One statement that reads all a batch of receipts needs, and one that writes what follows. */
@Component
public class ReceiptTable {

    /** Another transaction moved one of the messages in between: nothing was written; read again. */
    public static final class Outdated extends RuntimeException {
        Outdated() {
            super("A message has moved in between", null, false, false);
        }
    }

    /**
     * The first id that is known wins; of several messages that had it, because a carrier began to count anew, the
     * latest. A message that is only echoed counts when an attempt through this account has ended.
     */
    private static final String READ = """
            with sought as materialized (
              select * from unnest($1::int[], $2::int[], $3::uuid[], $4::text[]) as s(receipt, rank, account, id)
            ), hit as (
              select distinct on (s.receipt) s.receipt, p.message_id
              from sought s cross join lateral (
                select p.message_id from aval.submitted_part p
                where p.carrier_account_id = s.account and p.carrier_message_id = s.id
                  -- spares the partitions of months to come
                  and p.message_id < aval.uuid_at(now() + interval '1 day')
                order by p.message_id desc limit 1) p
              order by s.receipt, s.rank
            ), echo as (
              select e.receipt, a.message_id
              from unnest($5::int[], $6::uuid[], $7::uuid[]) as e(receipt, account, message_id)
              cross join lateral (
                select a.message_id from aval.attempt a
                where a.message_id = e.message_id and a.carrier_account_id = e.account and a.outcome is not null limit 1) a
              where e.receipt not in (select receipt from hit)
            ), wanted as (
              select message_id, array_agg(receipt order by receipt) as receipts
              from (select * from hit union all select * from echo) as found group by message_id
            )
            select m.id, m.tenant_id, m.subject_id, m.status, m.status_at, m.parts, m.parts_delivered, m.attempts, k.wrapped,
              (select version from aval.keyset s where s.tenant_id = m.tenant_id and s.kind = 'AEAD') as keyset_version,
              w.receipts, p.attempt, p.part, p.carrier_account_id, p.carrier_message_id, p.state, p.state_at,
              p.failure_class, p.carrier_code
            from wanted w
            cross join lateral (select * from aval.message m where m.id = w.message_id limit 1) m
            left join lateral (
              select wrapped from aval_keys.subject_key k where k.subject_id = m.subject_id limit 1) k on true
            left join lateral (select * from aval.submitted_part p where p.message_id = w.message_id limit 1000) p on true
            order by m.id, p.attempt, p.part""";

    private static final String WRITE = """
            with part as (
              update aval.submitted_part p set state = o.state, state_at = o.at, failure_class = o.failure_class,
                carrier_code = o.code
              from unnest($1::uuid[], $2::smallint[], $3::smallint[], $4::text[], $5::text[], $6::timestamptz[],
                  $7::text[], $8::text[]) as o(id, attempt, part, old_state, state, at, failure_class, code)
              where p.message_id = o.id and p.message_id = any($1) and p.attempt = o.attempt and p.part = o.part
                and p.state is not distinct from o.old_state
              returning 1
            ), message as (
              update aval.message m set status = o.status,
                status_at = case when m.status = o.status then m.status_at else clock_timestamp() end,
                parts_delivered = o.delivered, failure_class = o.failure_class, carrier_code = o.code,
                text_sealed = case when m.discard_text and o.final then null else m.text_sealed end
              from unnest($9::uuid[], $10::text[], $11::smallint[], $12::text[], $13::smallint[],
                  $14::text[], $15::text[], $16::boolean[])
                as o(id, old_status, old_delivered, status, delivered, failure_class, code, final)
              where m.id = o.id and m.id = any($9) and m.status = o.old_status and m.parts_delivered = o.old_delivered
              returning o.old_status,\s""" + MessageChanges.MOVED + """
            ), moved as (
              select * from message where status <> old_status
            ), told as (""" + MessageChanges.TELL + """
            ), receipt as (
              insert into aval.receipt (message_id, id, tenant_id, carrier_account_id, carrier_message_id, part, state,
                failure_class, carrier_code, at, received_at, applied, raw_sealed)
              select message_id, id, tenant_id, account, carrier_id, part, state, failure_class, code, at, received_at,
                applied, decode(raw, 'hex')
              from unnest($17::uuid[], $18::uuid[], $19::uuid[], $20::uuid[], $21::text[], $22::smallint[], $23::text[],
                  $24::text[], $25::text[], $26::timestamptz[], $27::timestamptz[], $28::boolean[], $29::text[])
                as r(message_id, id, tenant_id, account, carrier_id, part, state, failure_class, code, at, received_at,
                  applied, raw)
              on conflict do nothing
            )
            select (select count(*) from message) as messages, (select count(*) from part) as parts""";

    private static final String NEW_PARTS = """
            insert into aval.submitted_part (message_id, attempt, part, tenant_id, carrier_account_id, carrier_message_id,
              state, state_at, failure_class, carrier_code)
            select * from unnest($1::uuid[], $2::smallint[], $3::smallint[], $4::uuid[], $5::uuid[], $6::text[],
              $7::text[], $8::timestamptz[], $9::text[], $10::text[])
            on conflict do nothing""";

    /** A repetition under the same key is not needed any more: the carrier has told of the message. */
    private static final String RESOLVED = """
            with doubt as (delete from aval.doubt where message_id = any($1))
            delete from aval.dispatch where message_id = any($1) and pinned and node_id is null""";

    /** The messages that the receipts speak of. */
    public Mono<List<KnownMessage>> read(DatabaseClient client, List<Sought> sought) {
        List<Integer> receipts = new ArrayList<>();
        List<Integer> ranks = new ArrayList<>();
        List<UUID> accounts = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        for (Sought one : sought) {
            for (int rank = 0; rank < one.carrierMessageIds().size(); rank++) {
                receipts.add(one.receipt());
                ranks.add(rank);
                accounts.add(one.accountId());
                ids.add(one.carrierMessageIds().get(rank));
            }
        }
        List<Sought> echoed =
                sought.stream().filter(one -> one.messageId() != null).toList();
        return Mono.defer(() -> {
            Map<UUID, KnownMessage> messages = new LinkedHashMap<>();
            return client.sql(READ)
                    .bindValues(List.of(
                            receipts.toArray(Integer[]::new),
                            ranks.toArray(Integer[]::new),
                            accounts.toArray(UUID[]::new),
                            ids.toArray(String[]::new),
                            column(echoed, Sought::receipt, Integer[]::new),
                            column(echoed, Sought::accountId, UUID[]::new),
                            column(echoed, Sought::messageId, UUID[]::new)))
                    .map(row -> add(messages, row))
                    .all()
                    .then(Mono.fromSupplier(() -> List.copyOf(messages.values())));
        });
    }

    /** Writes what follows from a batch; an error {@link Outdated} if what it was decided from has changed. */
    public Mono<Void> write(
            DatabaseClient client,
            List<MovedPart> parts,
            List<NewPart> newParts,
            List<MovedMessage> messages,
            List<NewReceipt> receipts) {
        return client.sql(WRITE)
                .bindValues(List.of(
                        column(parts, MovedPart::messageId, UUID[]::new),
                        column(parts, part -> (short) part.after().attempt(), Short[]::new),
                        column(parts, part -> (short) part.after().part(), Short[]::new),
                        column(parts, part -> part.before().state(), String[]::new),
                        column(parts, part -> part.after().state(), String[]::new),
                        column(parts, part -> time(part.after().at()), OffsetDateTime[]::new),
                        column(parts, part -> part.after().failureClass(), String[]::new),
                        column(parts, part -> part.after().carrierCode(), String[]::new),
                        column(messages, message -> message.before().id(), UUID[]::new),
                        column(messages, message -> message.before().status().name(), String[]::new),
                        column(messages, message -> (short) message.before().partsDelivered(), Short[]::new),
                        column(messages, message -> message.status().name(), String[]::new),
                        column(messages, message -> (short) message.partsDelivered(), Short[]::new),
                        column(messages, MovedMessage::failureClass, String[]::new),
                        column(messages, MovedMessage::carrierCode, String[]::new),
                        column(messages, message -> message.status().isFinal(), Boolean[]::new),
                        column(receipts, NewReceipt::messageId, UUID[]::new),
                        column(receipts, NewReceipt::id, UUID[]::new),
                        column(receipts, NewReceipt::tenant, UUID[]::new),
                        column(receipts, NewReceipt::accountId, UUID[]::new),
                        column(receipts, NewReceipt::carrierMessageId, String[]::new),
                        column(receipts, receipt -> (short) receipt.part(), Short[]::new),
                        column(receipts, NewReceipt::state, String[]::new),
                        column(receipts, NewReceipt::failureClass, String[]::new),
                        column(receipts, NewReceipt::carrierCode, String[]::new),
                        column(receipts, receipt -> time(receipt.at()), OffsetDateTime[]::new),
                        column(receipts, receipt -> time(receipt.receivedAt()), OffsetDateTime[]::new),
                        column(receipts, NewReceipt::applied, Boolean[]::new),
                        column(receipts, receipt -> hex(receipt.rawSealed()), String[]::new)))
                .map(row -> required(row, "parts", Long.class) == parts.size()
                        && required(row, "messages", Long.class) == messages.size())
                .one()
                .flatMap(current -> current ? Mono.<Void>empty() : Mono.<Void>error(new Outdated()))
                .then(insert(client, newParts))
                .then(resolve(client, messages));
    }

    private static Mono<Void> insert(DatabaseClient client, List<NewPart> parts) {
        return parts.isEmpty()
                ? Mono.empty()
                : client.sql(NEW_PARTS)
                        .bindValues(List.of(
                                column(parts, NewPart::messageId, UUID[]::new),
                                column(parts, each -> (short) each.part().attempt(), Short[]::new),
                                column(parts, each -> (short) each.part().part(), Short[]::new),
                                column(parts, NewPart::tenant, UUID[]::new),
                                column(parts, each -> each.part().accountId(), UUID[]::new),
                                column(parts, each -> each.part().carrierMessageId(), String[]::new),
                                column(parts, each -> each.part().state(), String[]::new),
                                column(parts, each -> time(each.part().at()), OffsetDateTime[]::new),
                                column(parts, each -> each.part().failureClass(), String[]::new),
                                column(parts, each -> each.part().carrierCode(), String[]::new)))
                        .then();
    }

    private static Mono<Void> resolve(DatabaseClient client, List<MovedMessage> messages) {
        UUID[] uncertain = messages.stream()
                .map(MovedMessage::before)
                .filter(before -> before.status() == MessageStatus.UNCERTAIN)
                .map(KnownMessage::id)
                .toArray(UUID[]::new);
        return uncertain.length == 0
                ? Mono.empty()
                : client.sql(RESOLVED).bind(0, uncertain).then();
    }

    /** Whether the same batch may be tried again as it is. */
    public static boolean isConflict(Throwable error) {
        String state = state(error);
        return error instanceof Outdated || "40001".equals(state) || "40P01".equals(state);
    }

    /** Whether one of the receipts is at fault. */
    public static boolean isFaultOfData(Throwable error) {
        String state = state(error);
        return state != null && (state.startsWith("22") || state.startsWith("23") || state.startsWith("54"));
    }

    private static @Nullable String state(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof R2dbcException failure && failure.getSqlState() != null) {
                return failure.getSqlState();
            }
        }
        return null;
    }

    private static UUID add(Map<UUID, KnownMessage> messages, Readable row) {
        UUID id = required(row, "id", UUID.class);
        KnownMessage message = messages.computeIfAbsent(
                id,
                key -> new KnownMessage(
                        key,
                        required(row, "tenant_id", UUID.class),
                        required(row, "subject_id", UUID.class),
                        MessageStatus.valueOf(required(row, "status", String.class)),
                        required(row, "status_at", Instant.class),
                        required(row, "parts", Integer.class),
                        required(row, "parts_delivered", Integer.class),
                        required(row, "attempts", Integer.class),
                        row.get("wrapped", ByteBuffer.class),
                        required(row, "keyset_version", Integer.class),
                        List.of(required(row, "receipts", Integer[].class)),
                        new ArrayList<>()));
        Integer attempt = row.get("attempt", Integer.class);
        if (attempt != null) {
            message.known()
                    .add(new KnownPart(
                            attempt,
                            required(row, "part", Integer.class),
                            required(row, "carrier_account_id", UUID.class),
                            required(row, "carrier_message_id", String.class),
                            row.get("state", String.class),
                            row.get("state_at", Instant.class),
                            row.get("failure_class", String.class),
                            row.get("carrier_code", String.class)));
        }
        return id;
    }

    static <T> T required(Readable row, String column, Class<T> type) {
        return Objects.requireNonNull(row.get(column, type), column);
    }

    static <T, V> @Nullable V[] column(
            Collection<T> rows, Function<T, ? extends @Nullable V> value, IntFunction<@Nullable V[]> array) {
        @Nullable V[] column = array.apply(rows.size());
        int i = 0;
        for (T row : rows) {
            column[i++] = value.apply(row);
        }
        return column;
    }

    /** Octets in arrays travel as hex: the driver writes an array of buffers so that they come out changed. */
    static @Nullable String hex(@Nullable ByteBuffer octets) {
        if (octets == null) {
            return null;
        }
        byte[] copy = new byte[octets.remaining()];
        octets.duplicate().get(copy);
        return HexFormat.of().formatHex(copy);
    }

    static @Nullable OffsetDateTime time(@Nullable Instant at) {
        return at == null ? null : at.atOffset(ZoneOffset.UTC);
    }
}
