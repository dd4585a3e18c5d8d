// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.contact.store;

import eu.aval.server.contact.Subject;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.tenant.EarlierIndexes;
import eu.aval.server.tenant.IndexColumn;
import eu.aval.server.tenant.Octets;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Numbers of people: the index is computed anew from the sealed number. */
@Component
class SubjectIndexes extends IndexColumn {

    SubjectIndexes() {
        super("subject-numbers", "subject", "number_index");
    }

    @Override
    public Mono<Batch> carry(DatabaseClient client, TenantKeys keys, @Nullable String position, int limit) {
        EarlierIndexes earlier = EarlierIndexes.after(keys, position);
        return SubjectPages.within(client, keys, earlier, limit)
                .flatMap(page -> write(client, keys, page.subjects()).map(carried -> new Batch(page.next(), carried)));
    }

    private static Mono<Long> write(DatabaseClient client, TenantKeys keys, List<Subject> subjects) {
        return subjects.isEmpty()
                ? Mono.just(0L)
                : client.sql("""
                                update aval.subject s set number_index = o.number_index
                                from unnest($2::uuid[], $3::bytea[]) as o (id, number_index)
                                where s.id = o.id and s.tenant_id = $1""")
                        .bind(0, keys.tenant().value())
                        .bind(1, subjects.stream().map(Subject::id).toArray(UUID[]::new))
                        .bind(
                                2,
                                Octets.arrayOf(subjects.stream()
                                        .map(subject -> keys.index(subject.number()))
                                        .toList()))
                        .fetch()
                        .rowsUpdated();
    }
}
