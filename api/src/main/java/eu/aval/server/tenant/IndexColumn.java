// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.tenant;

import eu.aval.server.encryption.KeysetStore.Kind;
import eu.aval.server.encryption.TenantKeys;
import java.util.Set;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/**
 * A column of blind indexes that can be computed anew, in a table of {@code aval} that has an index of it by
 * {@code tenant_id}. A feature that has one makes a bean of it.
 */
public abstract class IndexColumn extends KeyedColumns {

    private final String table;
    private final String column;

    /**
     * @param name see {@link #name()}
     * @param table without its schema
     */
    protected IndexColumn(String name, String table, String column) {
        super(name, Set.of(table + "." + column), Kind.PRF, Owner.TENANT);
        this.table = table;
        this.column = column;
    }

    @Override
    public final Mono<Long> remaining(DatabaseClient client, TenantKeys keys) {
        EarlierIndexes earlier = EarlierIndexes.after(keys, null);
        return client.sql("""
                        select count(*) from unnest($2::bytea[], $3::bytea[]) as r (low, high)
                        join aval.%1$s x on x.tenant_id = $1 and x.%2$s > r.low and x.%2$s <= r.high""".formatted(table, column))
                .bind(0, keys.tenant().value())
                .bind(1, earlier.lows())
                .bind(2, earlier.highs())
                .mapValue(Long.class)
                .one();
    }
}
