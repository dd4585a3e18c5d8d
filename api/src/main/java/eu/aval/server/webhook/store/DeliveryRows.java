// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.webhook.store;

import eu.aval.server.shared.TenantId;
import eu.aval.server.shared.TimeOrderedId;
import eu.aval.server.webhook.WebhookAttempt;
import io.r2dbc.spi.Readable;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Mono;

/**
 * {@code webhook_delivery}, {@code webhook_attempt} and {@code webhook_replay}. What is leased is due again when the lease
 * is over: a node that was killed needs nobody who clears up after it.
 */
@Repository
public class DeliveryRows {

    /** Endpoints that are told at all: enabled, of a tenant at work, and not of an application whose key has ended. */
    private static final String TOLD = """
            e.state = 'ENABLED'
            and exists (select from aval.tenant t where t.id = e.tenant_id and t.state = 'ACTIVE')
            and (e.api_key_id is null or exists (select from aval.api_key k where k.id = e.api_key_id
              and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())))""";

    private static final String FAN_OUT = """
            insert into aval.webhook_delivery (endpoint_id, event_id, tenant_id, due_at)
            select e.id, v.id, v.tenant_id, now()
            from aval.event v join aval.webhook_endpoint e on e.tenant_id = v.tenant_id
            where v.id > $1 and v.id <= $2 and (e.types = '{}' or v.type = any(e.types)) and %s
            on conflict do nothing""".formatted(TOLD);

    private static final String DUE = """
            select e.id, e.tenant_id, e.url, e.failing_since is not null as failing
            from aval.webhook_endpoint e
            where e.id <> all($1) and (e.paused_until is null or e.paused_until <= now()) and %s
              and exists (select from aval.webhook_delivery d where d.endpoint_id = e.id and d.due_at <= now())
            limit 1000""".formatted(TOLD);

    private static final String CLAIM = """
            with due as materialized (
              select w.endpoint_id, d.event_id
              from unnest($1::uuid[], $2::integer[]) as w (endpoint_id, slots)
              cross join lateral (
                select event_id from aval.webhook_delivery
                where endpoint_id = w.endpoint_id and due_at <= now()
                order by due_at, event_id limit w.slots for update skip locked) d
            ), taken as (
              update aval.webhook_delivery d set due_at = now() + $3::interval, leased_until = now() + $3::interval
              from due where d.endpoint_id = due.endpoint_id and d.event_id = due.event_id
              returning d.endpoint_id, d.event_id, d.attempts, d.leased_until
            )
            select t.endpoint_id, t.event_id, t.attempts, t.leased_until, v.type, v.at,
              (v.data - e.excluded_fields - array(
                select unnest(x.fields) from aval.event_exclusion x
                where x.tenant_id = e.tenant_id and (x.api_key_id is null or x.api_key_id = e.api_key_id)))::text as data
            from taken t join aval.webhook_endpoint e on e.id = t.endpoint_id
            left join aval.event v on v.id = t.event_id
            order by t.event_id""";

    private static final String DONE = """
            with own as materialized (
              select d.endpoint_id, d.event_id from aval.webhook_delivery d
              join unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) as r (endpoint_id, event_id, leased_until)
                on d.endpoint_id = r.endpoint_id and d.event_id = r.event_id and d.leased_until = r.leased_until
              order by d.endpoint_id, d.event_id for update of d
            )
            delete from aval.webhook_delivery d using own
            where d.endpoint_id = own.endpoint_id and d.event_id = own.event_id""";

    private static final String AGAIN = """
            with own as materialized (
              select d.endpoint_id, d.event_id, r.next_at, r.number from aval.webhook_delivery d
              join unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::timestamptz[], $5::smallint[])
                  as r (endpoint_id, event_id, leased_until, next_at, number)
                on d.endpoint_id = r.endpoint_id and d.event_id = r.event_id and d.leased_until = r.leased_until
              order by d.endpoint_id, d.event_id for update of d
            )
            update aval.webhook_delivery d set due_at = own.next_at, attempts = own.number, leased_until = null
            from own where d.endpoint_id = own.endpoint_id and d.event_id = own.event_id""";

