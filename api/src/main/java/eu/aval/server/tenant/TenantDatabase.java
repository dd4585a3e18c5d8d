// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.tenant;

import eu.aval.server.shared.TenantId;
import io.r2dbc.spi.ConnectionFactory;
import java.util.function.Function;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/**
 * The way into the database for everything that belongs to one tenant: one transaction under the app role, which sees
 * the rows of that tenant only (forced row-level security, {@code aval.tenant} set for this transaction).
 *
 * <p>The work runs to its end whatever becomes of the subscriber: an HTTP client that goes away can neither roll back
 * what was done nor leave a transaction open on a pooled connection.
 *
 * <p>The keysets of the tenant do not change while it runs: see {@link KeyedDatabase}.
 */
public final class TenantDatabase {

    private final Transactions transactions;

    private TenantDatabase(Transactions transactions) {
        this.transactions = transactions;
    }

    static TenantDatabase on(ConnectionFactory connections) {
        return new TenantDatabase(new Transactions(connections));
    }

    /**
     * Runs {@code work} in one transaction of {@code tenant}, committed when it completes and rolled back when it fails.
     * One statement at a time: an R2DBC connection runs no two. A database that cannot be reached is a {@code Problem} of
     * type STORE_UNAVAILABLE, within about 3 s; whether a commit that was under way is done is then unknown.
     *
     * @param work is run again if PostgreSQL has ended it because it and another waited for each other
     */
    public <T> Mono<T> in(TenantId tenant, Function<DatabaseClient, Mono<T>> work) {
        return transactions.run(begin(tenant), work).onErrorMap(StoreFailures::translate);
    }

    /** The lock is taken before the first statement that reads. An id is digits and dashes: it needs no parameter. */
    private static String begin(TenantId tenant) {
        return "begin; select set_config('aval.tenant', '" + tenant + "', true), " + KeyLock.shared(tenant);
    }
}
