// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.contact.store;

import eu.aval.server.contact.Subjects;
import eu.aval.server.outbox.Outbox;
import eu.aval.server.personaldata.PersonalDataHolder;
import eu.aval.server.personaldata.PlaintextAccess;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.PlatformDatabase;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.reactivestreams.Publisher;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;

/**
 * The key that everything else about the person is sealed under, of which an export could show nothing. Erases last: after
 * it, whatever the others could not delete is noise, in backups too once those of the keys have expired. As long as there is
 * a key the erasure has not ended: what ends it tells of it.
 */
@Component
class SubjectKeyHolder implements PersonalDataHolder {

    private static final String ERASE = """
            with key as (
              delete from aval_keys.subject_key where tenant_id = $1 and subject_id = $2 returning subject_id
            ), subject as (
              update aval.subject set erased_at = now() where id in (select subject_id from key) returning id, erased_at
            ), told as (""" + Outbox.INSERT + """
              select $1, null, 'privacy.erased', erased_at, jsonb_build_object('id', id, 'erasedAt', aval.rfc3339(erased_at))
              from subject where\s""" + Outbox.isListenedTo("$1") + """
            )
            select count(*) from key""";

    private final PlatformDatabase platform;
    private final Subjects subjects;

    SubjectKeyHolder(PlatformDatabase platform, Subjects subjects) {
        this.platform = platform;
        this.subjects = subjects;
    }

    @Override
    public String name() {
        return "subject-keys";
    }

    @Override
    public int order() {
        return 1000;
    }

    @Override
    public Set<String> columns() {
        return Set.of("subject_key.subject_id", "subject_key.wrapped");
    }

    @Override
    public Publisher<Map<String, Object>> export(TenantId tenant, UUID subjectId, PlaintextAccess access) {
        return Flux.empty();
    }

    @Override
    public Publisher<Long> erase(TenantId tenant, UUID subjectId) {
        return platform.in(client -> subjects.lock(client, subjectId)
                .then(client.sql(ERASE)
                        .bind(0, tenant.value())
                        .bind(1, subjectId)
                        .mapValue(Long.class)
                        .one()));
    }
}
