// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.store;

import eu.aval.server.message.MessageChanges;
import eu.aval.server.message.MessageStatus;
import eu.aval.server.message.dispatch.ClaimedMessage;
import eu.aval.server.message.store.ClaimGate.Candidate;
import eu.aval.server.message.store.DeferredMessages.PutOff;
import eu.aval.server.policy.Verdict;
import eu.aval.server.shared.ProblemType;
import eu.aval.server.shared.TimeOrderedId;
import eu.aval.server.tenant.PlatformDatabase;
import eu.aval.spi.failure.FailureClass;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/**
 * One transaction that leases messages: take them, ask the gate, put the attempts on record. Nothing has left before it
 * has committed.
 */
class ClaimTransaction {

    /**
     * The fence keeps a node that was declared dead from taking anything: whoever declares it locks its row first. Only
     * columns without an index change, so that the lease does not touch an index. Index scans are forced by their form: a
     * plan made for an empty table must not live on when it is full.
     */
    private static final String TAKE = """
            with fence as materialized (
              select id from aval.node where id = $1 and fenced_at is null for key share
            ), picked as materialized (
              select p.message_id
              from fence
              cross join unnest($3::smallint[], $4::timestamptz[]) as l(lane, since)
              cross join lateral (
                select d.message_id from aval.dispatch d
                where d.carrier_account_id = $2 and d.lane = l.lane and d.due_at >= l.since
                  and d.due_at <= now() + interval '20 milliseconds' and d.node_id is null
                order by d.due_at, d.message_id
                limit $5
                for update skip locked) p
              limit $5
            ), taken as (
              update aval.dispatch d set node_id = $1, attempts = d.attempts + 1
              where d.message_id = any(array(select message_id from picked))
              returning d.message_id, d.tenant_id, d.lane, d.due_at, d.expires_at, d.attempts, d.pinned
            )
            select t.message_id, t.tenant_id, t.lane, t.due_at, t.expires_at, t.attempts, t.pinned,
              m.subject_id, m.purpose_id, m.message_class, m.sender, m.country, m.text_sealed, m.encoding, m.parts,
              m.simulated, m.max_price, m.currency, m.status, m.answers, m.recipient_region, m.zones, m.validity_given,
              s.number_sealed, k.wrapped, n.countries, n.state, n.rule_pack,
              array_to_string(n.residency, ',') as residency, c.carrier_id,
              array_to_string(c.processing_countries, ',') as processing_countries,
              case when t.attempts > 1 then array(
                select distinct a.carrier_account_id from aval.attempt a
                where a.message_id = t.message_id and a.outcome = 'REJECTED') end as refused_by,
              t.expires_at <= now() as overdue
            from taken t
            left join lateral (select * from aval.message m where m.id = t.message_id limit 1) m on true
            left join lateral (select number_sealed from aval.subject s where s.id = m.subject_id limit 1) s on true
            left join lateral (
              select wrapped from aval_keys.subject_key k where k.subject_id = m.subject_id limit 1) k on true
            left join lateral (
              select countries || array(
                  select o.country from aval.limit_override o
                  where o.tenant_id = t.tenant_id and o.limit_kind = 'COUNTRY' and o.revoked_at is null
                    and o.expires_at > now()) as countries, state, rule_pack, residency
              from aval.tenant n where n.id = t.tenant_id limit 1) n on true
            left join lateral (
              select carrier_id, processing_countries from aval.carrier_account c where c.id = $2 limit 1) c on true
            order by t.lane, t.due_at, t.message_id""";

    private static final String RECORD = """
            insert into aval.attempt (message_id, number, tenant_id, carrier_account_id, node_id, started_at)
            select id, number, tenant_id, $4, $5, clock_timestamp()
            from unnest($1::uuid[], $2::smallint[], $3::uuid[]) as a(id, number, tenant_id)""";

    private static final String DROP = """
            with o as materialized (
              select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::text[], $7::text[])
                as o(id, tenant_id, status, failure_class, event_id, type, detail)
            ), gone as (
              delete from aval.dispatch where message_id = any($1)
            ), moved as (
              update aval.message m set status = o.status, status_at = now(), failure_class = o.failure_class,
                text_sealed = case when m.discard_text then null else m.text_sealed end
              from o where m.id = o.id and m.id = any($1) and m.status in ('QUEUED', 'SCHEDULED')
              returning\s""" + MessageChanges.MOVED + "), told as (" + MessageChanges.TELL + """
            )
            insert into aval.message_event (message_id, id, tenant_id, at, type, detail)
            select o.id, o.event_id, o.tenant_id, now(), o.type, o.detail::jsonb
            from o join moved on moved.id = o.id where o.type is not null""";

