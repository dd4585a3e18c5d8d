// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access.store;

import static eu.aval.server.access.store.ApiKeyRows.required;
import static java.nio.charset.StandardCharsets.UTF_8;

import eu.aval.server.encryption.KeysetStore.Kind;
import eu.aval.server.encryption.SealBroken;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.tenant.KeyedColumns;
import eu.aval.server.tenant.Octets;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** What issuers know people by: the index is computed anew from what is sealed. */
@Component
class OperatorIdentityIndexes extends KeyedColumns {

    private static final Logger log = LoggerFactory.getLogger(OperatorIdentityIndexes.class);
    private static final UUID BEFORE_ALL = new UUID(0, 0);

    @SuppressWarnings("ArrayRecordComponent")
    private record Row(UUID id, String issuer, byte[] sealed) {}

    OperatorIdentityIndexes() {
        super("operator-subject-indexes", Set.of("operator_identity.subject_index"), Kind.PRF, Owner.PLATFORM);
    }

    @Override
    public Mono<Batch> carry(DatabaseClient client, TenantKeys keys, @Nullable String position, int limit) {
        return client.sql("""
                        select id, issuer, subject_sealed from aval.operator_identity
                        where id > $1 and substring(subject_index from 1 for %d) <> $2
                        order by id limit $3 for update skip locked""".formatted(TenantKeys.INDEX_PREFIX_LENGTH))
                .bind(0, position == null ? BEFORE_ALL : UUID.fromString(position))
                .bind(1, ByteBuffer.wrap(keys.indexPrefix()))
                .bind(2, limit)
                .map(row -> new Row(
                        required(row, "id", UUID.class),
                        required(row, "issuer", String.class),
                        required(row, "subject_sealed", byte[].class)))
                .all()
                .collectList()
                .flatMap(page -> write(client, keys, page)
                        .map(carried -> new Batch(
                                page.size() < limit ? null : page.getLast().id().toString(), carried)));
    }

    private static Mono<Long> write(DatabaseClient client, TenantKeys keys, List<Row> page) {
        List<UUID> ids = new ArrayList<>();
        List<byte[]> indexes = new ArrayList<>();
        for (Row row : page) {
            try {
                indexes.add(OperatorIdentityRows.index(
                        keys,
                        row.issuer(),
                        new String(OperatorIdentityRows.open(keys, row.id(), row.sealed()), UTF_8)));
                ids.add(row.id());
            } catch (SealBroken e) {
                log.error("operator_identity {} does not open", row.id());
            }
        }
        return ids.isEmpty()
                ? Mono.just(0L)
                : client.sql("""
                                update aval.operator_identity i set subject_index = o.subject_index
                                from unnest($1::uuid[], $2::bytea[]) as o (id, subject_index) where i.id = o.id""")
                        .bind(0, ids.toArray(UUID[]::new))
                        .bind(1, Octets.arrayOf(indexes))
                        .fetch()
                        .rowsUpdated();
    }

    @Override
    public Mono<Long> remaining(DatabaseClient client, TenantKeys keys) {
        return client.sql(
                        "select count(*) from aval.operator_identity where substring(subject_index from 1 for %d) <> $1"
                                .formatted(TenantKeys.INDEX_PREFIX_LENGTH))
                .bind(0, ByteBuffer.wrap(keys.indexPrefix()))
                .mapValue(Long.class)
                .one();
    }
}
