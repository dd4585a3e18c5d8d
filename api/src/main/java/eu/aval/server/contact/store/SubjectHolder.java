// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.contact.store;

import eu.aval.server.contact.Age;
import eu.aval.server.contact.AgeBand;
import eu.aval.server.contact.Subject;
import eu.aval.server.contact.Subjects;
import eu.aval.server.personaldata.PersonalDataHolder;
import eu.aval.server.personaldata.PlaintextAccess;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.KeyedDatabase;
import eu.aval.server.tenant.PlatformDatabase;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.reactivestreams.Publisher;
import org.springframework.stereotype.Component;

/**
 * The number, by which a person is found, and what is known about them under no other name. Erases first: nobody finds the
 * person any more then, and who has found them before has ended, so that nothing is added to what the others erase.
 */
@Component
class SubjectHolder implements PersonalDataHolder {

    private static final String ERASE = """
            with recipient as (
              delete from aval.api_key_recipient r using aval.subject s
              where s.tenant_id = $1 and s.id = $2 and r.tenant_id = $1 and r.number_index = s.number_index
              returning 1
            ), subject as (
              update aval.subject
              set number_index = null, number_sealed = null, country = null, erased_at = now(),
                age_band = null, age_band_until = null, consents_alone_from = null
              where tenant_id = $1 and id = $2 and erased_at is null returning 1
            )
            select (select count(*) from recipient) + (select count(*) from subject) as rows""";

    private final KeyedDatabase database;
    private final PlatformDatabase platform;
    private final Subjects subjects;

    SubjectHolder(KeyedDatabase database, PlatformDatabase platform, Subjects subjects) {
        this.database = database;
        this.platform = platform;
        this.subjects = subjects;
    }

    @Override
    public String name() {
        return "contact";
    }

    @Override
    public int order() {
        return 0;
    }

    @Override
    public Set<String> columns() {
        return Set.of(
                "subject.id",
                "subject.number_index",
                "subject.number_sealed",
                "subject.country",
                "subject.created_at",
                "subject.age_band",
                "subject.age_band_until",
                "subject.consents_alone_from",
                "api_key_recipient.number_index");
    }

    @Override
    public Publisher<Map<String, Object>> export(TenantId tenant, UUID subjectId, PlaintextAccess access) {
        return database.in(
                tenant,
                (client, keys) -> subjects.byId(client, keys, subjectId)
                        .flatMap(subject ->
                                subjects.lockedAge(client, subjectId).map(age -> exported(subject, age, access))));
    }

    private static Map<String, Object> exported(Subject subject, Age age, PlaintextAccess access) {
        Map<String, Object> person = new LinkedHashMap<>();
        person.put("number", subject.number().reveal(access));
        person.put("country", subject.number().country());
        if (age.band() != AgeBand.UNKNOWN) {
            person.put("ageBand", age.band().name());
        }
        if (age.until() != null) {
            person.put("ageBandUntil", age.until().toString());
        }
        if (age.consentsAloneFrom() != null) {
            person.put("consentsAloneFrom", age.consentsAloneFrom().toString());
        }
        return person;
    }

    @Override
    public Publisher<Long> erase(TenantId tenant, UUID subjectId) {
        return platform.in(client -> subjects.lock(client, subjectId)
                        .then(client.sql(ERASE)
                                .bind(0, tenant.value())
                                .bind(1, subjectId)
                                .mapValue(Long.class)
                                .one()))
                .delayUntil(rows -> database.othersEnded(tenant));
    }
}