    private static final String LOG = """
            insert into aval.webhook_attempt (id, tenant_id, endpoint_id, event_id, type, number, at, milliseconds, outcome,
              status_code, next_at)
            select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::smallint[], $7::timestamptz[],
              $8::integer[], $9::text[], $10::smallint[], $11::timestamptz[])""";

    private static final String ATTEMPTS = """
            select id, endpoint_id, event_id, type, number, at, milliseconds, outcome, status_code, next_at
            from aval.webhook_attempt
            where tenant_id = $1 and endpoint_id = $2 and ($3::uuid is null or event_id = $3)
              and ($4::uuid is null or id < $4) and (cardinality($6::text[]) = 0 or outcome = any($6))
            order by id desc limit $5""";

    private static final String TELL_AGAIN = """
            insert into aval.webhook_delivery (endpoint_id, event_id, tenant_id, due_at)
            select $2, v.id, v.tenant_id, now() from aval.event v where v.id = $3 and v.tenant_id = $1
            on conflict (endpoint_id, event_id) do update set
              due_at = case when webhook_delivery.leased_until > now() then webhook_delivery.due_at else now() end,
              attempts = 0""";

    /** A page of one range, if its endpoint has not much else to be told; one node at a time. */
    private static final String REPLAY = """
            with turn as materialized (
              select r.id, r.endpoint_id, r.tenant_id, r.types, r.after_id, r.before_id
              from aval.webhook_replay r
              where (select count(*) from (select from aval.webhook_delivery d where d.endpoint_id = r.endpoint_id limit 2000) o)
                < 2000
              order by r.id limit 1 for update skip locked
            ), page as materialized (
              select v.id, v.type from turn cross join lateral (
                select id, type from aval.event where tenant_id = turn.tenant_id and id > turn.after_id and id < turn.before_id
                order by id limit 500) v
            ), told as (
              insert into aval.webhook_delivery (endpoint_id, event_id, tenant_id, due_at)
              select turn.endpoint_id, page.id, turn.tenant_id, now()
              from turn cross join page join aval.webhook_endpoint e on e.id = turn.endpoint_id
              where e.state = 'ENABLED' and (turn.types = '{}' or page.type = any(turn.types)) and (e.types = '{}' or page.type = any(e.types))
              on conflict do nothing
            ), ahead as (
              update aval.webhook_replay r set after_id = (select max(id::text)::uuid from page)
              from turn where r.id = turn.id and (select count(*) from page) = 500
            ), done as (
              delete from aval.webhook_replay r using turn where r.id = turn.id and (select count(*) from page) < 500
            )
            select count(*)::integer from page""";

    /** An endpoint that has something to be told now. */
    public record Due(UUID endpointId, TenantId tenant, String url, boolean failing) {}

    /**
     * What this node tells, until the lease is over.
     *
     * @param attempts tries before this one
     * @param body null when the event is gone: erased, or too old
     */
    public record Claimed(
            UUID endpointId,
            UUID eventId,
            int attempts,
            Instant leasedUntil,
            @Nullable String type,
            @Nullable String body) {

        @Override
        public String toString() {
            return "Claimed[" + endpointId + ", " + eventId + "]";
        }
    }

    /**
     * What became of something claimed.
     *
     * @param attempt null when nothing was sent: the event is gone
     */
    public record Settled(
            TenantId tenant, Claimed claimed, @Nullable WebhookAttempt attempt) {

        private UUID endpoint() {
            return claimed.endpointId();
        }

        private @Nullable Instant nextAt() {
            return attempt == null ? null : attempt.nextAt();
        }
    }

    /** Health of an endpoint after some requests. */
    public record Health(
            UUID endpointId,
            @Nullable Instant succeededAt,
            @Nullable Instant failedAt,
            @Nullable Instant pausedUntil) {}

    /** How many deliveries the events after one id, up to another, make. */
    public Mono<Long> fanOut(DatabaseClient client, UUID after, UUID last) {
        return client.sql(FAN_OUT).bind(0, after).bind(1, last).fetch().rowsUpdated();
    }

