// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.consent.store;

import eu.aval.server.consent.Consent;
import eu.aval.server.consent.Permissions;
import eu.aval.server.consent.Suppression;
import eu.aval.server.contact.Age;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.time.LocalDate;
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

/** The newest consents, what is known of ages, and the suppressions by subject and by number, of many at once. */
@Component
class PermissionQuery implements Permissions {

    private static final String SQL = """
            with question as (
              select * from unnest($1::integer[], $2::uuid[], $3::uuid[], $4::uuid[])
                as q (position, tenant_id, subject_id, purpose_id)
            )
            select q.position, 'C' as what, c.id, c.status as one, null as two, c.given_at as since, c.expires_at as until,
              null::date as ends, null::date as alone
            from question q cross join lateral (
              select id, status, given_at, expires_at from aval.consent
              where tenant_id = q.tenant_id and subject_id = q.subject_id and purpose_id = q.purpose_id
                and given_by = 'RECIPIENT'
              order by recorded_at desc, id desc limit 1) c
            union all
            select q.position, 'A', null, s.age_band, null, null, null, s.age_band_until, s.consents_alone_from
            from question q
            join aval.subject s on s.id = q.subject_id and s.tenant_id = q.tenant_id and s.age_band is not null
            union all
            select q.position, 'G', c.id, c.status, null, c.given_at, c.expires_at, null, null
            from question q
            join aval.subject s
              on s.id = q.subject_id and s.tenant_id = q.tenant_id and s.consents_alone_from is not null
            cross join lateral (
              select id, status, given_at, expires_at from aval.consent
              where tenant_id = q.tenant_id and subject_id = q.subject_id and purpose_id = q.purpose_id
                and given_by = 'GUARDIAN'
              order by recorded_at desc, id desc limit 1) c
            union all
            select q.position, 'X', null, x.sender, x.message_class, null, null, null, null
            from question q
            join aval.subject s on s.id = q.subject_id and s.tenant_id = q.tenant_id
            join aval.suppression x on x.tenant_id = q.tenant_id and x.number_index = s.number_index and x.lifted_at is null
            union all
            select q.position, 'X', null, x.sender, x.message_class, null, null, null, null
            from question q
            join aval.suppression x on x.subject_id = q.subject_id and x.tenant_id = q.tenant_id and x.lifted_at is null""";

    private static final class Draft {

        private @Nullable Consent consent;
        private @Nullable Consent guardian;
        private Age age = Age.UNKNOWN;
        private final List<Suppression> suppressions = new ArrayList<>();

        void add(Readable row) {
            String one = required(row, "one", String.class);
            switch (required(row, "what", String.class)) {
                case "C" -> consent = consent(row, one);
                case "G" -> guardian = consent(row, one);
                case "A" -> age = Age.of(one, row.get("ends", LocalDate.class), row.get("alone", LocalDate.class));
                default -> {
                    Suppression suppression = new Suppression(one, required(row, "two", String.class));
                    if (!suppressions.contains(suppression)) {
                        suppressions.add(suppression);
                    }
                }
            }
        }

        private static Consent consent(Readable row, String status) {
            return new Consent(
                    required(row, "id", UUID.class),
                    Consent.Status.valueOf(status),
                    required(row, "since", Instant.class),
                    row.get("until", Instant.class));
        }

        private static <T> T required(Readable row, String column, Class<T> type) {
            return Objects.requireNonNull(row.get(column, type), column);
        }

        Answer answer() {
            return new Answer(consent, guardian, age, List.copyOf(suppressions));
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
