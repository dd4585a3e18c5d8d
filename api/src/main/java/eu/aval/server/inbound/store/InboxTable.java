// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.inbound.store;

import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.inbound.reply.Meaning;
import eu.aval.server.outbox.Outbox;
import eu.aval.server.personaldata.PhoneNumber;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.KeyedDatabase;
import eu.aval.server.tenant.NullableId;
import eu.aval.server.tenant.Octets;
import eu.aval.server.tenant.PlatformDatabase;
import io.r2dbc.spi.Readable;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** {@code aval.inbound_message}, and whom a message may be for. */
@Component
public class InboxTable {

    /**
     * A message that came in, sealed.
     *
     * @param subjectId null when no person wrote
     * @param messageId the message it answers
     */
    public record NewInbound(
            UUID id,
            TenantId tenant,
            UUID accountId,
            String carrierMessageId,
            @Nullable UUID subjectId,
            String recipient,
            ByteBuffer textSealed,
            boolean complete,
            Instant receivedAt,
            Meaning meaning,
            @Nullable UUID messageId) {}

    /**
     * A tenant that sends through an account.
     *
     * @param declared whether the number or name is one of theirs, or where they say that a STOP goes
     */
    public record Candidate(TenantId tenant, boolean declared) {}

    /**
     * A tenant's last message to a person through an account.
     *
     * @param at when it left: what was scheduled long ago may have left after what was accepted since
     * @param missed whether the person did not get it, as far as the carrier tells
     */
    public record Written(TenantId tenant, Instant at, boolean missed) {

        /** Whether the person answers this rather than {@code other}: what they have got, and of that the last. */
        public boolean isLaterThan(Written other) {
            return missed == other.missed ? at.isAfter(other.at) : other.missed;
        }
    }

    private static final String CANDIDATES = """
            select r.tenant_id, exists (
              select from aval.sender s
              where s.tenant_id = r.tenant_id and s.state = 'ACTIVE'
                and (ltrim(s.value, '+') = ltrim($2, '+') or s.stop_route = $2)) as declared
            from (select distinct tenant_id from aval.route where carrier_account_id = $1) r
            order by r.tenant_id""";

    private static final String CONCERNED = """
            select distinct r.tenant_id from aval.route r
            where r.carrier_account_id = $1 and ($2 = '' or exists (
              select from aval.sender s where s.tenant_id = r.tenant_id and ltrim(s.value, '+') = ltrim($2, '+')))
            order by r.tenant_id""";

    private static final String FORMER = """
            select f.tenant_id from aval.former_route f
            where f.carrier_account_id = $1 and not exists (
              select from aval.route r where r.tenant_id = f.tenant_id and r.carrier_account_id = $1)
            order by f.tenant_id""";

    /** Of the newest fifty of each tenant: one that was accepted before them has hardly left after them. */
    private static final String LAST_TO_WRITE = """
            select m.tenant_id, m.at, m.missed from unnest($1::uuid[], $2::bytea[]) as c(tenant_id, number_index)
            join aval.subject s on s.tenant_id = c.tenant_id and s.number_index = c.number_index
            cross join lateral (
              select n.tenant_id, a.started_at as at, n.missed from (
                select tenant_id, id, status in ('UNDELIVERED', 'EXPIRED', 'REJECTED') as missed from aval.message m
                where m.tenant_id = s.tenant_id and m.subject_id = s.id and m.carrier_account_id = $3
                  and m.status not in ('SCHEDULED', 'QUEUED', 'BLOCKED', 'CANCELLED')
                order by m.id desc limit 50) n
              cross join lateral (
                select started_at from aval.attempt a where a.message_id = n.id order by a.number desc limit 1) a
              order by n.missed, a.started_at desc limit 1) m
            order by m.missed, m.at desc limit 1""";

    /** A message leaves before it expires. */
    private static final String HAVE_WRITTEN = """
            select exists (
              select from aval.message m
              where m.tenant_id = any($1) and m.expires_at > $3 and m.carrier_account_id = $2
                and m.status not in ('SCHEDULED', 'QUEUED', 'BLOCKED', 'CANCELLED')
                and exists (
                  select from aval.attempt a
                  where a.message_id = m.id and a.carrier_account_id = $2 and a.started_at > $3))""";

    private static final String IS_TAKEN_BACK = """
            select coalesce((
              select said.meaning = 'START' from (
                select id, tenant_id, subject_id from aval.inbound_message
                where carrier_account_id = $1 and carrier_message_id = $2 and tenant_id = $3 and subject_id = $4
                order by id desc limit 1) known
              join aval.inbound_message said
                on said.tenant_id = known.tenant_id and said.subject_id = known.subject_id and said.id > known.id
              where said.meaning in ('STOP', 'START')
              order by said.id desc limit 1), false)""";

