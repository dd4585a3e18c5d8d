// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.consent.store;

import eu.aval.server.consent.Consent;
import eu.aval.server.consent.Permissions;
import eu.aval.server.consent.Suppression;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** The newest consents, and the suppressions by subject and by number, of many at once. */
@Component
class PermissionQuery implements Permissions {

    private static final String SQL = """
            with question as (
              select * from unnest($1::integer[], $2::uuid[], $3::uuid[], $4::uuid[])
                as q (position, tenant_id, subject_id, purpose_id)
            )
            select q.position, c.id, c.status as one, null as two, c.expires_at
            from question q cross join lateral (
              select id, status, expires_at from aval.consent
              where tenant_id = q.tenant_id and subject_id = q.subject_id and purpose_id = q.purpose_id
              order by recorded_at desc, id desc limit 1) c
            union all
            select q.position, null, x.sender, x.message_class, null
            from question q
            join aval.subject s on s.id = q.subject_id and s.tenant_id = q.tenant_id
            join aval.suppression x on x.tenant_id = q.tenant_id and x.number_index = s.number_index and x.lifted_at is null
            union all
            select q.position, null, x.sender, x.message_class, null
            from question q
            join aval.suppression x on x.subject_id = q.subject_id and x.tenant_id = q.tenant_id and x.lifted_at is null""";

    private static final class Draft {

        private @Nullable Consent consent;
        private final List<Suppression> suppressions = new ArrayList<>();

        void add(Readable row) {
            UUID id = row.get("id", UUID.class);
            String one = Objects.requireNonNull(row.get("one", String.class));
            if (id != null) {
                consent = new Consent(id, Consent.Status.valueOf(one), row.get("expires_at", Instant.class));
            } else {
                Suppression suppression = new Suppression(one, Objects.requireNonNull(row.get("two", String.class)));
                if (!suppressions.contains(suppression)) {
                    suppressions.add(suppression);
                }
            }
        }

        Answer answer() {
            return new Answer(consent, List.copyOf(suppressions));
        }
    }

    @Override
    public Mono<Map<Question, Answer>> of(DatabaseClient client, Collection<Question> questions) {
        List<Question> asked = questions.stream().distinct().toList();
        if (asked.isEmpty()) {
            return Mono.just(Map.of());
        }
        List<Draft> drafts = asked.stream().map(question -> new Draft()).toList();
        Integer[] positions = new Integer[asked.size()];
        UUID[] tenants = new UUID[asked.size()];
        UUID[] subjects = new UUID[asked.size()];
        UUID[] purposes = new UUID[asked.size()];
        for (int i = 0; i < asked.size(); i++) {
            positions[i] = i;
            tenants[i] = asked.get(i).tenant().value();
            subjects[i] = asked.get(i).subject();
            purposes[i] = asked.get(i).purpose();
        }
        return client.sql(SQL)
                .bind(0, positions)
                .bind(1, tenants)
                .bind(2, subjects)
                .bind(3, purposes)
                .map(row -> {
                    int position = Objects.requireNonNull(row.get("position", Integer.class));
                    drafts.get(position).add(row);
                    return position;
                })
                .all()
                .then(Mono.fromCallable(() -> {
                    Map<Question, Answer> answers = new HashMap<>();
                    for (int i = 0; i < asked.size(); i++) {
                        answers.put(asked.get(i), drafts.get(i).answer());
                    }
                    return answers;
                }));
    }
}
