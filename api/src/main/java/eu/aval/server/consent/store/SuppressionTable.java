// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.consent.store;

import eu.aval.server.access.LookUp;
import eu.aval.server.access.PageRequest;
import eu.aval.server.audit.AccessEntry.RecordKind;
import eu.aval.server.audit.AccessJournal;
import eu.aval.server.audit.Actor;
import eu.aval.server.audit.AuditEvent;
import eu.aval.server.audit.AuditTrail;
import eu.aval.server.consent.Suppression;
import eu.aval.server.consent.Suppressions;
import eu.aval.server.contact.Subject;
import eu.aval.server.contact.Subjects;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.outbox.Outbox;
import eu.aval.server.outbox.OutboxEvent;
import eu.aval.server.personaldata.PhoneNumber;
import eu.aval.server.shared.TenantId;
import eu.aval.server.shared.TimeOrderedId;
import eu.aval.server.tenant.KeyedDatabase;
import eu.aval.server.tenant.NullableId;
import eu.aval.server.tenant.Octets;
import eu.aval.spi.submit.MessageClass;
import io.r2dbc.spi.Parameters;
import io.r2dbc.spi.R2dbcType;
import io.r2dbc.spi.Readable;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** {@code aval.suppression}. */
@Component
class SuppressionTable implements Suppressions {

    private final KeyedDatabase database;
    private final Subjects subjects;
    private final AuditTrail audit;
    private final AccessJournal journal;
    private final Outbox outbox;
    private final Clock clock;

    SuppressionTable(
            KeyedDatabase database,
            Subjects subjects,
            AuditTrail audit,
            AccessJournal journal,
            Outbox outbox,
            Clock clock) {
        this.database = database;
        this.subjects = subjects;
        this.audit = audit;
        this.journal = journal;
        this.outbox = outbox;
        this.clock = clock;
    }

    @Override
    public Mono<List<Entry>> add(TenantId tenant, Objection objection, Actor actor) {
        return database.in(
                tenant,
                (client, keys) -> subjects.findOrCreate(client, keys, List.of(objection.number()))
                        .flatMap(found -> add(
                                client,
                                keys,
                                Objects.requireNonNull(found.get(objection.number())),
                                objection,
                                actor)));
    }

    private Mono<List<Entry>> add(
            DatabaseClient client, TenantKeys keys, Subject subject, Objection objection, Actor actor) {
        return insert(client, keys, subject, objection, null, actor)
                .then(Mono.defer(() -> entries(client, keys, subject, objection)));
    }

    @Override
    public Mono<Integer> add(
            DatabaseClient client,
            TenantKeys keys,
            Subject subject,
            Objection objection,
            @Nullable Written written,
            Actor actor) {
        return insert(client, keys, subject, objection, written, actor);
    }

    private Mono<Integer> insert(
            DatabaseClient client,
            TenantKeys keys,
            Subject subject,
            Objection objection,
            @Nullable Written written,
            Actor actor) {
        return adopt(client, keys, subject)
                .thenMany(Flux.fromIterable(classes(objection)))
                .concatMap(each -> insert(client, keys, subject, objection, each, written, actor))
                .reduce(0, Integer::sum);
    }

    private static List<String> classes(Objection objection) {
        return objection.classes().isEmpty()
                ? List.of(Suppression.ALL)
                : objection.classes().stream().map(Enum::name).sorted().toList();
    }

    private static String sender(Objection objection) {
        return Objects.requireNonNullElse(objection.sender(), Suppression.ALL);
    }

    /** Entries of the same number that an erasure left behind, or that stand under an earlier key. */
    private Mono<Void> adopt(DatabaseClient client, TenantKeys keys, Subject subject) {
        return subjects.lock(client, subject.id())
                .then(client.sql("""
                                update aval.suppression s set subject_id = $2, number_index = $4
                                where tenant_id = $1 and number_index = any($3::bytea[])
                                  and (subject_id is distinct from $2 or number_index <> $4)
                                  and not exists (
                                    select from aval.suppression other
                                    where other.tenant_id = $1 and other.number_index = $4 and other.id <> s.id
                                      and other.sender = s.sender and other.message_class = s.message_class
                                      and other.lifted_at is null and s.lifted_at is null)""")
                        .bind(0, keys.tenant().value())
                        .bind(1, subject.id())
                        .bind(2, Octets.arrayOf(keys.indexes(subject.number())))
                        .bind(3, ByteBuffer.wrap(keys.index(subject.number())))
                        .then());
    }

