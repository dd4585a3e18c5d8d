// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.store;

import static eu.aval.server.message.store.RowValues.flag;
import static eu.aval.server.message.store.RowValues.number;
import static eu.aval.server.message.store.RowValues.text;
import static eu.aval.server.message.store.RowValues.uuid;

import eu.aval.server.message.dispatch.ClaimedMessage;
import eu.aval.server.message.dispatch.DispatchQueue;
import eu.aval.server.message.dispatch.Settlement;
import eu.aval.server.message.dispatch.WaitingMessage;
import eu.aval.server.shared.GroupCommit.Remedy;
import eu.aval.server.shared.TenantId;
import eu.aval.server.shared.TimeOrderedId;
import eu.aval.server.tenant.PlatformDatabase;
import eu.aval.spi.submit.MessageClass;
import io.r2dbc.spi.Readable;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The dispatch queue in PostgreSQL: a small table whose rows go when the message leaves. */
class PostgresDispatchQueue implements DispatchQueue {

    private static final String DUE = """
            select a.id from unnest($1::uuid[]) as a(id)
            where exists (select from aval.node n where n.id = $2 and n.fenced_at is null)
              and exists (
                select from unnest($3::smallint[]) as l(lane) cross join lateral (
                  select from aval.dispatch d
                  where d.carrier_account_id = a.id and d.lane = l.lane and d.due_at <= now() and d.node_id is null
                  order by d.due_at, d.message_id limit 1) as first)""";

    /** Jumps from account to account in the index instead of reading it. */
    private static final String PLANNED = """
            with recursive planned as (
              (select carrier_account_id from aval.dispatch where carrier_account_id is not null
               order by carrier_account_id limit 1)
              union all
              select (select d.carrier_account_id from aval.dispatch d
                      where d.carrier_account_id > p.carrier_account_id order by d.carrier_account_id limit 1)
              from planned p where p.carrier_account_id is not null
            )
            select carrier_account_id from planned where carrier_account_id is not null""";

    private static final String WAITING = """
            select d.message_id, d.tenant_id, d.lane, d.due_at, m.subject_id, m.simulated, m.country, m.message_class, m.parts, m.max_price, m.currency,
              s.number_sealed, k.wrapped
            from (
              select * from aval.dispatch
              where carrier_account_id is not distinct from $1 and (lane, due_at, message_id) > ($2, $3, $4)
                and node_id is null and not pinned
              order by lane, due_at, message_id limit $5) d
            cross join lateral (select * from aval.message m where m.id = d.message_id limit 1) m
            cross join lateral (select number_sealed from aval.subject s where s.id = m.subject_id limit 1) s
            cross join lateral (
              select wrapped from aval_keys.subject_key k where k.subject_id = m.subject_id limit 1) k
            where s.number_sealed is not null
            order by d.lane, d.due_at, d.message_id""";

    private static final String MOVE = """
            with o as materialized (
              select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[]) as o(id, source, target, event_id)
            ), movable as materialized (
              select d.message_id, o.target from aval.dispatch d join o on o.id = d.message_id
              where d.message_id = any($1) and d.node_id is null and not d.pinned
                and d.carrier_account_id is not distinct from o.source
              order by d.message_id for update of d
            ), moved as (
              update aval.dispatch d set carrier_account_id = m.target
              from movable m where d.message_id = m.message_id
              returning d.message_id, d.tenant_id
            )
            insert into aval.message_event (message_id, id, tenant_id, at, type, detail)
            select o.id, o.event_id, moved.tenant_id, now(), 'REROUTED',
              jsonb_strip_nulls(jsonb_build_object('from', o.source, 'to', o.target))
            from o join moved on moved.message_id = o.id""";

    /** As many rows are counted; what is more is estimated by the planner. */
    private static final int COUNTED = 10_000;

    private static final String COUNT = """
            select count(*) as messages, coalesce(greatest(extract(epoch from now() - min(due_at)), 0), 0)::double precision as oldest
            from (
              select due_at from aval.dispatch where carrier_account_id = $1 and lane = $2
              order by due_at, message_id limit $3) as counted""";

    private static final Pattern PLAN_ROWS = Pattern.compile("\"Plan Rows\": (\\d+)");

    private static final UUID BEFORE_ALL = new UUID(0, 0);

    private final PlatformDatabase database;
    private final QueueNode node;
    private final ClaimTransaction claims;
    private final SettleTransaction settles;

    PostgresDispatchQueue(
            PlatformDatabase database, QueueNode node, ClaimTransaction claims, SettleTransaction settles) {
        this.database = database;
        this.node = node;
        this.claims = claims;
        this.settles = settles;
    }

    @Override
    public Mono<List<ClaimedMessage>> claim(UUID accountId, int atMost) {
        return claims.claim(accountId, atMost);
    }

