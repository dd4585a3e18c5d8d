// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.consent.store;

import eu.aval.server.contact.Subject;
import eu.aval.server.contact.Subjects;
import eu.aval.server.encryption.AssociatedData;
import eu.aval.server.encryption.SubjectKey;
import eu.aval.server.personaldata.PersonalDataHolder;
import eu.aval.server.personaldata.PlaintextAccess;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.KeyedDatabase;
import eu.aval.server.tenant.PlatformDatabase;
import io.r2dbc.spi.Readable;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.reactivestreams.Publisher;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;

/**
 * Consents and objections. Erasure takes the evidence away and leaves the facts, under an id that leads to nobody: the
 * controller has to be able to prove them (GDPR art. 7(1) and 17(3)(e)). Objections stay as PRF values, so that somebody
 * who is forgotten is still not written to.
 */
@Component
class ConsentHolder implements PersonalDataHolder {

    private final KeyedDatabase database;
    private final PlatformDatabase platform;
    private final Subjects subjects;

    ConsentHolder(KeyedDatabase database, PlatformDatabase platform, Subjects subjects) {
        this.database = database;
        this.platform = platform;
        this.subjects = subjects;
    }

    @Override
    public String name() {
        return "consent";
    }

    @Override
    public int order() {
        return 500;
    }

    @Override
    public Set<String> columns() {
        return Set.of(
                "consent.subject_id",
                "consent.purpose_id",
                "consent.status",
                "consent.given_at",
                "consent.recorded_at",
                "consent.source",
                "consent.wording_version",
                "consent.locale",
                "consent.evidence_sealed",
                "consent.expires_at",
                "consent.given_by",
                "consent.joined_with",
                "suppression.number_index",
                "suppression.subject_id",
                "suppression.sender",
                "suppression.message_class",
                "suppression.source",
                "suppression.created_at",
                "suppression.lifted_at",
                "suppression.inbound_message_id",
                "suppression.written_to",
                "suppression.lifted_by");
    }

    @Override
    public Publisher<Map<String, Object>> export(TenantId tenant, UUID subjectId, PlaintextAccess access) {
        return database.in(
                        tenant,
                        (client, keys) -> subjects.byId(client, keys, subjectId)
                                .flatMap(subject -> consents(client, tenant, subject)
                                        .concatWith(suppressions(client, tenant, subject))
                                        .collectList()))
                .flatMapIterable(rows -> rows);
    }

    private static Flux<Map<String, Object>> consents(DatabaseClient client, TenantId tenant, Subject subject) {
        return client.sql("""
                        select c.id, p.key, c.status, c.given_at, c.recorded_at, c.source, c.wording_version, c.locale,
                          c.evidence_sealed, c.expires_at, c.given_by, c.joined_with
                        from aval.consent c join aval.purpose p on p.id = c.purpose_id
                        where c.tenant_id = $1 and c.subject_id = $2 order by c.recorded_at, c.id""")
                .bind(0, tenant.value())
                .bind(1, subject.id())
                .map(row -> consent(row, tenant, subject.key()))
                .all();
    }

    private static Map<String, Object> consent(Readable row, TenantId tenant, SubjectKey key) {
        Map<String, Object> consent = new LinkedHashMap<>();
        UUID id = Objects.requireNonNull(row.get("id", UUID.class));
        consent.put("consent", id.toString());
        copy(row, consent, "key", "purpose");
        copy(row, consent, "status", "status");
        copy(row, consent, "given_by", "givenBy");
        UUID joinedWith = row.get("joined_with", UUID.class);
        if (joinedWith != null) {
            consent.put("joinedWith", joinedWith.toString());
        }
        copyTime(row, consent, "given_at", "givenAt");
        copyTime(row, consent, "recorded_at", "recordedAt");
        copy(row, consent, "source", "source");
        copy(row, consent, "wording_version", "wordingVersion");
        copy(row, consent, "locale", "locale");
        copyTime(row, consent, "expires_at", "expiresAt");
        byte[] evidence = row.get("evidence_sealed", byte[].class);
        if (evidence != null) {
            byte[] opened = key.open(evidence, new AssociatedData(tenant, "consent", "evidence_sealed", id));
            consent.put("evidence", new String(opened, StandardCharsets.UTF_8));
        }
        return consent;
    }

    private static Flux<Map<String, Object>> suppressions(DatabaseClient client, TenantId tenant, Subject subject) {
        return client.sql("""
                        select sender, message_class, source, created_at, lifted_at, written_to from aval.suppression
                        where tenant_id = $1 and subject_id = $2 order by created_at, id""")
                .bind(0, tenant.value())
                .bind(1, subject.id())
                .map(row -> {
                    Map<String, Object> suppression = new LinkedHashMap<>();
                    copy(row, suppression, "sender", "objectionToSender");
                    copy(row, suppression, "message_class", "objectionToClass");
                    copy(row, suppression, "source", "source");
                    copyTime(row, suppression, "created_at", "createdAt");
                    copyTime(row, suppression, "lifted_at", "liftedAt");
                    copy(row, suppression, "written_to", "writtenTo");
                    return suppression;
                })
                .all();
    }

    @Override
    public Publisher<Long> erase(TenantId tenant, UUID subjectId) {
        return platform.in(client -> subjects.lock(client, subjectId)
                .then(client.sql("""
                        with evidence as (
                          update aval.consent set evidence_sealed = null
                          where tenant_id = $1 and subject_id = $2 and evidence_sealed is not null returning 1
                        ), objection as (
                          update aval.suppression set subject_id = null
                          where tenant_id = $1 and subject_id = $2 returning 1
                        )
                        select (select count(*) from evidence) + (select count(*) from objection) as rows""")
                        .bind(0, tenant.value())
                        .bind(1, subjectId)
                        .mapValue(Long.class)
                        .one()));
    }

    private static void copy(Readable row, Map<String, Object> target, String column, String name) {
        String value = row.get(column, String.class);
        if (value != null) {
            target.put(name, value);
        }
    }

    private static void copyTime(Readable row, Map<String, Object> target, String column, String name) {
        Instant value = row.get(column, Instant.class);
        if (value != null) {
            target.put(name, value.toString());
        }
    }
}