    /** What stands already stays. Once somebody has objected in another way too, START does not lift it any more. */
    private Mono<Integer> insert(
            DatabaseClient client,
            TenantKeys keys,
            Subject subject,
            Objection objection,
            String messageClass,
            @Nullable Written written,
            Actor actor) {
        UUID id = TimeOrderedId.next();
        return client.sql("""
                        insert into aval.suppression
                          (id, tenant_id, number_index, subject_id, sender, message_class, source, created_at,
                            inbound_message_id, written_to)
                        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
                        on conflict (tenant_id, number_index, sender, message_class) where lifted_at is null
                        do update set written_to = null
                          where suppression.written_to is not null and excluded.written_to is null
                        returning id""")
                .bind(0, id)
                .bind(1, keys.tenant().value())
                .bind(2, ByteBuffer.wrap(keys.index(subject.number())))
                .bind(3, subject.id())
                .bind(4, sender(objection))
                .bind(5, messageClass)
                .bind(6, objection.source())
                .bind(7, clock.instant().truncatedTo(ChronoUnit.MICROS))
                .bind(8, NullableId.of(written == null ? null : written.inboundMessageId()))
                .bind(9, Parameters.in(R2dbcType.VARCHAR, written == null ? null : written.to()))
                .map(row -> Objects.requireNonNull(row.get("id", UUID.class)))
                .one()
                .flatMap(stored -> stored.equals(id)
                        ? audit.append(client, audited("suppression.added", id, keys, messageClass, written, actor))
                                .then(outbox.append(client, event(id, keys, subject, objection, messageClass, written)))
                                .thenReturn(1)
                        : audit.append(
                                        client,
                                        audited("suppression.confirmed", stored, keys, messageClass, written, actor))
                                .thenReturn(0))
                .defaultIfEmpty(0);
    }

    private static AuditEvent audited(
            String action, UUID id, TenantKeys keys, String messageClass, @Nullable Written written, Actor actor) {
        return new AuditEvent(keys.tenant(), actor, action, "suppression:" + id, detail(messageClass, written));
    }

    private static Map<String, Object> detail(String messageClass, @Nullable Written written) {
        return written == null
                ? Map.of("class", messageClass)
                : Map.of("class", messageClass, "inboundMessage", written.inboundMessageId());
    }

    private static Mono<List<Entry>> entries(
            DatabaseClient client, TenantKeys keys, Subject subject, Objection objection) {
        return client.sql("""
                        select id, sender, message_class, created_at from aval.suppression
                        where tenant_id = $1 and number_index = $2 and sender = $3 and message_class = any($4)
                          and lifted_at is null order by message_class""")
                .bind(0, keys.tenant().value())
                .bind(1, ByteBuffer.wrap(keys.index(subject.number())))
                .bind(2, sender(objection))
                .bind(3, classes(objection).toArray(String[]::new))
                .map(SuppressionTable::entry)
                .all()
                .collectList();
    }

