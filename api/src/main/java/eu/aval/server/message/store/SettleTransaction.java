// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.store;

import eu.aval.server.message.MessageChanges;
import eu.aval.server.message.MessageStatus;
import eu.aval.server.message.dispatch.Settlement;
import eu.aval.server.message.dispatch.Settlement.Doubtful;
import eu.aval.server.message.dispatch.Settlement.Ended;
import eu.aval.server.message.dispatch.Settlement.Outcome;
import eu.aval.server.message.dispatch.Settlement.Requeued;
import eu.aval.server.message.dispatch.Settlement.Resolution;
import eu.aval.server.message.dispatch.Settlement.Submitted;
import eu.aval.server.shared.TimeOrderedId;
import eu.aval.server.tenant.PlatformDatabase;
import eu.aval.spi.failure.CarrierError;
import eu.aval.spi.failure.FailureClass;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/**
 * One transaction that writes what came of many attempts. All of it may be repeated: an attempt that has an outcome
 * keeps it, save that certainty replaces doubt. A node that slept for so long that it was taken for dead knows what it
 * has not sent: that is queued again.
 *
 * <p>Two nodes may write about one attempt, when one of them was taken for dead: both begin with the message, and then come
 * attempt, parts, doubt and the row in the queue. Where the text is gone, its person was erased meanwhile, and what the
 * carrier wrote is not kept either.
 */
class SettleTransaction {

    private static final String SUBMITTED = """
            with o as materialized (
              select * from unnest($1::uuid[], $2::smallint[], $3::uuid[], $4::timestamptz[]) as o(id, number, account, at)
            ), done as (
              update aval.attempt a set outcome = 'ACCEPTED', finished_at = o.at, failure_class = null, carrier_code = null,
                carrier_text = null
              from o
              where a.message_id = o.id and a.message_id = any($1) and a.number = o.number
                and (a.outcome is null or a.outcome = 'UNCERTAIN')
            ), part as (
              insert into aval.submitted_part (message_id, attempt, part, tenant_id, carrier_account_id, carrier_message_id)
              select * from unnest($5::uuid[], $6::smallint[], $7::smallint[], $8::uuid[], $9::uuid[], $10::text[])
              on conflict do nothing
            ), gone as (
              delete from aval.dispatch where message_id = any($1)
            ), moved as (
              update aval.message m set status = 'SUBMITTED', status_at = o.at, carrier_account_id = o.account,
                attempts = o.number, failure_class = null, carrier_code = null
              from o
              where m.id = o.id and m.id = any($1) and m.status in ('QUEUED', 'SCHEDULED', 'UNCERTAIN')
              returning\s""" + MessageChanges.MOVED + ") " + MessageChanges.TELL;

