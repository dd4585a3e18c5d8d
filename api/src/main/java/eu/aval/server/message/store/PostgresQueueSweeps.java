// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.store;

import static eu.aval.server.message.store.RowValues.number;
import static eu.aval.server.message.store.RowValues.uuid;

import eu.aval.server.message.MessageChanges;
import eu.aval.server.message.dispatch.ClaimedMessage.Attempt;
import eu.aval.server.message.dispatch.QueueSweeps;
import eu.aval.server.shared.TenantId;
import eu.aval.server.shared.TimeOrderedId;
import eu.aval.server.tenant.PlatformDatabase;
import io.r2dbc.spi.Readable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The sweeps over the queue in PostgreSQL. */
class PostgresQueueSweeps implements QueueSweeps {

    /** Reads the whole queue: nothing orders it by the end of validity, and keeping an index for that costs more. */
    private static final String EXPIRE = """
            with overdue as materialized (
              select message_id, pinned from aval.dispatch
              where expires_at <= now() and node_id is null
              limit $1 for update skip locked
            ), gone as (
              delete from aval.dispatch where message_id = any(array(select message_id from overdue))
            ), moved as (
              update aval.message m set status = 'EXPIRED', status_at = now(), failure_class = 'EXPIRED',
                text_sealed = case when m.discard_text then null else m.text_sealed end
              where m.id = any(array(select message_id from overdue where not pinned)) and m.status in ('QUEUED', 'SCHEDULED')
              returning\s""" + MessageChanges.MOVED + "), told as (" + MessageChanges.TELL + """
            )
            select count(*) from moved""";

    private static final String LOCK_NODES = "select id from aval.node where id = any($1) order by id for update";

    private static final String FENCE =
            "update aval.node set fenced_at = now() where id = any($1) and fenced_at is null";

    /** Leases of nodes that are fenced or not listed at all: these ended without giving everything back. */
    private static final String ABANDONED = """
            select d.message_id, d.attempts, d.tenant_id, d.carrier_account_id from aval.dispatch d
            where d.node_id is not null
              and not exists (select from aval.node n where n.id = d.node_id and n.fenced_at is null)
            limit $1""";

    private static final String ABANDON = """
            with due as materialized (
              select message_id from aval.dispatch where due_at < $1 and node_id is null
              limit $2 for update skip locked
            ), leased as (
              update aval.dispatch d set node_id = $3, attempts = d.attempts + 1
              where d.message_id = any(array(select message_id from due))
              returning d.message_id, d.attempts, d.tenant_id, d.carrier_account_id
            ), attempt as (
              insert into aval.attempt (message_id, number, tenant_id, carrier_account_id, node_id, started_at)
              select message_id, attempts, tenant_id, carrier_account_id, $3, now() from leased
            )
            select count(*) from leased""";

    private static final String OWN = """
            select d.message_id, d.attempts, d.tenant_id, d.carrier_account_id from aval.dispatch d
            where d.node_id = $1 and exists (
              select from aval.attempt a
              where a.message_id = d.message_id and a.number = d.attempts and a.started_at < now() - $2::interval)
            limit $3""";

    private static final String WATERMARK = """
            insert into aval.watermark (name, at)
            select 'message-silence', (select coalesce(min(expires_at) - interval '1 second', now()) from aval.message)
            where not exists (select from aval.watermark where name = 'message-silence')
            on conflict (name) do nothing""";

    private static final String SILENT = """
            with mark as materialized (
              select at, least(at + interval '1 hour', now() - interval '24 hours') as until
              from aval.watermark where name = 'message-silence' for update skip locked
            ), moved as (
              update aval.message m set status = 'UNKNOWN', status_at = now(), failure_class = 'UNKNOWN',
                text_sealed = case when m.discard_text then null else m.text_sealed end
              from mark
              where m.expires_at > mark.at and m.expires_at <= mark.until
                and m.status in ('SUBMITTED', 'ENROUTE', 'UNCERTAIN')
              returning\s""" + MessageChanges.MOVED + "), told as (" + MessageChanges.TELL + """
            ), forgotten as (
              delete from aval.doubt where message_id in (select id from moved)
            ), mark_moved as (
              update aval.watermark w set at = mark.until from mark
              where w.name = 'message-silence' and mark.until > mark.at
            ), event as (
              insert into aval.message_event (message_id, id, tenant_id, at, type)
              select id, gen_random_uuid(), tenant_id, now(), 'NO_RECEIPT' from moved
            )
            select count(*)::integer as ended from moved""";

    private final PlatformDatabase database;
    private final QueueNode node;

    PostgresQueueSweeps(PlatformDatabase database, QueueNode node) {
        this.database = database;
        this.node = node;
    }

    @Override
    public Mono<Long> expireOverdue(int atMost) {
        return database.in(client ->
                client.sql(EXPIRE).bind(0, atMost).mapValue(Long.class).one());
    }

    @Override
    public Mono<List<Attempt>> abandoned(int atMost) {
        return node.dead()
                .flatMap(dead -> dead.isEmpty() ? Mono.empty() : fence(dead))
                .then(Mono.defer(() -> database.in(client -> client.sql(ABANDONED)
                        .bind(0, atMost)
                        .map(PostgresQueueSweeps::attempt)
                        .all()
                        .collectList())));
    }

    @Override
    public Mono<Long> abandon(Instant dueBefore, int atMost) {
        UUID gone = TimeOrderedId.next();
        return database.in(client -> client.sql(ABANDON)
                .bind(0, Columns.time(dueBefore))
                .bind(1, atMost)
                .bind(2, gone)
                .mapValue(Long.class)
                .one());
    }

    @Override
    public Mono<Void> forgetDead() {
        return database.in(client ->
                        client.sql("""
                                select n.id from aval.node n where n.fenced_at is not null
                                  and not exists (select from aval.dispatch d where d.node_id = n.id)""").map(row -> uuid(row, "id")).all().collectList())
                .flatMapMany(Flux::fromIterable)
                .concatMap(node::forget)
                .then();
    }

    @Override
    public Mono<List<Attempt>> own(Duration age, int atMost) {
        return database.in(client -> client.sql(OWN)
                .bind(0, node.id())
                .bind(1, age.toSeconds() + " seconds")
                .bind(2, atMost)
                .map(PostgresQueueSweeps::attempt)
                .all()
                .collectList());
    }

    @Override
    public Mono<Integer> endSilent() {
        return database.in(client -> client.sql(WATERMARK)
                .then()
                .then(client.sql(SILENT).map(row -> number(row, "ended")).one()));
    }

    /** Waits for the leases that a dead node may be taking at this moment. */
    private Mono<Void> fence(List<UUID> dead) {
        UUID[] ids = dead.toArray(UUID[]::new);
        return database.in(client -> client.sql(LOCK_NODES)
                .bind(0, ids)
                .then()
                .then(client.sql(FENCE).bind(0, ids).then()));
    }

    private static Attempt attempt(Readable row) {
        return new Attempt(
                uuid(row, "message_id"),
                number(row, "attempts"),
                new TenantId(uuid(row, "tenant_id")),
                uuid(row, "carrier_account_id"));
    }
}
