// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.contact.store;

import eu.aval.server.contact.Age;
import eu.aval.server.contact.AgeBand;
import eu.aval.server.contact.NewSubject;
import eu.aval.server.contact.Subject;
import eu.aval.server.contact.Subjects;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.personaldata.PhoneNumber;
import eu.aval.server.tenant.Octets;
import io.r2dbc.spi.Parameters;
import io.r2dbc.spi.R2dbcType;
import io.r2dbc.spi.Readable;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** {@code aval.subject} and {@code aval_keys.subject_key}. */
@Component
class SubjectTable implements Subjects {

    private static final int ATTEMPTS = 4;

    @Override
    public Mono<Map<PhoneNumber, Subject>> find(
            DatabaseClient client, TenantKeys keys, Collection<PhoneNumber> numbers) {
        List<PhoneNumber> asked = numbers.stream().distinct().toList();
        return asked.isEmpty() ? Mono.just(Map.of()) : select(client, keys, asked);
    }

    @Override
    public Mono<Map<PhoneNumber, Subject>> findOrCreate(
            DatabaseClient client, TenantKeys keys, Collection<PhoneNumber> numbers) {
        return find(client, keys, numbers)
                .flatMap(found ->
                        complete(client, keys, numbers.stream().distinct().toList(), found, ATTEMPTS));
    }

    private Mono<Map<PhoneNumber, Subject>> complete(
            DatabaseClient client,
            TenantKeys keys,
            List<PhoneNumber> numbers,
            Map<PhoneNumber, Subject> found,
            int attempts) {
        List<PhoneNumber> missing =
                numbers.stream().filter(number -> !found.containsKey(number)).toList();
        if (missing.isEmpty()) {
            return Mono.just(found);
        }
        if (attempts == 0) {
            return Mono.error(new IllegalStateException("Subjects come and go faster than they can be read"));
        }
        return insert(client, keys, missing).flatMap(created -> {
            Map<PhoneNumber, Subject> all = new HashMap<>(found);
            all.putAll(created);
            // whoever was faster is committed by now: the insertion waited for it
            return created.size() == missing.size()
                    ? Mono.just(all)
                    : find(client, keys, missing).flatMap(others -> {
                        all.putAll(others);
                        return complete(client, keys, numbers, all, attempts - 1);
                    });
        });
    }

    private static Mono<Map<PhoneNumber, Subject>> select(
            DatabaseClient client, TenantKeys keys, List<PhoneNumber> numbers) {
        List<Integer> positions = new ArrayList<>();
        List<ByteBuffer> indexes = new ArrayList<>();
        for (int i = 0; i < numbers.size(); i++) {
            for (byte[] index : keys.indexes(numbers.get(i))) {
                positions.add(i);
                indexes.add(ByteBuffer.wrap(index));
            }
        }
        return client.sql("""
                        select n.position, s.id, k.wrapped
                        from unnest($2::integer[], $3::bytea[]) as n (position, number_index)
                        join aval.subject s on s.tenant_id = $1 and s.number_index = n.number_index
                        join aval_keys.subject_key k on k.subject_id = s.id""")
                .bind(0, keys.tenant().value())
                .bind(1, positions.toArray(Integer[]::new))
                .bind(2, Octets.array(indexes))
                .map(row -> {
                    PhoneNumber number = numbers.get(required(row, "position", Integer.class));
                    UUID id = required(row, "id", UUID.class);
                    return new Subject(id, number, keys.subjectKey(id, required(row, "wrapped", byte[].class)));
                })
                .all()
                .collectMap(Subject::number);
    }