    private static final String OTHERS = """
            with o as materialized (
              select * from unnest($1::uuid[], $2::smallint[], $3::uuid[], $4::uuid[], $5::timestamptz[], $6::text[],
                  $7::text[], $8::text[], $9::text[], $10::text[], $11::uuid[], $12::timestamptz[], $13::text[],
                  $14::uuid[], $15::text[], $16::text[])
                as o(id, number, tenant_id, account, at, outcome, failure_class, code, text, status, next_account, due,
                  resolution, event_id, event, detail)
            ), held as materialized (
              select id, text_sealed is not null as readable from aval.message where id = any($1) order by id
              for no key update
            ), done as (
              update aval.attempt a set outcome = o.outcome, finished_at = o.at, failure_class = o.failure_class,
                carrier_code = o.code, carrier_text = case when held.readable then o.text end
              from o join held on held.id = o.id
              where a.message_id = o.id and a.message_id = any($1) and a.number = o.number
                and (a.outcome is null or (a.outcome = 'UNCERTAIN' and o.outcome <> 'UNCERTAIN'))
              returning a.message_id
            ), waits as (
              update aval.dispatch d set carrier_account_id = coalesce(o.next_account, d.carrier_account_id),
                due_at = o.due, node_id = null, pinned = d.pinned or o.resolution is not distinct from 'RESEND'
              from o join done on done.message_id = o.id
              where d.message_id = o.id and d.message_id = any($1) and d.attempts = o.number
                and (o.status is null or o.resolution = 'RESEND')
            ), gone as (
              delete from aval.dispatch d
              using o join done on done.message_id = o.id
              where d.message_id = o.id and d.message_id = any($1) and d.attempts = o.number
                and o.status is not null and o.resolution is distinct from 'RESEND'
            ), doubt as (
              insert into aval.doubt (message_id, attempt, tenant_id, carrier_account_id, step, due_at)
              select o.id, o.number, o.tenant_id, o.account, o.resolution, o.due
              from o join done on done.message_id = o.id
              where o.resolution in ('LOOK_UP', 'WAIT')
              on conflict (message_id) do update set attempt = excluded.attempt, step = excluded.step, looks = 0,
                carrier_account_id = excluded.carrier_account_id, due_at = excluded.due_at
            ), part as (
              insert into aval.submitted_part (message_id, attempt, part, tenant_id, carrier_account_id, carrier_message_id)
              select * from unnest($17::uuid[], $18::smallint[], $19::smallint[], $20::uuid[], $21::uuid[], $22::text[])
              on conflict do nothing
            ), event as (
              insert into aval.message_event (message_id, id, tenant_id, at, type, detail)
              select o.id, o.event_id, o.tenant_id, o.at, o.event, o.detail::jsonb
              from o join done on done.message_id = o.id
              where o.event is not null
            ), moved as (
              update aval.message m set status = coalesce(o.status, 'QUEUED'), status_at = o.at,
                carrier_account_id = o.account, attempts = o.number,
                failure_class = case when o.status is not null then o.failure_class end,
                carrier_code = case when o.status is not null then o.code end,
                text_sealed = case when m.discard_text and o.status <> 'UNCERTAIN' then null else m.text_sealed end
              from o join done on done.message_id = o.id
              where m.id = o.id and m.id = any($1)
                and (o.status is not null and m.status in ('QUEUED', 'SCHEDULED', 'UNCERTAIN')
                  or o.status is null and m.status = 'UNCERTAIN' and m.attempts = o.number)
              returning m.message_class, m.expires_at, o.status is null as unsent, o.number, o.next_account, o.due,\s""" + MessageChanges.MOVED + """
            ), unsent as (
              insert into aval.dispatch (message_id, tenant_id, carrier_account_id, lane, due_at, expires_at, parts, attempts)
              select id, tenant_id, next_account, \s""" + Columns.LANE + """
            , due, expires_at, parts, number from moved where unsent
              on conflict do nothing
            ), unsent_event as (
              insert into aval.message_event (message_id, id, tenant_id, at, type, detail)
              select id, gen_random_uuid(), tenant_id, status_at, 'QUEUED_AGAIN', '{"reason":"NOT_SENT"}' from moved where unsent
            )""" + MessageChanges.TELL;

    /** An id that the carrier gave to one part, or, as part 0, to the whole message. */
    private record Part(Settlement settlement, int number, String carrierMessageId) {}

    /** One row of the second statement. */
    private record Other(
            Settlement settlement,
            Outcome outcome,
            @Nullable FailureClass reason,
            @Nullable CarrierError error,
            @Nullable MessageStatus status,
            @Nullable UUID nextAccountId,
            @Nullable Instant due,
            @Nullable Resolution resolution,
            @Nullable String event,
            String detail) {}

    private final PlatformDatabase database;

    SettleTransaction(PlatformDatabase database) {
        this.database = database;
    }

    Mono<Void> settle(List<Settlement> group) {
        return database.in(client -> settle(client, group));
    }

    /** In the transaction of {@code client}. */
    Mono<Void> settle(DatabaseClient client, List<Settlement> group) {
        // In the order of the ids, so that two transactions never wait for each other
        List<Settlement> ordered = group.stream()
                .sorted(Comparator.comparing(each -> each.attempt().messageId()))
                .toList();
        List<Submitted> submitted = new ArrayList<>(ordered.size());
        List<Other> others = new ArrayList<>();
        for (Settlement settlement : ordered) {
            switch (settlement) {
                case Submitted one -> submitted.add(one);
                case Ended ended -> others.add(other(ended));
                case Requeued requeued -> others.add(other(requeued));
                case Doubtful doubtful -> others.add(other(doubtful));
            }
        }
        return submitted(client, submitted).then(others(client, others));
    }

    private static Mono<Void> submitted(DatabaseClient client, List<Submitted> submitted) {
        if (submitted.isEmpty()) {
            return Mono.empty();
        }
        List<Part> parts = new ArrayList<>(submitted.size());
        submitted.forEach(one -> addParts(
                parts, one, one.carrierMessageIds(), one.carrierMessageIds().size() == 1));
        Columns<Submitted> rows = Columns.of(submitted);
        return bindParts(
                        client.sql(SUBMITTED)
                                .bind(0, rows.ids(one -> one.attempt().messageId()))
                                .bind(1, rows.smallNumbers(one -> one.attempt().number()))
                                .bind(2, rows.ids(one -> one.attempt().accountId()))
                                .bind(3, rows.times(Submitted::at)),
                        4,
                        parts)
                .then();
    }

