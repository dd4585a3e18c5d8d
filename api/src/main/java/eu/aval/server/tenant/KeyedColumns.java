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
 * <p>{@link #carry} and {@link #remaining} run in a transaction of the platform's role that holds the keys: see {@link KeyedDatabase#hold}.
 */
public abstract class KeyedColumns {

    /** Whose keys they are under. */
    public enum Owner {
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
    public record Batch(@Nullable String position, long carried) {

        public static final Batch NOTHING = new Batch(null, 0);
    }

    private final String name;
    private final Set<String> columns;
    private final Kind kind;
    private final Owner owner;

    /**
     * @param name stable and unique: progress is noted under it
     * @param columns those it answers for, as {@code table.column}
     */
    protected KeyedColumns(String name, Set<String> columns, Kind kind, Owner owner) {
        this.name = name;
        this.columns = columns;
        this.kind = kind;
        this.owner = owner;
    }

    public final String name() {
        return name;
    }

    public final Set<String> columns() {
        return columns;
    }

    public final Kind kind() {
        return kind;
    }

    public final Owner owner() {
        return owner;
    }

    /**
     * Carries over what it can of the next rows after {@code position}. Rows that somebody else has locked are left for
     * another pass; what cannot be carried over at all has to go by itself.
     *
     * @param position null at the beginning
     * @param limit how many rows at most
     */
    public abstract Mono<Batch> carry(DatabaseClient client, TenantKeys keys, @Nullable String position, int limit);

    /** How many values are not under the primary key. None is the proof that the other keys can be destroyed. */
    public abstract Mono<Long> remaining(DatabaseClient client, TenantKeys keys);
}