    /** In the order of the unique index, so that two transactions wait for each other in one direction only. */
    private static Mono<Map<PhoneNumber, Subject>> insert(
            DatabaseClient client, TenantKeys keys, List<PhoneNumber> numbers) {
        List<NewSubject> created =
                numbers.stream().map(number -> NewSubject.of(keys, number)).toList();
        Map<UUID, NewSubject> byId = new HashMap<>();
        created.forEach(subject -> byId.put(subject.id(), subject));
        return client.sql("""
                        with created as (
                          select * from unnest($2::uuid[], $3::bytea[], $4::bytea[], $5::text[], $6::bytea[])
                            as c (id, number_index, number_sealed, country, wrapped)
                        ), subject as (
                          insert into aval.subject (id, tenant_id, number_index, number_sealed, country)
                          select id, $1, number_index, number_sealed, country from created order by number_index
                          on conflict do nothing returning id
                        )
                        insert into aval_keys.subject_key (subject_id, tenant_id, wrapped)
                        select id, $1, wrapped from created where id in (select id from subject)
                        returning subject_id""")
                .bind(0, keys.tenant().value())
                .bind(1, array(created, NewSubject::id, UUID[]::new))
                .bind(
                        2,
                        Octets.array(
                                created.stream().map(NewSubject::numberIndex).toList()))
                .bind(
                        3,
                        Octets.array(
                                created.stream().map(NewSubject::numberSealed).toList()))
                .bind(4, array(created, subject -> subject.number().country(), String[]::new))
                .bind(
                        5,
                        Octets.arrayOf(created.stream()
                                .map(subject -> subject.key().wrapped())
                                .toList()))
                .map(row ->
                        Objects.requireNonNull(byId.get(row.get(0, UUID.class))).subject())
                .all()
                .collectMap(Subject::number);
    }

    @Override
    public Mono<Page> page(DatabaseClient client, TenantKeys keys, @Nullable String position, int limit) {
        return SubjectPages.after(client, keys, position, limit);
    }

    @Override
    public Mono<Map<UUID, Subject>> byId(DatabaseClient client, TenantKeys keys, Collection<UUID> ids) {
        return client.sql("""
                        select s.id, s.number_sealed, s.country, k.wrapped
                        from aval.subject s join aval_keys.subject_key k on k.subject_id = s.id
                        where s.tenant_id = $1 and s.id = any($2) and s.erased_at is null""")
                .bind(0, keys.tenant().value())
                .bind(1, ids.toArray(UUID[]::new))
                .map(row -> Subject.open(
                        keys.tenant(),
                        keys.subjectKey(required(row, "id", UUID.class), required(row, "wrapped", byte[].class)),
                        required(row, "number_sealed", byte[].class),
                        required(row, "country", String.class)))
                .all()
                .collectMap(Subject::id);
    }

    @Override
    public Mono<Void> lock(DatabaseClient client, UUID id) {
        return client.sql("select 1 from aval.subject where id = $1 for update")
                .bind(0, id)
                .then();
    }

    @Override
    public Mono<Age> lockedAge(DatabaseClient client, UUID id) {
        return client.sql("""
                        select age_band, age_band_until, consents_alone_from from aval.subject where id = $1
                        for update""")
                .bind(0, id)
                .map(row -> Age.of(
                        row.get("age_band", String.class),
                        row.get("age_band_until", LocalDate.class),
                        row.get("consents_alone_from", LocalDate.class)))
                .one();
    }

    @Override
    public Mono<Void> declareAge(DatabaseClient client, UUID id, Age age) {
        return client.sql("""
                        update aval.subject set age_band = $2, age_band_until = $3, consents_alone_from = $4
                        where id = $1 and erased_at is null""")
                .bind(0, id)
                .bind(
                        1,
                        Parameters.in(
                                R2dbcType.VARCHAR,
                                age.band() == AgeBand.UNKNOWN
                                        ? null
                                        : age.band().name()))
                .bind(2, Parameters.in(R2dbcType.DATE, age.until()))
                .bind(3, Parameters.in(R2dbcType.DATE, age.consentsAloneFrom()))
                .then();
    }

    private static <T> T[] array(List<NewSubject> subjects, Function<NewSubject, T> value, IntFunction<T[]> type) {
        return subjects.stream().map(value).toArray(type);
    }

    private static <T> T required(Readable row, String column, Class<T> type) {
        return Objects.requireNonNull(row.get(column, type), column);
    }
}
