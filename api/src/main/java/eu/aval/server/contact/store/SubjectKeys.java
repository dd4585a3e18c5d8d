// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.contact.store;

import eu.aval.server.encryption.KeysetStore.Kind;
import eu.aval.server.encryption.SealBroken;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.tenant.EarlierIndexes;
import eu.aval.server.tenant.KeyedColumns;
import eu.aval.server.tenant.Octets;
import io.r2dbc.spi.Readable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Keys of people, wrapped under the key of their tenant: what is sealed under them stays as it is. */
@Component
class SubjectKeys extends KeyedColumns {

    private static final Logger log = LoggerFactory.getLogger(SubjectKeys.class);

    @SuppressWarnings("ArrayRecordComponent")
    private record Row(UUID id, String position, byte @Nullable [] wrapped) {}

    SubjectKeys() {
        super("subject-keys", Set.of("subject_key.wrapped"), Kind.AEAD, Owner.TENANT);
    }

    /** By number, which an index orders within a tenant. */
    @Override
    public Mono<Batch> carry(DatabaseClient client, TenantKeys keys, @Nullable String position, int limit) {
        byte[] after = position == null ? new byte[0] : HexFormat.of().parseHex(position);
        return client.sql("""
                        select s.id, s.number_index, k.wrapped
                        from (
                          select id, number_index from aval.subject where tenant_id = $1 and number_index > $2
                          order by number_index limit $3) s
                        left join aval_keys.subject_key k on k.subject_id = s.id
                        order by s.number_index""")
                .bind(0, keys.tenant().value())
                .bind(1, ByteBuffer.wrap(after))
                .bind(2, limit)
                .map(SubjectKeys::row)
                .all()
                .collectList()
                .flatMap(page -> write(client, keys, page)
                        .map(carried -> new Batch(
                                page.size() < limit ? null : page.getLast().position(), carried)));
    }

    private static Row row(Readable row) {
        return new Row(
                Objects.requireNonNull(row.get("id", UUID.class)),
                EarlierIndexes.position(Objects.requireNonNull(row.get("number_index", ByteBuffer.class))),
                row.get("wrapped", byte[].class));
    }

    /** What was erased in the meantime is not there to be updated. */
    private static Mono<Long> write(DatabaseClient client, TenantKeys keys, List<Row> page) {
        byte[] prefix = keys.sealPrefix();
        List<UUID> ids = new ArrayList<>();
        List<byte[]> wrapped = new ArrayList<>();
        for (Row row : page) {
            byte[] earlier = row.wrapped();
            if (earlier == null || Arrays.equals(prefix, Arrays.copyOf(earlier, prefix.length))) {
                continue;
            }
            try {
                wrapped.add(keys.rewrap(row.id(), earlier));
                ids.add(row.id());
            } catch (SealBroken e) {
                log.error("The key of subject {} does not open", row.id());
            }
        }
        return ids.isEmpty()
                ? Mono.just(0L)
                : client.sql("""
                                update aval_keys.subject_key k set wrapped = o.wrapped
                                from unnest($2::uuid[], $3::bytea[]) as o (id, wrapped)
                                where k.subject_id = o.id and k.tenant_id = $1""")
                        .bind(0, keys.tenant().value())
                        .bind(1, ids.toArray(UUID[]::new))
                        .bind(2, Octets.arrayOf(wrapped))
                        .fetch()
                        .rowsUpdated();
    }

    /** Without those of people whose erasure has begun: nobody opens them any more. */
    @Override
    public Mono<Long> remaining(DatabaseClient client, TenantKeys keys) {
        return client.sql("""
                        select count(*) from aval_keys.subject_key k
                        where k.tenant_id = $1 and substring(k.wrapped from 1 for %d) <> $2
                          and exists (select from aval.subject s where s.id = k.subject_id and s.erased_at is null)""".formatted(TenantKeys.SEAL_PREFIX_LENGTH))
                .bind(0, keys.tenant().value())
                .bind(1, ByteBuffer.wrap(keys.sealPrefix()))
                .mapValue(Long.class)
                .one();
    }
}