    /** Whether anything waits in the outbox; cheaper than to move nothing. */
    public Mono<Boolean> isAnythingWritten(DatabaseClient client) {
        return client.sql("select exists (select from aval.outbox)")
                .mapValue(Boolean.class)
                .one();
    }

    /** @param busy endpoints that take nothing more from this node now */
    public Mono<List<Due>> due(DatabaseClient client, Collection<UUID> busy) {
        return client.sql(DUE)
                .bind(0, busy.toArray(UUID[]::new))
                .map(row -> new Due(
                        required(row, "id", UUID.class),
                        new TenantId(required(row, "tenant_id", UUID.class)),
                        required(row, "url", String.class),
                        required(row, "failing", Boolean.class)))
                .all()
                .collectList();
    }

    /** @param slots how many of each endpoint at most */
    public Mono<List<Claimed>> claim(DatabaseClient client, Map<UUID, Integer> slots, Duration lease) {
        List<Map.Entry<UUID, Integer>> entries = List.copyOf(slots.entrySet());
        return client.sql(CLAIM)
                .bind(0, entries.stream().map(Map.Entry::getKey).toArray(UUID[]::new))
                .bind(1, entries.stream().map(Map.Entry::getValue).toArray(Integer[]::new))
                .bind(2, lease.toMillis() + " milliseconds")
                .map(DeliveryRows::claimed)
                .all()
                .collectList();
    }

    /** Ends or postpones what is still leased by whoever claimed it, in the order of endpoints and events, and writes the log. */
    public Mono<Void> settle(DatabaseClient client, List<Settled> settled) {
        return done(
                        client,
                        settled.stream().filter(each -> each.nextAt() == null).toList())
                .then(again(
                        client,
                        settled.stream().filter(each -> each.nextAt() != null).toList()))
                .then(log(
                        client,
                        settled.stream().filter(each -> each.attempt() != null).toList()));
    }

    /** The log of a test, which is nobody's delivery. */
    public Mono<Void> log(DatabaseClient client, TenantId tenant, WebhookAttempt attempt) {
        Claimed none = new Claimed(attempt.endpointId(), attempt.eventId(), 0, attempt.at(), null, null);
        return log(client, List.of(new Settled(tenant, none, attempt)));
    }

    /** Writes down how endpoints do, rarely while they do well. */
    public Mono<Void> note(DatabaseClient client, List<Health> health) {
        return client.sql("""
                        update aval.webhook_endpoint e set
                          succeeded_at = greatest(e.succeeded_at, r.succeeded_at),
                          failed_at = greatest(e.failed_at, r.failed_at),
                          failing_since = case when r.succeeded_at is null then coalesce(e.failing_since, r.failed_at) end,
                          paused_until = greatest(e.paused_until, r.paused_until)
                        from unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::timestamptz[])
                          as r (id, succeeded_at, failed_at, paused_until)
                        where e.id = r.id and (r.failed_at is not null or e.failing_since is not null or e.succeeded_at is null
                          or e.succeeded_at < r.succeeded_at - interval '10 seconds')""")
                .bind(0, health.stream().map(Health::endpointId).toArray(UUID[]::new))
                .bind(1, instants(health, Health::succeededAt))
                .bind(2, instants(health, Health::failedAt))
                .bind(3, instants(health, Health::pausedUntil))
                .then();
    }

    /** Those of these that have failed for longer than {@code longest}. */
    public Mono<List<UUID>> failing(DatabaseClient client, Collection<UUID> endpoints, Duration longest) {
        return client.sql("""
                        select id from aval.webhook_endpoint
                        where id = any($1) and state = 'ENABLED' and failing_since < now() - $2::interval""")
                .bind(0, endpoints.toArray(UUID[]::new))
                .bind(1, longest.toSeconds() + " seconds")
                .mapValue(UUID.class)
                .all()
                .collectList();
    }