    @Override
    public Mono<Void> settle(List<Settlement> group) {
        return settles.settle(group);
    }

    @Override
    public Mono<Set<UUID>> due(Collection<UUID> accountIds) {
        return database.in(client -> client.sql(DUE)
                .bind(0, accountIds.toArray(UUID[]::new))
                .bind(1, node.id())
                .bind(2, new Short[] {0, 1, 2})
                .map(row -> uuid(row, "id"))
                .all()
                .collect(HashSet::new, Set::add));
    }

    @Override
    public Mono<Set<UUID>> plannedAccounts() {
        return database.in(client -> planned(client));
    }

    private static Mono<Set<UUID>> planned(DatabaseClient client) {
        return client.sql(PLANNED)
                .map(row -> uuid(row, "carrier_account_id"))
                .all()
                .collect(HashSet::new, Set::add);
    }

    @Override
    public Mono<List<WaitingMessage>> waiting(@Nullable UUID accountId, @Nullable Position after, int atMost) {
        return database.in(client -> {
            DatabaseClient.GenericExecuteSpec statement = client.sql(WAITING);
            statement = accountId == null ? statement.bindNull(0, UUID.class) : statement.bind(0, accountId);
            return statement
                    .bind(1, after == null ? -1 : after.lane())
                    .bind(2, Columns.time(after == null ? Instant.EPOCH : after.due()))
                    .bind(3, after == null ? BEFORE_ALL : after.messageId())
                    .bind(4, atMost)
                    .map(PostgresDispatchQueue::waitingMessage)
                    .all()
                    .collectList();
        });
    }

    @Override
    public Mono<Void> move(List<Move> moves) {
        if (moves.isEmpty()) {
            return Mono.empty();
        }
        Columns<Move> rows = Columns.of(moves);
        return database.in(client -> client.sql(MOVE)
                        .bind(0, rows.ids(Move::messageId))
                        .bind(1, rows.ids(Move::fromAccountId))
                        .bind(2, rows.ids(Move::toAccountId))
                        .bind(3, rows.ids(move -> TimeOrderedId.next()))
                        .then())
                .doOnSuccess(
                        done -> moves.stream().map(Move::toAccountId).distinct().forEach(claims::lookFromTheFront));
    }

    @Override
    public Mono<List<Depth>> depths() {
        return database.in(client -> planned(client)
                .flatMapMany(Flux::fromIterable)
                .concatMap(account -> Flux.range(0, ClaimCursor.LANES).concatMap(lane -> depth(client, account, lane)))
                .filter(depth -> depth.messages() > 0)
                .collectList());
    }

    private static Mono<Depth> depth(DatabaseClient client, UUID account, int lane) {
        return client.sql(COUNT)
                .bind(0, account)
                .bind(1, lane)
                .bind(2, COUNTED)
                .map(row -> new Depth(
                        account, lane, Objects.requireNonNull(row.get("messages", Long.class)), Duration.ofMillis((long)
                                (Objects.requireNonNull(row.get("oldest", Double.class)) * 1000))))
                .one()
                .flatMap(depth -> depth.messages() < COUNTED
                        ? Mono.just(depth)
                        : estimate(client, account, lane)
                                .map(rows ->
                                        new Depth(account, lane, Math.max(rows, depth.messages()), depth.oldest())));
    }

    private static Mono<Long> estimate(DatabaseClient client, UUID account, int lane) {
        return client.sql("explain (format json) select 1 from aval.dispatch where carrier_account_id = '" + account
                        + "' and lane = " + lane)
                .map(row -> Objects.requireNonNull(row.get(0, String.class)))
                .one()
                .map(plan -> {
                    Matcher rows = PLAN_ROWS.matcher(plan);
                    return rows.find() ? Long.parseLong(rows.group(1)) : 0L;
                });
    }

    @Override
    public boolean isConflict(Throwable error) {
        return CommitRemedies.of(error) == Remedy.RETRY;
    }

    @Override
    public boolean isFaultOfData(Throwable error) {
        return CommitRemedies.of(error) == Remedy.SPLIT;
    }

    private static WaitingMessage waitingMessage(Readable row) {
        UUID id = uuid(row, "message_id");
        return new WaitingMessage(
                id,
                new TenantId(uuid(row, "tenant_id")),
                new Position(number(row, "lane"), Objects.requireNonNull(row.get("due_at", Instant.class)), id),
                uuid(row, "subject_id"),
                flag(row, "simulated"),
                text(row, "country"),
                MessageClass.valueOf(text(row, "message_class")),
                number(row, "parts"),
                PriceColumns.maxPrice(row),
                Objects.requireNonNull(row.get("number_sealed", ByteBuffer.class)),
                Objects.requireNonNull(row.get("wrapped", ByteBuffer.class)));
    }
}
