// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.contact.store;

import eu.aval.server.contact.KeptNumber;
import eu.aval.server.contact.Subjects;
import eu.aval.server.encryption.KeysetStore.Kind;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.tenant.EarlierIndexes;
import eu.aval.server.tenant.KeyedColumns;
import eu.aval.server.tenant.Octets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Whom team keys may write to. Only an index is kept of them, so a number comes over once its person is known; until then
 * the earlier key stays, or until the team key is revoked.
 */
@Component
class RecipientIndexes implements KeyedColumns {

    private final Subjects subjects;

    RecipientIndexes(Subjects subjects) {
        this.subjects = subjects;
    }

    @Override
    public String name() {
        return "api-key-recipients";
    }

    @Override
    public Set<String> columns() {
        return Set.of("api_key_recipient.number_index");
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
        return dropUnused(client, keys)
                .then(Mono.defer(() -> remaining(client, keys)))
                .flatMap(left -> left == 0 ? Mono.just(Batch.NOTHING) : carryAll(client, keys, null, limit));
    }

    /** Recipients are kept as long as their key is in use. */
    private static Mono<Void> dropUnused(DatabaseClient client, TenantKeys keys) {
        return client.sql("""
                        delete from aval.api_key_recipient r using aval.api_key k
                        where r.tenant_id = $1 and k.id = r.api_key_id
                          and (k.revoked_at is not null or k.expires_at <= now())""").bind(0, keys.tenant().value()).then();
    }

    private Mono<Batch> carryAll(DatabaseClient client, TenantKeys keys, @Nullable String position, int limit) {
        return subjects.page(client, keys, position, limit).flatMap(page -> {
            List<KeptNumber> numbers = KeptNumber.of(keys, page.subjects());
            return (numbers.isEmpty() ? Mono.just(0L) : write(client, keys, numbers))
                    .map(carried -> new Batch(page.next(), carried));
        });
    }

    private static Mono<Long> write(DatabaseClient client, TenantKeys keys, List<KeptNumber> numbers) {
        return client.sql("""
                        update aval.api_key_recipient r set number_index = o.next
                        from unnest($2::bytea[], $3::bytea[]) as o (earlier, next)
                        where r.tenant_id = $1 and r.number_index = o.earlier""")
                .bind(0, keys.tenant().value())
                .bind(1, Octets.array(numbers.stream().map(KeptNumber::earlier).toList()))
                .bind(2, Octets.array(numbers.stream().map(KeptNumber::next).toList()))
                .fetch()
                .rowsUpdated();
    }

    @Override
    public Mono<Long> remaining(DatabaseClient client, TenantKeys keys) {
        EarlierIndexes earlier = EarlierIndexes.after(keys, null);
        return client.sql("""
                        select count(*) from unnest($2::bytea[], $3::bytea[]) as r (low, high)
                        join aval.api_key_recipient x on x.tenant_id = $1 and x.number_index > r.low and x.number_index <= r.high""")
                .bind(0, keys.tenant().value())
                .bind(1, earlier.lows())
                .bind(2, earlier.highs())
                .mapValue(Long.class)
                .one();
    }
}