    private static Mono<Void> others(DatabaseClient client, List<Other> others) {
        if (others.isEmpty()) {
            return Mono.empty();
        }
        List<Part> parts = new ArrayList<>();
        others.forEach(other -> {
            if (other.settlement() instanceof Doubtful doubtful) {
                addParts(parts, doubtful, doubtful.acceptedIds(), false);
            }
        });
        Columns<Other> rows = Columns.of(others);
        return bindParts(
                        client.sql(OTHERS)
                                .bind(
                                        0,
                                        rows.ids(other ->
                                                other.settlement().attempt().messageId()))
                                .bind(
                                        1,
                                        rows.smallNumbers(other ->
                                                other.settlement().attempt().number()))
                                .bind(
                                        2,
                                        rows.ids(other -> other.settlement()
                                                .attempt()
                                                .tenant()
                                                .value()))
                                .bind(
                                        3,
                                        rows.ids(other ->
                                                other.settlement().attempt().accountId()))
                                .bind(4, rows.times(other -> other.settlement().at()))
                                .bind(5, rows.texts(other -> other.outcome().name()))
                                .bind(6, rows.texts(other -> name(other.reason())))
                                .bind(
                                        7,
                                        rows.texts(other -> other.error() == null
                                                ? null
                                                : other.error().code()))
                                .bind(
                                        8,
                                        rows.texts(other -> other.error() == null
                                                ? null
                                                : other.error().text()))
                                .bind(9, rows.texts(other -> name(other.status())))
                                .bind(10, rows.ids(Other::nextAccountId))
                                .bind(11, rows.times(Other::due))
                                .bind(12, rows.texts(other -> name(other.resolution())))
                                .bind(13, rows.ids(other -> TimeOrderedId.next()))
                                .bind(14, rows.texts(Other::event))
                                .bind(15, rows.texts(Other::detail)),
                        16,
                        parts)
                .then();
    }

    private static Other other(Ended ended) {
        return new Other(
                ended, Outcome.REJECTED, ended.reason(), ended.error(), ended.status(), null, null, null, null, "{}");
    }

    private static Other other(Requeued requeued) {
        boolean moves = !requeued.nextAccountId().equals(requeued.attempt().accountId());
        return new Other(
                requeued,
                requeued.outcome(),
                requeued.reason(),
                requeued.error(),
                null,
                requeued.nextAccountId(),
                requeued.due(),
                null,
                moves ? "REROUTED" : null,
                "{\"from\":\"" + requeued.attempt().accountId() + "\",\"to\":\"" + requeued.nextAccountId() + "\"}");
    }

    private static Other other(Doubtful doubtful) {
        return new Other(
                doubtful,
                Outcome.UNCERTAIN,
                null,
                doubtful.error(),
                MessageStatus.UNCERTAIN,
                null,
                doubtful.due(),
                doubtful.next(),
                "UNCERTAIN",
                "{\"cause\":\"" + doubtful.cause() + "\",\"next\":\"" + doubtful.next() + "\"}");
    }

    private static void addParts(List<Part> parts, Settlement settlement, List<String> ids, boolean whole) {
        for (int i = 0; i < ids.size(); i++) {
            parts.add(new Part(settlement, whole ? 0 : i + 1, ids.get(i)));
        }
    }

    private static DatabaseClient.GenericExecuteSpec bindParts(
            DatabaseClient.GenericExecuteSpec statement, int from, List<Part> parts) {
        Columns<Part> rows = Columns.of(parts);
        return statement
                .bind(from, rows.ids(part -> part.settlement().attempt().messageId()))
                .bind(
                        from + 1,
                        rows.smallNumbers(part -> part.settlement().attempt().number()))
                .bind(from + 2, rows.smallNumbers(Part::number))
                .bind(
                        from + 3,
                        rows.ids(part -> part.settlement().attempt().tenant().value()))
                .bind(from + 4, rows.ids(part -> part.settlement().attempt().accountId()))
                .bind(from + 5, rows.texts(Part::carrierMessageId));
    }

    private static @Nullable String name(@Nullable Enum<?> value) {
        return value == null ? null : value.name();
    }
}