    /**
     * Newest first.
     *
     * @param outcomes none is any
     */
    public Mono<List<WebhookAttempt>> attempts(
            DatabaseClient client,
            TenantId tenant,
            UUID endpointId,
            @Nullable UUID eventId,
            Set<WebhookAttempt.Outcome> outcomes,
            @Nullable UUID before,
            int limit) {
        GenericExecuteSpec statement = client.sql(ATTEMPTS)
                .bind(0, tenant.value())
                .bind(1, endpointId)
                .bind(4, limit)
                .bind(5, outcomes.stream().map(Enum::name).toArray(String[]::new));
        return bind(bind(statement, 2, eventId), 3, before)
                .map(DeliveryRows::attempt)
                .all()
                .collectList();
    }

    /** Whether there is such an event. */
    public Mono<Boolean> tellAgain(DatabaseClient client, TenantId tenant, UUID endpointId, UUID eventId) {
        return client.sql(TELL_AGAIN)
                .bind(0, tenant.value())
                .bind(1, endpointId)
                .bind(2, eventId)
                .fetch()
                .rowsUpdated()
                .map(rows -> rows > 0);
    }

    public Mono<Void> tellAgain(
            DatabaseClient client, TenantId tenant, UUID endpointId, List<String> types, UUID after, UUID before) {
        return client.sql("""
                        insert into aval.webhook_replay (id, tenant_id, endpoint_id, types, after_id, before_id)
                        values ($1, $2, $3, $4, $5, $6)""")
                .bind(0, TimeOrderedId.next())
                .bind(1, tenant.value())
                .bind(2, endpointId)
                .bind(3, types.toArray(String[]::new))
                .bind(4, after)
                .bind(5, before)
                .then();
    }

    /** Goes on with one range; how many events it went through. */
    public Mono<Integer> replay(DatabaseClient client) {
        return client.sql(REPLAY).mapValue(Integer.class).one().defaultIfEmpty(0);
    }

    /** Makes partitions for the days to come. */
    public Mono<Void> ensurePartitions(DatabaseClient client) {
        return client.sql("select aval.ensure_daily_partitions(7)").then();
    }

    /**
     * Drops events whose time is over, and what can no longer be told of them.
     *
     * @param own the time of this node: a clock that is ahead, here or in the database, must not take what is still to be told
     */
    public Mono<Void> dropEvents(DatabaseClient client, Duration after, Instant own) {
        return client.sql(
                        "delete from aval.webhook_delivery where event_id < aval.uuid_at(least(now(), $2) - $1::interval)")
                .bind(0, seconds(after))
                .bind(1, own)
                .then()
                .then(dropAhead(client, after, own))
                .then(drop(client, "event", after, own));
    }

    /** Drops the part of the log whose time is over. */
    public Mono<Void> dropAttempts(DatabaseClient client, Duration after, Instant own) {
        return drop(client, "webhook_attempt", after, own);
    }

    /** Ids that a clock put into the future say nothing of when the events happened. Nearly always there are none. */
    private static Mono<Void> dropAhead(DatabaseClient client, Duration after, Instant own) {
        return client.sql("""
                        delete from aval.event
                        where id >= aval.uuid_at(now() + interval '1 day') and at < least(now(), $2) - $1::interval""").bind(0, seconds(after)).bind(1, own).then();
    }

    private static Mono<Void> drop(DatabaseClient client, String table, Duration after, Instant own) {
        return client.sql("select aval.drop_daily_partitions($1, least(now(), $3) - $2::interval)")
                .bind(0, table)
                .bind(1, seconds(after))
                .bind(2, own)
                .then();
    }

    private static String seconds(Duration duration) {
        return duration.toSeconds() + " seconds";
    }

    private static Mono<Void> done(DatabaseClient client, List<Settled> settled) {
        return settled.isEmpty()
                ? Mono.empty()
                : client.sql(DONE)
                        .bind(0, uuids(settled, Settled::endpoint))
                        .bind(1, uuids(settled, each -> each.claimed().eventId()))
                        .bind(2, instants(settled, each -> each.claimed().leasedUntil()))
                        .then();
    }

