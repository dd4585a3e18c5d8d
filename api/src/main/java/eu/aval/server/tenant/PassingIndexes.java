// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.tenant;

import eu.aval.server.encryption.KeysetStore.Kind;
import eu.aval.server.encryption.TenantKeys;
import java.nio.ByteBuffer;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/**
 * Indexes of rows that end by themselves: nothing to compute them from is kept, so an earlier key stays as long as the last
 * of its rows.
 */
public abstract class PassingIndexes extends KeyedColumns {

    private final String remaining;

    /**
     * @param column of {@code table}: the one that is counted. The others are never under an earlier key than it
     * @param columns all of them, as {@code table.column}
     */
    protected PassingIndexes(String name, String table, String column, Set<String> columns) {
        super(name, columns, Kind.PRF, Owner.TENANT);
        this.remaining = "select count(*) from aval." + table + " where tenant_id = $1 and substring(" + column
                + " from 1 for " + TenantKeys.INDEX_PREFIX_LENGTH + ") <> $2";
    }

    @Override
    public final Mono<Batch> carry(DatabaseClient client, TenantKeys keys, @Nullable String position, int limit) {
        return Mono.just(Batch.NOTHING);
    }

    @Override
    public final Mono<Long> remaining(DatabaseClient client, TenantKeys keys) {
        return client.sql(remaining)
                .bind(0, keys.tenant().value())
                .bind(1, ByteBuffer.wrap(keys.indexPrefix()))
                .mapValue(Long.class)
                .one();
    }
}
