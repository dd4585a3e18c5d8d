// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.tenant;

import eu.aval.server.encryption.AssociatedData;
import eu.aval.server.encryption.KeysetStore.Kind;
import eu.aval.server.encryption.SealBroken;
import eu.aval.server.encryption.TenantKeys;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/**
 * A column of values sealed under a keyset, in a table of {@code aval} whose rows have an {@code id}. A feature that has
 * one makes a bean of it.
 */
public abstract class SealedColumn extends KeyedColumns {

    private static final Logger log = LoggerFactory.getLogger(SealedColumn.class);
    private static final UUID BEFORE_ALL = new UUID(0, 0);

    @SuppressWarnings("ArrayRecordComponent")
    private record Row(UUID id, byte[] sealed) {}

    private final String table;
    private final String column;
    private final String condition;

    /**
     * @param name see {@link #name()}
     * @param table without its schema
     * @param condition which rows are the owner's, an expression of {@code $1}, its id
     */
    protected SealedColumn(String name, Owner owner, String table, String column, String condition) {
        super(name, Set.of(table + "." + column), Kind.AEAD, owner);
        this.table = table;
        this.column = column;
        this.condition = condition;
    }

    @Override
    public final Mono<Batch> carry(DatabaseClient client, TenantKeys keys, @Nullable String position, int limit) {
        return client.sql("""
                        select id, %2$s as sealed from aval.%1$s
                        where %3$s and id > $2 and substring(%2$s from 1 for %4$d) <> $3
                        order by id limit $4 for update skip locked""".formatted(table, column, condition, TenantKeys.SEAL_PREFIX_LENGTH))
                .bind(0, keys.tenant().value())
                .bind(1, position == null ? BEFORE_ALL : UUID.fromString(position))
                .bind(2, ByteBuffer.wrap(keys.sealPrefix()))
                .bind(3, limit)
                .map(row -> new Row(
                        Objects.requireNonNull(row.get("id", UUID.class)),
                        Objects.requireNonNull(row.get("sealed", byte[].class))))
                .all()
                .collectList()
                .flatMap(page -> write(client, keys, page)
                        .map(carried -> new Batch(
                                page.size() < limit ? null : page.getLast().id().toString(), carried)));
    }

    private Mono<Long> write(DatabaseClient client, TenantKeys keys, List<Row> page) {
        List<UUID> ids = new ArrayList<>();
        List<byte[]> values = new ArrayList<>();
        for (Row row : page) {
            try {
                values.add(keys.reseal(row.sealed(), new AssociatedData(keys.tenant(), table, column, row.id())));
                ids.add(row.id());
            } catch (SealBroken e) {
                log.error("{} {} does not open", table, row.id());
            }
        }
        return ids.isEmpty()
                ? Mono.just(0L)
                : client.sql("""
                                update aval.%1$s t set %2$s = o.sealed
                                from unnest($1::uuid[], $2::bytea[]) as o (id, sealed) where t.id = o.id""".formatted(table, column))
                        .bind(0, ids.toArray(UUID[]::new))
                        .bind(1, Octets.arrayOf(values))
                        .fetch()
                        .rowsUpdated();
    }

    @Override
    public final Mono<Long> remaining(DatabaseClient client, TenantKeys keys) {
        return client.sql("select count(*) from aval.%1$s where %3$s and substring(%2$s from 1 for %4$d) <> $2"
                        .formatted(table, column, condition, TenantKeys.SEAL_PREFIX_LENGTH))
                .bind(0, keys.tenant().value())
                .bind(1, ByteBuffer.wrap(keys.sealPrefix()))
                .mapValue(Long.class)
                .one();
    }
}