    private static final String PUT_BACK = """
            update aval.dispatch d set due_at = o.due, node_id = null, attempts = d.attempts - 1
            from unnest($1::uuid[], $2::timestamptz[]) as o(id, due) where d.message_id = o.id and d.message_id = any($1)""";

    /** Messages of a suspended tenant are looked at again after this time. */
    private static final Duration SUSPENSION = Duration.ofMinutes(1);

    /** A message that will not be sent. */
    private record Dropped(
            Taken taken,
            MessageStatus status,
            FailureClass reason,
            @Nullable String event,
            String detail) {}

    private record PutBack(Taken taken, Instant due) {}

    /** What becomes of the messages of one claim. */
    private record Sorted(
            List<ClaimedMessage> claimed,
            List<Dropped> dropped,
            List<PutBack> putBack,
            List<PutOff> putOff,
            List<UUID> held) {}

    private final PlatformDatabase database;
    private final QueueNode node;
    private final ClaimGate gate;
    private final MeterRegistry meters;
    private final Clock clock;
    private final ConcurrentMap<UUID, ClaimCursor> cursors = new ConcurrentHashMap<>();

    ClaimTransaction(PlatformDatabase database, QueueNode node, ClaimGate gate, MeterRegistry meters, Clock clock) {
        this.database = database;
        this.node = node;
        this.gate = gate;
        this.meters = meters;
        this.clock = clock;
    }

    Mono<List<ClaimedMessage>> claim(UUID accountId, int atMost) {
        return database.in(client -> take(client, accountId, atMost)
                .flatMap(taken -> taken.isEmpty() ? Mono.just(List.of()) : sort(client, accountId, taken)));
    }

    /** Messages came in behind the cursor. */
    void lookFromTheFront(UUID accountId) {
        cursor(accountId).reset();
    }

    private ClaimCursor cursor(UUID accountId) {
        return cursors.computeIfAbsent(accountId, id -> new ClaimCursor(clock));
    }

    private Mono<List<Taken>> take(DatabaseClient client, UUID accountId, int atMost) {
        ClaimCursor cursor = cursor(accountId);
        OffsetDateTime[] since = cursor.next();
        long startedAt = System.nanoTime();
        return client.sql(TAKE)
                .bind(0, node.id())
                .bind(1, accountId)
                .bind(2, new Short[] {0, 1, 2})
                .bind(3, since)
                .bind(4, atMost)
                .map(row -> Taken.of(row, accountId))
                .all()
                .doOnNext(one -> cursor.claimed(one.lane(), one.due()))
                .collectList()
                .doOnNext(taken -> cursor.took(since, Duration.ofNanos(System.nanoTime() - startedAt)));
    }

    private Mono<List<ClaimedMessage>> sort(DatabaseClient client, UUID accountId, List<Taken> taken) {
        List<Candidate> candidates = new ArrayList<>(taken.size());
        for (Taken one : taken) {
            if (one.candidate() != null && !one.overdue()) {
                candidates.add(one.candidate());
            }
        }
        Mono<Map<UUID, Verdict>> verdicts =
                candidates.isEmpty() ? Mono.just(Map.of()) : gate.decide(client, candidates);
        return verdicts.flatMap(decided -> {
            Sorted sorted = new Sorted(
                    new ArrayList<>(taken.size()),
                    new ArrayList<>(),
                    new ArrayList<>(),
                    new ArrayList<>(),
                    new ArrayList<>());
            for (Taken one : taken) {
                sort(one, decided.get(one.messageId()), sorted);
            }
            return drop(client, sorted.dropped())
                    .then(putBack(client, sorted.putBack()))
                    .then(DeferredMessages.putOff(client, meters, sorted.putOff()))
                    .then(HeldMessages.hold(client, accountId, sorted.held()))
                    .then(record(client, accountId, sorted.claimed()))
                    .thenReturn(sorted.claimed());
        });
    }