    private static Mono<Void> again(DatabaseClient client, List<Settled> settled) {
        return settled.isEmpty()
                ? Mono.empty()
                : client.sql(AGAIN)
                        .bind(0, uuids(settled, Settled::endpoint))
                        .bind(1, uuids(settled, each -> each.claimed().eventId()))
                        .bind(2, instants(settled, each -> each.claimed().leasedUntil()))
                        .bind(3, instants(settled, Settled::nextAt))
                        .bind(
                                4,
                                settled.stream()
                                        .map(each -> (short) (each.claimed().attempts() + 1))
                                        .toArray(Short[]::new))
                        .then();
    }

    private static Mono<Void> log(DatabaseClient client, List<Settled> settled) {
        if (settled.isEmpty()) {
            return Mono.empty();
        }
        List<WebhookAttempt> attempts = settled.stream()
                .map(each -> Objects.requireNonNull(each.attempt()))
                .toList();
        return client.sql(LOG)
                .bind(0, attempts.stream().map(WebhookAttempt::id).toArray(UUID[]::new))
                .bind(1, uuids(settled, each -> each.tenant().value()))
                .bind(2, attempts.stream().map(WebhookAttempt::endpointId).toArray(UUID[]::new))
                .bind(3, attempts.stream().map(WebhookAttempt::eventId).toArray(UUID[]::new))
                .bind(4, attempts.stream().map(WebhookAttempt::type).toArray(String[]::new))
                .bind(5, attempts.stream().map(each -> (short) each.number()).toArray(Short[]::new))
                .bind(6, instants(attempts, WebhookAttempt::at))
                .bind(7, attempts.stream().map(WebhookAttempt::milliseconds).toArray(Integer[]::new))
                .bind(8, attempts.stream().map(each -> each.outcome().name()).toArray(String[]::new))
                .bind(9, attempts.stream().map(DeliveryRows::status).toArray(Short[]::new))
                .bind(10, instants(attempts, WebhookAttempt::nextAt))
                .then();
    }

    private static @Nullable Short status(WebhookAttempt attempt) {
        Integer status = attempt.statusCode();
        return status == null ? null : status.shortValue();
    }

    private static GenericExecuteSpec bind(GenericExecuteSpec statement, int index, @Nullable UUID value) {
        return value == null ? statement.bindNull(index, UUID.class) : statement.bind(index, value);
    }

    private static <T> UUID[] uuids(List<T> all, Function<T, UUID> value) {
        return all.stream().map(value).toArray(UUID[]::new);
    }

    private static <T> @Nullable OffsetDateTime[] instants(List<T> all, Function<T, @Nullable Instant> value) {
        @Nullable OffsetDateTime[] instants = new OffsetDateTime[all.size()];
        for (int i = 0; i < instants.length; i++) {
            Instant instant = value.apply(all.get(i));
            instants[i] = instant == null ? null : instant.atOffset(ZoneOffset.UTC);
        }
        return instants;
    }

    private static Claimed claimed(Readable row) {
        String type = row.get("type", String.class);
        Instant at = row.get("at", Instant.class);
        return new Claimed(
                required(row, "endpoint_id", UUID.class),
                required(row, "event_id", UUID.class),
                required(row, "attempts", Short.class),
                required(row, "leased_until", Instant.class),
                type,
                type == null || at == null ? null : body(type, at, required(row, "data", String.class)));
    }

    /** The body of a webhook: types and times need no escaping. */
    public static String body(String type, Instant at, String data) {
        return "{\"type\":\"" + type + "\",\"timestamp\":\"" + at + "\",\"data\":" + data + "}";
    }

    private static WebhookAttempt attempt(Readable row) {
        Short status = row.get("status_code", Short.class);
        return new WebhookAttempt(
                required(row, "id", UUID.class),
                required(row, "endpoint_id", UUID.class),
                required(row, "event_id", UUID.class),
                required(row, "type", String.class),
                required(row, "number", Short.class),
                required(row, "at", Instant.class),
                required(row, "milliseconds", Integer.class),
                WebhookAttempt.Outcome.valueOf(required(row, "outcome", String.class)),
                status == null ? null : status.intValue(),
                row.get("next_at", Instant.class));
    }

    private static <T> T required(Readable row, String column, Class<T> type) {
        return Objects.requireNonNull(row.get(column, type), column);
    }
}
