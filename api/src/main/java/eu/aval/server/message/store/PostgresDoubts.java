// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.store;

import static eu.aval.server.message.store.RowValues.flag;
import static eu.aval.server.message.store.RowValues.number;
import static eu.aval.server.message.store.RowValues.text;
import static eu.aval.server.message.store.RowValues.uuid;

import eu.aval.server.message.MessageChanges;
import eu.aval.server.message.dispatch.ClaimedMessage;
import eu.aval.server.message.dispatch.ClaimedMessage.Attempt;
import eu.aval.server.message.dispatch.Doubts;
import eu.aval.server.message.dispatch.Settlement;
import eu.aval.server.message.dispatch.Settlement.Submitted;
import eu.aval.server.shared.TenantId;
import eu.aval.server.shared.TimeOrderedId;
import eu.aval.server.tenant.PlatformDatabase;
import eu.aval.spi.submit.MessageClass;
import eu.aval.spi.text.Encoding;
import io.r2dbc.spi.Readable;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/** The doubts in PostgreSQL. */
class PostgresDoubts implements Doubts {

    private static final String FORGET = """
            delete from aval.doubt where message_id = any(array(
              select d.message_id from aval.doubt d
              where d.due_at <= now()
                and not exists (select from aval.message m where m.id = d.message_id and m.status = 'UNCERTAIN')
              for update skip locked))""";

    /** A doubt whose person was erased has no key and ends nowhere: it is forgotten with the message. */
    private static final String DUE = """
            with due as materialized (
              select message_id from aval.doubt
              where due_at <= now() and (step = 'WAIT' or carrier_account_id = any($1))
              order by due_at limit $2 for update skip locked
            ), leased as (
              update aval.doubt d set due_at = now() + interval '1 minute'
              where d.message_id = any(array(select message_id from due))
              returning d.*
            )
            select d.message_id, d.attempt, d.tenant_id, d.carrier_account_id, d.step, d.looks, m.subject_id,
              m.message_class, m.sender, m.country, m.encoding, m.parts, m.simulated, m.expires_at, m.text_sealed,
              s.number_sealed, k.wrapped
            from leased d
            cross join lateral (select * from aval.message m where m.id = d.message_id limit 1) m
            cross join lateral (select number_sealed from aval.subject s where s.id = m.subject_id limit 1) s
            cross join lateral (
              select wrapped from aval_keys.subject_key k where k.subject_id = m.subject_id limit 1) k
            where m.status = 'UNCERTAIN' and m.text_sealed is not null and s.number_sealed is not null""";

    private static final String LOOK_AGAIN =
            "update aval.doubt set looks = looks + 1, due_at = $3 where message_id = $1 and attempt = $2";

    /** Only while the message is uncertain of this very attempt: a receipt may have come at this moment. */
    private static final String QUEUE_AGAIN =
            """
            with moved as (
              update aval.message m set status = 'QUEUED', status_at = now()
              where m.id = $1 and m.status = 'UNCERTAIN' and m.attempts = $2 and m.expires_at > now()
              returning m.message_class, m.expires_at,\s""" + MessageChanges.MOVED + "), told as (" + MessageChanges.TELL + """
            ), known as (
              update aval.attempt set outcome = case when $3 = 'NOT_FOUND' then 'UNAVAILABLE' else outcome end
              where message_id in (select id from moved) and number = $2
            ), event as (
              insert into aval.message_event (message_id, id, tenant_id, at, type, detail)
              select id, $4, tenant_id, now(), 'QUEUED_AGAIN', jsonb_build_object('reason', $3) from moved
            ), done as (
              delete from aval.doubt where message_id = $1 and attempt = $2
            )
            insert into aval.dispatch (message_id, tenant_id, carrier_account_id, lane, due_at, expires_at, parts, attempts)
            select id, tenant_id, $5,\s""" + Columns.LANE + """
            , now(), expires_at, parts, $2
            from moved on conflict do nothing""";

    private static final String LEAVE = """
            with gone as (
              delete from aval.doubt where message_id = $1 and attempt = $2 returning message_id, tenant_id
            )
            insert into aval.message_event (message_id, id, tenant_id, at, type)
            select message_id, $3, tenant_id, now(), 'UNRESOLVED' from gone""";

    private final PlatformDatabase database;
    private final SettleTransaction settles;

    PostgresDoubts(PlatformDatabase database, SettleTransaction settles) {
        this.database = database;
        this.settles = settles;
    }

    @Override
    public Mono<List<Doubt>> due(Collection<UUID> openAccounts, int atMost) {
        return database.in(client -> client.sql(FORGET)
                .then()
                .then(client.sql(DUE)
                        .bind(0, openAccounts.toArray(UUID[]::new))
                        .bind(1, atMost)
                        .map(PostgresDoubts::doubt)
                        .all()
                        .collectList()));
    }

    @Override
    public Mono<Void> lookAgain(Attempt attempt, Instant due) {
        return database.in(client ->
                bind(client, LOOK_AGAIN, attempt).bind(2, Columns.time(due)).then());
    }

    @Override
    public Mono<Void> found(Attempt attempt, List<String> carrierMessageIds, Instant at) {
        return database.in(client -> settles.settle(client, List.of(new Submitted(attempt, at, carrierMessageIds)))
                .then(client.sql("delete from aval.doubt where message_id = $1")
                        .bind(0, attempt.messageId())
                        .then()));
    }

    @Override
    public Mono<Void> queueAgain(Attempt attempt, Reason reason, UUID accountId) {
        return database.in(client -> bind(client, QUEUE_AGAIN, attempt)
                .bind(2, reason.name())
                .bind(3, TimeOrderedId.next())
                .bind(4, accountId)
                .then());
    }

    @Override
    public Mono<Void> leave(Attempt attempt) {
        return database.in(client ->
                bind(client, LEAVE, attempt).bind(2, TimeOrderedId.next()).then());
    }

    private static DatabaseClient.GenericExecuteSpec bind(DatabaseClient client, String sql, Attempt attempt) {
        return client.sql(sql).bind(0, attempt.messageId()).bind(1, (short) attempt.number());
    }

    private static Doubt doubt(Readable row) {
        UUID accountId = uuid(row, "carrier_account_id");
        Attempt attempt = new Attempt(
                uuid(row, "message_id"), number(row, "attempt"), new TenantId(uuid(row, "tenant_id")), accountId);
        return new Doubt(
                Settlement.Resolution.valueOf(text(row, "step")),
                number(row, "looks"),
                new ClaimedMessage(
                        attempt,
                        uuid(row, "subject_id"),
                        1,
                        number(row, "parts"),
                        null,
                        false,
                        flag(row, "simulated"),
                        MessageClass.valueOf(text(row, "message_class")),
                        text(row, "sender"),
                        text(row, "country"),
                        Encoding.valueOf(text(row, "encoding")),
                        Objects.requireNonNull(row.get("expires_at", Instant.class)),
                        Set.of(),
                        octets(row, "text_sealed"),
                        octets(row, "number_sealed"),
                        octets(row, "wrapped")));
    }

    private static ByteBuffer octets(Readable row, String column) {
        return Objects.requireNonNull(row.get(column, ByteBuffer.class), column);
    }
}