    @Override
    public Mono<Integer> lift(DatabaseClient client, TenantKeys keys, Subject subject, Written written, Actor actor) {
        return adopt(client, keys, subject)
                .thenMany(client.sql("""
                                update aval.suppression set lifted_at = $4, lifted_by = $5
                                where tenant_id = $1 and number_index = any($2::bytea[]) and ltrim(written_to, '+') = ltrim($3, '+')
                                  and lifted_at is null
                                returning id, sender, message_class, created_at""")
                        .bind(0, keys.tenant().value())
                        .bind(1, Octets.arrayOf(keys.indexes(subject.number())))
                        .bind(2, written.to())
                        .bind(3, clock.instant().truncatedTo(ChronoUnit.MICROS))
                        .bind(4, written.inboundMessageId())
                        .map(SuppressionTable::entry)
                        .all()
                        .collectList()
                        .flatMapIterable(lifted -> lifted))
                .concatMap(entry -> audit.append(
                                client,
                                new AuditEvent(
                                        keys.tenant(),
                                        actor,
                                        "suppression.lifted",
                                        "suppression:" + entry.id(),
                                        Map.of("inboundMessage", written.inboundMessageId())))
                        .then(outbox.append(client, lifted(entry, keys, subject, written)))
                        .thenReturn(1))
                .reduce(0, Integer::sum);
    }

    private static OutboxEvent lifted(Entry entry, TenantKeys keys, Subject subject, Written written) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("id", entry.id());
        data.put("recipientId", subject.id());
        data.put("sender", entry.sender());
        data.put(
                "messageClass",
                entry.messageClass() == null ? null : entry.messageClass().name());
        data.put("inboundMessageId", written.inboundMessageId());
        return new OutboxEvent(keys.tenant(), subject.id(), "recipient.opted_in", data);
    }

    private static OutboxEvent event(
            UUID id,
            TenantKeys keys,
            Subject subject,
            Objection objection,
            String messageClass,
            @Nullable Written written) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("id", id);
        data.put("recipientId", subject.id());
        data.put("sender", objection.sender());
        data.put("messageClass", all(messageClass));
        data.put("source", objection.source());
        data.put("inboundMessageId", written == null ? null : written.inboundMessageId());
        return new OutboxEvent(keys.tenant(), subject.id(), "recipient.opted_out", data);
    }

    @Override
    public Mono<List<Listed>> lookUp(LookUp lookUp, @Nullable Boolean inForce, PageRequest page) {
        return database.in(
                lookUp.tenant(),
                (client, keys) -> subjects.find(client, keys, List.of(lookUp.number()))
                        .flatMap(known -> {
                            Subject subject = known.get(lookUp.number());
                            return listed(client, keys, lookUp.number(), inForce, page)
                                    .flatMap(found -> journal.append(
                                                    client,
                                                    lookUp.entry(
                                                            RecordKind.OPT_OUT,
                                                            subject == null ? null : subject.id(),
                                                            Math.min(found.size(), page.size())))
                                            .thenReturn(found));
                        }));
    }

    /** By number and not by subject: the list outlives the person's record. */
    private static Mono<List<Listed>> listed(
            DatabaseClient client, TenantKeys keys, PhoneNumber number, @Nullable Boolean inForce, PageRequest page) {
        return client.sql("""
                        select id, sender, message_class, source, created_at, lifted_at from aval.suppression
                        where tenant_id = $1 and number_index = any($2::bytea[]) and ($3::uuid is null or id < $3)
                          and ($5::boolean is null or (lifted_at is null) = $5)
                        order by id desc limit $4""")
                .bind(0, keys.tenant().value())
                .bind(1, Octets.arrayOf(keys.indexes(number)))
                .bind(2, NullableId.of(page.after()))
                .bind(3, page.sizeAndOne())
                .bind(4, Parameters.in(R2dbcType.BOOLEAN, inForce))
                .map(row -> {
                    Entry entry = entry(row);
                    return new Listed(
                            entry.id(),
                            entry.sender(),
                            entry.messageClass(),
                            Objects.requireNonNull(row.get("source", String.class)),
                            entry.createdAt(),
                            row.get("lifted_at", Instant.class));
                })
                .all()
                .collectList();
    }

    private static Entry entry(Readable row) {
        String messageClass = all(row.get("message_class", String.class));
        return new Entry(
                Objects.requireNonNull(row.get("id", UUID.class)),
                all(row.get("sender", String.class)),
                messageClass == null ? null : MessageClass.valueOf(messageClass),
                Objects.requireNonNull(row.get("created_at", Instant.class)));
    }

    private static @Nullable String all(@Nullable String value) {
        return Suppression.ALL.equals(value) ? null : value;
    }
}