    /**
     * Carriers count their ids, and come round: what has the same one a week later is another message. The index has it for the
     * tenants that cannot be seen here; it is by calendar weeks, and the condition is for those that begin in between.
     */
    private static final String INSERT = """
            with stored as (
              insert into aval.inbound_message (id, tenant_id, carrier_account_id, carrier_message_id, subject_id, recipient,
                text_sealed, complete, received_at, meaning, message_id)
              select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11
              where not exists (select from aval.inbound_message
                where carrier_account_id = $3 and carrier_message_id = $4 and received_at > $9 - interval '7 days')
              on conflict do nothing
              returning id, tenant_id, subject_id, recipient, complete, received_at, meaning, message_id
            ), told as (
            """ + Outbox.INSERT + """
            select tenant_id, subject_id, 'message.received', received_at, jsonb_strip_nulls(jsonb_build_object('id', id,
              'to', recipient, 'complete', complete, 'receivedAt', aval.rfc3339(received_at), 'recipientId', subject_id,
              'meaning', meaning, 'messageId', message_id))
            from stored where\s""" + Outbox.isListenedTo("stored.tenant_id") + """
            )
            select count(*) from stored""";

    private final PlatformDatabase database;
    private final KeyedDatabase keyed;

    InboxTable(PlatformDatabase database, KeyedDatabase keyed) {
        this.database = database;
        this.keyed = keyed;
    }

    /** The tenants that send through the account. */
    public Mono<List<Candidate>> candidates(UUID accountId, String recipient) {
        return database.in(client -> client.sql(CANDIDATES)
                .bind(0, accountId)
                .bind(1, recipient)
                .map(row -> new Candidate(tenant(row), Boolean.TRUE.equals(row.get("declared", Boolean.class))))
                .all()
                .collectList());
    }

    /** The tenants that send through the account under this sender; null is any. */
    public Mono<List<TenantId>> concerned(UUID accountId, @Nullable String sender) {
        return database.in(client -> client.sql(CONCERNED)
                .bind(0, accountId)
                .bind(1, sender == null ? "" : sender)
                .map(InboxTable::tenant)
                .all()
                .collectList());
    }

    /** The tenants that have no route to the account, and had one. */
    public Mono<List<TenantId>> former(UUID accountId) {
        return database.in(client -> client.sql(FORMER)
                .bind(0, accountId)
                .map(InboxTable::tenant)
                .all()
                .collectList());
    }

    /** Those of them who can be asked: whose keys open. */
    public Mono<List<TenantId>> askable(List<TenantId> tenants) {
        return keyed.usable(tenants);
    }

    /** Whose message a person got last through this account; empty if none of them has written. */
    public Mono<Written> lastToWrite(List<TenantId> tenants, PhoneNumber person, UUID accountId) {
        return keyed.acrossTenants(Set.copyOf(tenants), (client, keys) -> {
            List<UUID> ids = new ArrayList<>();
            List<byte[]> indexes = new ArrayList<>();
            for (TenantKeys own : keys.values()) {
                for (byte[] index : own.indexes(person)) {
                    ids.add(own.tenant().value());
                    indexes.add(index);
                }
            }
            return client.sql(LAST_TO_WRITE)
                    .bind(0, ids.toArray(UUID[]::new))
                    .bind(1, Octets.arrayOf(indexes))
                    .bind(2, accountId)
                    .map(row -> new Written(
                            tenant(row),
                            Objects.requireNonNull(row.get("at", Instant.class)),
                            Boolean.TRUE.equals(row.get("missed", Boolean.class))))
                    .one();
        });
    }

    /**
     * Whether any of them has written to anybody through this account. Needs no keys.
     *
     * @param after only what left after it counts
     */
    public Mono<Boolean> haveWritten(List<TenantId> tenants, UUID accountId, Instant after) {
        return database.in(client -> client.sql(HAVE_WRITTEN)
                .bind(0, tenants.stream().map(TenantId::value).toArray(UUID[]::new))
                .bind(1, accountId)
                .bind(2, after.atOffset(ZoneOffset.UTC))
                .mapValue(Boolean.class)
                .one());
    }

    /** Whether it is new: the same message of a carrier is stored once. */
    public Mono<Boolean> insert(DatabaseClient client, NewInbound row) {
        return client.sql(INSERT)
                .bind(0, row.id())
                .bind(1, row.tenant().value())
                .bind(2, row.accountId())
                .bind(3, row.carrierMessageId())
                .bind(4, NullableId.of(row.subjectId()))
                .bind(5, row.recipient())
                .bind(6, row.textSealed())
                .bind(7, row.complete())
                .bind(8, row.receivedAt().atOffset(ZoneOffset.UTC))
                .bind(9, row.meaning().name())
                .bind(10, NullableId.of(row.messageId()))
                .mapValue(Long.class)
                .one()
                .map(stored -> stored > 0);
    }

    /** Whether the person has written START since, and no STOP after it. */
    public Mono<Boolean> isTakenBack(
            DatabaseClient client, TenantId tenant, UUID accountId, String carrierMessageId, UUID subjectId) {
        return client.sql(IS_TAKEN_BACK)
                .bind(0, accountId)
                .bind(1, carrierMessageId)
                .bind(2, tenant.value())
                .bind(3, subjectId)
                .mapValue(Boolean.class)
                .one();
    }

    private static TenantId tenant(Readable row) {
        return new TenantId(Objects.requireNonNull(row.get("tenant_id", UUID.class)));
    }
}
