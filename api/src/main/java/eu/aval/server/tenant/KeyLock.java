// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.tenant;

import eu.aval.server.shared.TenantId;

/**
 * The lock between those who rely on a tenant's keysets and the one who changes them. Taken in a statement before the
 * one that reads: a statement that waits for a lock still sees what was there before it waited.
 */
public final class KeyLock {

    /** An expression of {@code $1}, the tenant's id as text. Any number may hold it. */
    public static final String SHARED = "pg_advisory_xact_lock_shared(hashtextextended('aval.keyset:' || $1, 0))";

    /** A statement: {@link #SHARED} for each of {@code $1}, tenants' ids as texts, in their order. */
    static final String SHARED_BY_EACH =
            "select " + SHARED.replace("$1", "id") + " from unnest($1::text[]) as owner (id)";

    /** An expression of {@code $1}, the tenant's id as text. Waits for all others, and they for it. */
    public static final String EXCLUSIVE = "pg_advisory_xact_lock(hashtextextended('aval.keyset:' || $1, 0))";

    /** A statement: the transactions that hold {@link #SHARED} of {@code $1}, the tenant's id as text. */
    static final String HOLDERS = """
            select l.virtualtransaction from pg_locks l
            where l.locktype = 'advisory' and l.granted and l.objsubid = 1
              and l.database = (select oid from pg_database where datname = current_database())
              and (l.classid::bigint << 32 | l.objid::bigint) = hashtextextended('aval.keyset:' || $1, 0)""";

    /** A statement: how many of {@code $2}, which were {@link #HOLDERS}, still are. A transaction has its name for itself. */
    static final String LEFT =
            "select count(*) from (" + HOLDERS + ") as holder where virtualtransaction = any($2::text[])";

    private KeyLock() {}

    /** {@link #SHARED} without a parameter: an id is digits and dashes. */
    static String shared(TenantId tenant) {
        return SHARED.replace("$1", "'" + tenant + "'");
    }
}
