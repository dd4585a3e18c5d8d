// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.consent.store;

import eu.aval.server.access.LookUp;
import eu.aval.server.access.PageRequest;
import eu.aval.server.access.Unmask;
import eu.aval.server.access.Unmask.Field;
import eu.aval.server.access.UnmaskResult;
import eu.aval.server.access.UnmaskResult.Gap.Why;
import eu.aval.server.access.Unmasking;
import eu.aval.server.audit.AccessEntry.RecordKind;
import eu.aval.server.audit.AccessJournal;
import eu.aval.server.audit.Actor;
import eu.aval.server.audit.AuditEvent;
import eu.aval.server.audit.AuditTrail;
import eu.aval.server.consent.Consent;
import eu.aval.server.consent.Consents;
import eu.aval.server.consent.GivenBy;
import eu.aval.server.consent.Purpose;
import eu.aval.server.consent.Purposes;
import eu.aval.server.contact.Age;
import eu.aval.server.contact.AgeBand;
import eu.aval.server.contact.Subject;
import eu.aval.server.contact.Subjects;
import eu.aval.server.encryption.AssociatedData;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.outbox.Outbox;
import eu.aval.server.outbox.OutboxEvent;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import eu.aval.server.shared.TenantId;
import eu.aval.server.shared.TimeOrderedId;
import eu.aval.server.tenant.KeyedDatabase;
import eu.aval.server.tenant.NullableId;
import io.r2dbc.spi.Parameters;
import io.r2dbc.spi.R2dbcType;
import io.r2dbc.spi.Readable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** {@code aval.consent}. */
@Component
class ConsentTable implements Consents {

    private final KeyedDatabase database;
    private final Purposes purposes;
    private final Subjects subjects;
    private final AuditTrail audit;
    private final AccessJournal journal;
    private final Unmasking unmasking;
    private final Outbox outbox;
    private final Clock clock;

    ConsentTable(
            KeyedDatabase database,
            Purposes purposes,
            Subjects subjects,
            AuditTrail audit,
            AccessJournal journal,
            Unmasking unmasking,
            Outbox outbox,
            Clock clock) {
        this.database = database;
        this.purposes = purposes;
        this.subjects = subjects;
        this.audit = audit;
        this.journal = journal;
        this.unmasking = unmasking;
        this.outbox = outbox;
        this.clock = clock;
    }

    @Override
    public Mono<Entry> record(TenantId tenant, Act act, Actor actor) {
        return purposes.of(tenant).flatMap(known -> {
            Purpose purpose = known.get(act.purpose());
            if (purpose == null || (purpose.retired() && act.status() == Consent.Status.GIVEN)) {
                return Mono.error(new Problem(
                        ProblemType.PURPOSE_UNKNOWN,
                        "Nobody can consent to a purpose that is not declared, or that has been retired.",
                        List.of(new Problem.Field("/purpose", "PURPOSE_UNKNOWN", "Not a purpose in use."))));
            }
            return database.in(
                    tenant,
                    (client, keys) -> subjects.findOrCreate(client, keys, List.of(act.number()))
                            .flatMap(found -> append(
                                    client,
                                    tenant,
                                    Objects.requireNonNull(found.get(act.number())),
                                    purpose,
                                    act,
                                    actor)));
        });
    }

    private Mono<Entry> append(
            DatabaseClient client, TenantId tenant, Subject subject, Purpose purpose, Act act, Actor actor) {
        return subjects.lockedAge(client, subject.id())
                .flatMap(age -> declareAge(client, tenant, subject, act, age, actor))
                .zipWhen(age -> newest(client, tenant, subject, purpose))
                .flatMap(known -> {
                    List<Row> records = known.getT2();
                    Optional<Row> newest = records.stream()
                            .filter(row -> row.givenBy() == act.givenBy())
                            .findFirst();
                    if (newest.filter(row -> row.says(act)).isPresent()) {
                        return Mono.just(newest.get().entry());
                    }
                    if (act.status() == Consent.Status.GIVEN
                            && newest.filter(row -> row.isWithdrawalAfter(act.givenAt()))
                                    .isPresent()) {
                        return Mono.error(new Problem(
                                ProblemType.CONFLICT,
                                "The person withdrew after this consent was given; only a new act can give it again.",
                                List.of(new Problem.Field(
                                        "/givenAt",
                                        "OLDER_THAN_WITHDRAWAL",
                                        "Earlier than the withdrawal on record."))));
                    }
                    UUID joinedWith = records.stream()
                            .filter(row -> row.givenBy() != act.givenBy()
                                    && known.getT1().on(today()) == AgeBand.CHILD)
                            .map(row -> row.entry().id())
                            .findFirst()
                            .orElse(null);
                    return insert(client, tenant, subject, purpose, act, joinedWith, actor);
                });
    }

