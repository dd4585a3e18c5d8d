// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.outbox.store;

import eu.aval.server.outbox.EventLog;
import eu.aval.server.shared.TenantId;
import io.r2dbc.spi.Readable;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** {@code aval.event}, {@code aval.outbox_relay} and {@code aval.listening}. */
@Component
class EventTable implements EventLog {

    private static final UUID FIRST = new UUID(0, 0);

    /**
     * Whoever holds the row of the relay moves events; the lock ends after the commit, so ids become visible in their
     * order. An id takes the time at which its event is moved, or follows the last one when clocks differ.
     */
    private static final String MOVE = """
            with turn as materialized (
              select last_stamp, greatest(last_stamp, floor(extract(epoch from clock_timestamp()) * 1000)::bigint << 12) as stamp
              from aval.outbox_relay for update skip locked
            ), taken as materialized (
              select o.id from turn cross join lateral (select id from aval.outbox order by id limit $1) o
            ), gone as (
              delete from aval.outbox where id = any(array(select id from taken))
              returning id, tenant_id, subject_id, type, at, data
            ), numbered as materialized (
              select turn.stamp + row_number() over (order by g.id) as stamp, g.* from gone g cross join turn
            ), moved as (
              insert into aval.event (id, tenant_id, subject_id, type, at, data)
              select aval.event_id(stamp, right(replace(gen_random_uuid()::text, '-', ''), 16)), tenant_id, subject_id, type,
                at, data
              from numbered
            ), mark as (
              update aval.outbox_relay set last_stamp = (select max(stamp) from numbered)
              where exists (select from numbered)
            )
            select count(*)::integer as events, aval.event_id(min(stamp) - 1, repeat('f', 16)) as after,
              aval.event_id(max(stamp), repeat('f', 16)) as last
            from numbered having count(*) > 0""";

    private static final String PAGE = """
            select id, type, at, (data - $3::text[])::text as data from aval.event
            where tenant_id = $1 and id > $2 order by id limit $4""";

    private static final String LISTEN = """
            insert into aval.listening (tenant_id, since, until) values ($1, now(), now() + $2::interval)
            on conflict (tenant_id) do update set
              since = case when listening.until > now() then listening.since else now() end,
              until = greatest(listening.until, excluded.until)
            returning since, now() as now""";

    private static final String LISTEN_ON = """
            insert into aval.listening (tenant_id, since, until) values ($1, now(), 'infinity')
            on conflict (tenant_id) do update set
              since = case when listening.until > now() then listening.since else now() end, until = 'infinity'
            returning since, now() as now""";

    @Override
    public Mono<Moved> move(DatabaseClient client, int atMost) {
        return client.sql(MOVE)
                .bind(0, atMost)
                .map(row -> new Moved(
                        required(row, "events", Integer.class),
                        required(row, "after", UUID.class),
                        required(row, "last", UUID.class)))
                .one();
    }

    @Override
    public Mono<List<Event>> page(
            DatabaseClient client, TenantId tenant, UUID after, Collection<String> excluded, int limit) {
        return client.sql(PAGE)
                .bind(0, tenant.value())
                .bind(1, after)
                .bind(2, excluded.toArray(String[]::new))
                .bind(3, limit)
                .map(row -> new Event(
                        required(row, "id", UUID.class),
                        required(row, "type", String.class),
                        required(row, "at", Instant.class),
                        required(row, "data", String.class)))
                .all()
                .collectList();
    }

    @Override
    public Mono<Boolean> has(DatabaseClient client, TenantId tenant, UUID event) {
        return client.sql("select exists (select from aval.event where tenant_id = $1 and id = $2)")
                .bind(0, tenant.value())
                .bind(1, event)
                .mapValue(Boolean.class)
                .one();
    }

    @Override
    public Mono<UUID> newest(DatabaseClient client) {
        return client.sql("select id from aval.event order by id desc limit 1")
                .map(row -> required(row, "id", UUID.class))
                .one()
                .defaultIfEmpty(FIRST);
    }

    @Override
    public Mono<UUID> newest(DatabaseClient client, TenantId tenant) {
        return client.sql("select id from aval.event where tenant_id = $1 order by id desc limit 1")
                .bind(0, tenant.value())
                .map(row -> required(row, "id", UUID.class))
                .one()
                .defaultIfEmpty(FIRST);
    }

    @Override
    public Mono<Map<TenantId, UUID>> newest(DatabaseClient client, UUID after) {
        return client.sql("""
                        select distinct on (tenant_id) tenant_id, id from aval.event
                        where id > $1 order by tenant_id, id desc""")
                .bind(0, after)
                .map(row -> Map.entry(
                        new TenantId(required(row, "tenant_id", UUID.class)), required(row, "id", UUID.class)))
                .all()
                .collectMap(Map.Entry::getKey, Map.Entry::getValue);
    }

    @Override
    public Mono<Listening> listen(DatabaseClient client, TenantId tenant, @Nullable Duration atLeast) {
        DatabaseClient.GenericExecuteSpec statement =
                client.sql(atLeast == null ? LISTEN_ON : LISTEN).bind(0, tenant.value());
        return (atLeast == null ? statement : statement.bind(1, seconds(atLeast)))
                .map(row -> new Listening(required(row, "since", Instant.class), required(row, "now", Instant.class)))
                .one();
    }

    @Override
    public Mono<Void> cease(DatabaseClient client, TenantId tenant, Duration after) {
        return client.sql("update aval.listening set until = now() + $2::interval where tenant_id = $1")
                .bind(0, tenant.value())
                .bind(1, seconds(after))
                .then();
    }

    private static String seconds(Duration duration) {
        return duration.toSeconds() + " seconds";
    }

    private static <T> T required(Readable row, String column, Class<T> type) {
        return Objects.requireNonNull(row.get(column, type), column);
    }
}
