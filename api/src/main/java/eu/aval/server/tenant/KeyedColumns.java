// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.tenant;

import eu.aval.server.encryption.KeysetStore.Kind;
import eu.aval.server.encryption.TenantKeys;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/**
 * A feature that keeps values made by {@link TenantKeys#seal} or {@link TenantKeys#index} says so by a bean of this type:
 * which columns, and how their values come under the key that is written with now. A test compares the columns with
 * {@code schema/database/classification.yaml} and with the live database: a value that nobody carries over would be lost,
 * or would keep a key from ever being destroyed.
 *
 * <p>Both methods run in a transaction of the platform's role that holds the keys: see {@link KeyedDatabase#hold}.
 */
public interface KeyedColumns {

    /** Whose keys they are under. */
    enum Owner {
        /** Of the tenant that the row belongs to. */
        TENANT,
        /** Of the platform. */
        PLATFORM
    }

    /**
     * What a batch did.
     *
     * @param position where the next one begins; null after the last
     * @param carried how many values are now under the primary key
     */
    record Batch(@Nullable String position, long carried) {

        public static final Batch NOTHING = new Batch(null, 0);
    }

    /** Stable name, unique: progress is noted under it. */
    String name();

    /** The columns it answers for, as {@code table.column}. */
    Set<String> columns();

    Kind kind();

    Owner owner();

    /**
     * Carries over what it can of the next rows after {@code position}. Rows that somebody else has locked are left for
     * another pass; what cannot be carried over at all has to go by itself.
     *
     * @param position null at the beginning
     * @param limit how many rows at most
     */
    Mono<Batch> carry(DatabaseClient client, TenantKeys keys, @Nullable String position, int limit);

    /** How many values are not under the primary key. None is the proof that the other keys can be destroyed. */
    Mono<Long> remaining(DatabaseClient client, TenantKeys keys);
}