    /** What the act says about the age, on record; and whether a guardian has a say. */
    private Mono<Age> declareAge(
            DatabaseClient client, TenantId tenant, Subject subject, Act act, Age before, Actor actor) {
        LocalDate today = today();
        DeclaredAge declared = act.age();
        if (act.evidence() == null && isOlder(before, act, today)) {
            return Mono.error(invalid(
                    "/evidence", "REQUIRED", "Somebody who is on record as younger is made older with evidence only."));
        }
        Age age = declared == null ? before : before.declared(declared.band(), declared.until(), today);
        if (act.givenBy() == GivenBy.GUARDIAN
                && act.status() == Consent.Status.GIVEN
                && age.on(today) != AgeBand.CHILD) {
            return Mono.error(
                    invalid("/givenBy", "NOT_A_CHILD", "A guardian consents for a recipient whose age band is CHILD."));
        }
        return age.equals(before)
                ? Mono.just(age)
                : subjects.declareAge(client, subject.id(), age)
                        .then(audit.append(
                                client,
                                new AuditEvent(
                                        tenant,
                                        actor,
                                        "recipient.age-band-declared",
                                        "recipient:" + subject.id(),
                                        Map.of("older", isOlder(before, act, today)))))
                        .thenReturn(age);
    }

    private static boolean isOlder(Age before, Act act, LocalDate today) {
        DeclaredAge declared = act.age();
        return declared != null && before.isLoosenedBy(declared.band(), declared.until(), today);
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    }

    private static Problem invalid(String pointer, String code, String detail) {
        return new Problem(ProblemType.INVALID_REQUEST, detail, List.of(new Problem.Field(pointer, code, detail)));
    }

    /** The newest record of each of those who may consent. */
    private static Mono<List<Row>> newest(DatabaseClient client, TenantId tenant, Subject subject, Purpose purpose) {
        return client.sql("""
                        select distinct on (given_by) id, status, given_by, given_at, recorded_at, source,
                          wording_version, expires_at
                        from aval.consent where tenant_id = $1 and subject_id = $2 and purpose_id = $3
                        order by given_by, recorded_at desc, id desc""")
                .bind(0, tenant.value())
                .bind(1, subject.id())
                .bind(2, purpose.id())
                .map(Row::of)
                .all()
                .collectList();
    }

    private Mono<Entry> insert(
            DatabaseClient client,
            TenantId tenant,
            Subject subject,
            Purpose purpose,
            Act act,
            @Nullable UUID joinedWith,
            Actor actor) {
        UUID id = TimeOrderedId.next();
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        String evidence = act.evidence();
        ByteBuffer sealed = evidence == null
                ? null
                : ByteBuffer.wrap(subject.key()
                        .seal(
                                evidence.getBytes(StandardCharsets.UTF_8),
                                new AssociatedData(tenant, "consent", "evidence_sealed", id)));
        return client.sql("""
                        insert into aval.consent (id, tenant_id, subject_id, purpose_id, status, given_at, recorded_at,
                          source, wording_version, locale, evidence_sealed, expires_at, actor, given_by, joined_with)
                        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)""")
                .bind(0, id)
                .bind(1, tenant.value())
                .bind(2, subject.id())
                .bind(3, purpose.id())
                .bind(4, act.status().name())
                .bind(5, act.givenAt())
                .bind(6, now)
                .bind(7, act.source())
                .bind(8, Parameters.in(R2dbcType.VARCHAR, act.wordingVersion()))
                .bind(9, Parameters.in(R2dbcType.VARCHAR, act.locale()))
                .bind(10, Parameters.in(R2dbcType.VARBINARY, sealed))
                .bind(11, Parameters.in(R2dbcType.TIMESTAMP_WITH_TIME_ZONE, act.expiresAt()))
                .bind(12, actor.value())
                .bind(13, act.givenBy().name())
                .bind(14, NullableId.of(joinedWith))
                .then()
                .then(audit.append(
                        client,
                        new AuditEvent(
                                tenant,
                                actor,
                                "consent.recorded",
                                "consent:" + id,
                                Map.of(
                                        "purpose",
                                        purpose.key(),
                                        "status",
                                        act.status().name(),
                                        "givenBy",
                                        act.givenBy().name()))))
                .then(outbox.append(client, event(id, tenant, subject, purpose, act)))
                .thenReturn(new Entry(id, act.status(), act.givenAt(), now));
    }

