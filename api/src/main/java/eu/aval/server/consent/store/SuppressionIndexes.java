// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.consent.store;

import eu.aval.server.contact.KeptNumber;
import eu.aval.server.contact.Subjects;
import eu.aval.server.encryption.KeysetStore.Kind;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.tenant.EarlierIndexes;
import eu.aval.server.tenant.KeyedColumns;
import eu.aval.server.tenant.Octets;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * The suppression list. An entry comes over through its person, or through whoever has the number now. What an erasure
 * left behind cannot be computed anew: it stays under the key it was made with, which is looked up as long as it is there.
 */
@Component
class SuppressionIndexes implements KeyedColumns {

    private final Subjects subjects;

    SuppressionIndexes(Subjects subjects) {
        this.subjects = subjects;
    }

    @Override
    public String name() {
        return "suppressions";
    }

    @Override
    public Set<String> columns() {
        return Set.of("suppression.number_index");
    }

    @Override
    public Kind kind() {
        return Kind.PRF;
    }

    @Override
    public Owner owner() {
        return Owner.TENANT;
    }

    @Override
    public Mono<Batch> carry(DatabaseClient client, TenantKeys keys, @Nullable String position, int limit) {
        if (position != null) {
            return carryAll(client, keys, position, limit);
        }
        return remaining(client, keys)
                .flatMap(left -> left == 0 ? Mono.just(Batch.NOTHING) : carryAll(client, keys, null, limit));
    }

    private Mono<Batch> carryAll(DatabaseClient client, TenantKeys keys, @Nullable String position, int limit) {
        return subjects.page(client, keys, position, limit).flatMap(page -> {
            List<KeptNumber> numbers = KeptNumber.of(keys, page.subjects());
            return (numbers.isEmpty() ? Mono.just(0L) : write(client, keys, numbers))
                    .map(carried -> new Batch(page.next(), carried));
        });
    }

    /** Not where the same objection stands under the primary key already: it holds, and can stand once only. */
    private static Mono<Long> write(DatabaseClient client, TenantKeys keys, List<KeptNumber> numbers) {
        return client.sql("""
                        update aval.suppression x
                        set number_index = o.next, subject_id = coalesce(x.subject_id, o.subject_id)
                        from unnest($2::uuid[], $3::bytea[], $4::bytea[]) as o (subject_id, earlier, next)
                        where x.tenant_id = $1 and x.number_index = o.earlier
                          and not exists (
                            select from aval.suppression other
                            where other.tenant_id = $1 and other.number_index = o.next
                              and other.sender = x.sender and other.message_class = x.message_class
                              and other.lifted_at is null and x.lifted_at is null)""")
                .bind(0, keys.tenant().value())
                .bind(1, numbers.stream().map(KeptNumber::subjectId).toArray(UUID[]::new))
                .bind(2, Octets.array(numbers.stream().map(KeptNumber::earlier).toList()))
                .bind(3, Octets.array(numbers.stream().map(KeptNumber::next).toList()))
                .fetch()
                .rowsUpdated();
    }

    @Override
    public Mono<Long> remaining(DatabaseClient client, TenantKeys keys) {
        EarlierIndexes earlier = EarlierIndexes.after(keys, null);
        return client.sql("""
                        select count(*) from unnest($2::bytea[], $3::bytea[]) as r (low, high)
                        join aval.suppression x on x.tenant_id = $1 and x.number_index > r.low and x.number_index <= r.high""")
                .bind(0, keys.tenant().value())
                .bind(1, earlier.lows())
                .bind(2, earlier.highs())
                .mapValue(Long.class)
                .one();
    }
}