    private void sort(Taken one, @Nullable Verdict verdict, Sorted sorted) {
        ClaimedMessage message = one.message();
        if (one.overdue()) {
            sorted.dropped().add(new Dropped(one, MessageStatus.EXPIRED, FailureClass.EXPIRED, null, "{}"));
        } else if (message == null || verdict == null) {
            // Its person was erased, or it was cancelled or settled in the meantime
            sorted.dropped().add(new Dropped(one, MessageStatus.BLOCKED, FailureClass.POLICY, null, "{}"));
        } else if (one.suspended()) {
            sorted.putBack().add(new PutBack(one, clock.instant().plus(SUSPENSION)));
        } else {
            switch (verdict) {
                case Verdict.Allowed allowed -> allow(one, message, sorted);
                case Verdict.Deferred deferred -> putOff(one, message, deferred, sorted);
                case Verdict.Refused refused -> refuse(one, refused, sorted);
            }
        }
    }

    private static void putOff(Taken one, ClaimedMessage message, Verdict.Deferred deferred, Sorted sorted) {
        if (one.validityGiven() && !deferred.until().isBefore(message.expiresAt())) {
            sorted.dropped()
                    .add(new Dropped(
                            one,
                            MessageStatus.EXPIRED,
                            FailureClass.EXPIRED,
                            "EXPIRED",
                            "{\"code\":\"" + ProblemType.OUTSIDE_HOURS.name() + "\"}"));
        } else {
            sorted.putOff().add(new PutOff(one.messageId(), one.tenant(), one.validityGiven(), deferred));
        }
    }

    private void allow(Taken one, ClaimedMessage message, Sorted sorted) {
        if (!one.outside()) {
            sorted.claimed().add(message);
        } else if (message.pinned()) {
            // Only the account that may have it already can tell what became of it
            sorted.putBack().add(new PutBack(one, clock.instant().plus(SUSPENSION)));
        } else {
            sorted.held().add(one.messageId());
        }
    }

    private void refuse(Taken one, Verdict.Refused refused, Sorted sorted) {
        if (refused.code() == ProblemType.FACTS_UNAVAILABLE) {
            sorted.putBack().add(new PutBack(one, clock.instant().plus(SUSPENSION)));
            return;
        }
        BlockedMessages.count(meters, refused.code(), 1);
        sorted.dropped()
                .add(new Dropped(
                        one,
                        MessageStatus.BLOCKED,
                        refused.code() == ProblemType.SUPPRESSED ? FailureClass.OPTED_OUT : FailureClass.POLICY,
                        "BLOCKED",
                        "{\"code\":\"" + refused.code().name() + "\"}"));
    }

    private Mono<Void> record(DatabaseClient client, UUID accountId, List<ClaimedMessage> claimed) {
        if (claimed.isEmpty()) {
            return Mono.empty();
        }
        Columns<ClaimedMessage> rows = Columns.of(claimed);
        return client.sql(RECORD)
                .bind(0, rows.ids(message -> message.attempt().messageId()))
                .bind(1, rows.smallNumbers(message -> message.attempt().number()))
                .bind(2, rows.ids(message -> message.attempt().tenant().value()))
                .bind(3, accountId)
                .bind(4, node.id())
                .then();
    }

    private static Mono<Void> drop(DatabaseClient client, List<Dropped> dropped) {
        if (dropped.isEmpty()) {
            return Mono.empty();
        }
        // In the order of the ids, so that nobody waits for each other
        Columns<Dropped> rows = Columns.of(dropped.stream()
                .sorted(Comparator.comparing(each -> each.taken().messageId()))
                .toList());
        return client.sql(DROP)
                .bind(0, rows.ids(each -> each.taken().messageId()))
                .bind(1, rows.ids(each -> each.taken().tenant().value()))
                .bind(2, rows.texts(each -> each.status().name()))
                .bind(3, rows.texts(each -> each.reason().name()))
                .bind(4, rows.ids(each -> TimeOrderedId.next()))
                .bind(5, rows.texts(Dropped::event))
                .bind(6, rows.texts(Dropped::detail))
                .then();
    }

    private static Mono<Void> putBack(DatabaseClient client, List<PutBack> back) {
        if (back.isEmpty()) {
            return Mono.empty();
        }
        Columns<PutBack> rows = Columns.of(back);
        return client.sql(PUT_BACK)
                .bind(0, rows.ids(each -> each.taken().messageId()))
                .bind(1, rows.times(PutBack::due))
                .then();
    }
}