    private static OutboxEvent event(UUID id, TenantId tenant, Subject subject, Purpose purpose, Act act) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("id", id);
        data.put("recipientId", subject.id());
        data.put("purpose", purpose.key());
        data.put("givenBy", act.givenBy());
        data.put("givenAt", act.givenAt());
        data.put("expiresAt", act.expiresAt());
        String type = act.status() == Consent.Status.GIVEN ? "consent.recorded" : "consent.withdrawn";
        return new OutboxEvent(tenant, subject.id(), type, data);
    }

    @Override
    public Mono<List<Recorded>> lookUp(LookUp lookUp, Filter filter, PageRequest page) {
        return database.in(
                lookUp.tenant(),
                (client, keys) -> subjects.find(client, keys, List.of(lookUp.number()))
                        .flatMap(known -> {
                            Subject subject = known.get(lookUp.number());
                            UUID id = subject == null ? null : subject.id();
                            return (id == null
                                            ? Mono.just(List.<Recorded>of())
                                            : recorded(client, lookUp.tenant(), id, filter, page))
                                    .flatMap(found -> journal.append(
                                                    client,
                                                    lookUp.entry(
                                                            RecordKind.CONSENT,
                                                            id,
                                                            Math.min(found.size(), page.size())))
                                            .thenReturn(found));
                        }));
    }

    private static Mono<List<Recorded>> recorded(
            DatabaseClient client, TenantId tenant, UUID subject, Filter filter, PageRequest page) {
        return client.sql("""
                        select * from (
                          select c.id, p.key, c.status, c.given_by, c.joined_with, c.given_at, c.recorded_at, c.source,
                            c.wording_version, c.locale, c.evidence_sealed is not null as proven, c.expires_at,
                            row_number() over (
                              partition by c.purpose_id, c.given_by order by c.recorded_at desc, c.id desc) = 1 as newest,
                            s.age_band, s.age_band_until, s.consents_alone_from
                          from aval.consent c join aval.purpose p on p.id = c.purpose_id
                          join aval.subject s on s.id = c.subject_id
                          where c.tenant_id = $1 and c.subject_id = $2) ledger
                        where ($3::text is null or key = $3) and ($4::uuid is null or id < $4)
                          and ($6::text is null or status = $6) and ($7::timestamptz is null or recorded_at >= $7)
                          and ($8::timestamptz is null or recorded_at < $8)
                        order by id desc limit $5""")
                .bind(0, tenant.value())
                .bind(1, subject)
                .bind(2, Parameters.in(R2dbcType.VARCHAR, filter.purpose()))
                .bind(3, NullableId.of(page.after()))
                .bind(4, page.sizeAndOne())
                .bind(
                        5,
                        Parameters.in(
                                R2dbcType.VARCHAR,
                                filter.status() == null ? null : filter.status().name()))
                .bind(6, Parameters.in(R2dbcType.TIMESTAMP_WITH_TIME_ZONE, filter.recordedFrom()))
                .bind(7, Parameters.in(R2dbcType.TIMESTAMP_WITH_TIME_ZONE, filter.recordedBefore()))
                .map(row -> new Recorded(
                        Row.required(row, "id", UUID.class),
                        Row.required(row, "key", String.class),
                        Consent.Status.valueOf(Row.required(row, "status", String.class)),
                        GivenBy.valueOf(Row.required(row, "given_by", String.class)),
                        row.get("joined_with", UUID.class),
                        Row.required(row, "given_at", Instant.class),
                        Row.required(row, "recorded_at", Instant.class),
                        Row.required(row, "source", String.class),
                        row.get("wording_version", String.class),
                        row.get("locale", String.class),
                        Row.required(row, "proven", Boolean.class),
                        row.get("expires_at", Instant.class),
                        Row.required(row, "newest", Boolean.class),
                        Age.of(
                                row.get("age_band", String.class),
                                row.get("age_band_until", LocalDate.class),
                                row.get("consents_alone_from", LocalDate.class))))
                .all()
                .collectList();
    }

    @Override
    public Mono<UnmaskResult> unmask(Unmask unmask) {
        TenantId tenant = unmask.requiredTenant();
        return unmasking.show(
                unmask,
                RecordKind.CONSENT,
                "There is no such record of consent",
                work -> database.in(tenant, work),
                (client, keys) -> evidence(client, tenant, unmask.id())
                        .map(found -> new Unmasking.Found(found.subjectId(), found.findings(unmask, keys))));
    }

    private static Mono<Evidence> evidence(DatabaseClient client, TenantId tenant, UUID id) {
        return client.sql("""
                        select c.id, c.subject_id, c.evidence_sealed, k.wrapped
                        from aval.consent c left join aval_keys.subject_key k on k.subject_id = c.subject_id
                        where c.tenant_id = $1 and c.id = $2""")
                .bind(0, tenant.value())
                .bind(1, id)
                .map(row -> new Evidence(
                        Row.required(row, "id", UUID.class),
                        Row.required(row, "subject_id", UUID.class),
                        row.get("evidence_sealed", byte[].class),
                        row.get("wrapped", byte[].class)))
                .one();
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Evidence(UUID id, UUID subjectId, byte @Nullable [] sealed, byte @Nullable [] wrapped) {

        Unmasking.Findings findings(Unmask unmask, TenantKeys keys) {
            Unmasking.Findings findings = Unmasking.findings(unmask);
            byte[] key = wrapped;
            byte[] evidence = sealed;
            if (key == null) {
                return findings.gap(Field.EVIDENCE, Why.ERASED);
            }
            return evidence == null
                    ? findings.gap(Field.EVIDENCE, Why.NEVER_GIVEN)
                    : findings.value(
                            Field.EVIDENCE,
                            () -> keys.subjectKey(subjectId, key)
                                    .open(
                                            evidence,
                                            new AssociatedData(keys.tenant(), "consent", "evidence_sealed", id)));
        }
    }

    /** The newest record. */
    private record Row(
            Entry entry,
            GivenBy givenBy,
            String source,
            @Nullable String wordingVersion,
            @Nullable Instant expiresAt) {

        static Row of(Readable row) {
            return new Row(
                    new Entry(
                            required(row, "id", UUID.class),
                            Consent.Status.valueOf(required(row, "status", String.class)),
                            required(row, "given_at", Instant.class),
                            required(row, "recorded_at", Instant.class)),
                    GivenBy.valueOf(required(row, "given_by", String.class)),
                    required(row, "source", String.class),
                    row.get("wording_version", String.class),
                    row.get("expires_at", Instant.class));
        }

        boolean says(Act act) {
            return entry.status() == act.status()
                    && entry.givenAt().equals(act.givenAt())
                    && source.equals(act.source())
                    && Objects.equals(wordingVersion, act.wordingVersion())
                    && Objects.equals(expiresAt, act.expiresAt());
        }

        boolean isWithdrawalAfter(Instant givenAt) {
            return entry.status() == Consent.Status.WITHDRAWN && !givenAt.isAfter(entry.givenAt());
        }

        private static <T> T required(Readable row, String column, Class<T> type) {
            return Objects.requireNonNull(row.get(column, type), column);
        }
    }
}
