// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.tenant;

import eu.aval.server.shared.TenantId;
import io.r2dbc.spi.ConnectionFactory;
import java.util.function.Function;
import org.springframework.r2dbc.connection.R2dbcTransactionManager;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.reactive.TransactionalOperator;
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

    private static final String BEGIN = "select set_config('aval.tenant', $1, true), " + KeyLock.SHARED;

    private final DatabaseClient client;
    private final TransactionalOperator transaction;

    private TenantDatabase(DatabaseClient client, TransactionalOperator transaction) {
        this.client = client;
        this.transaction = transaction;
    }

    static TenantDatabase on(ConnectionFactory connections) {
        return new TenantDatabase(
                DatabaseClient.create(connections),
                TransactionalOperator.create(new R2dbcTransactionManager(connections)));
    }

    /**
     * Runs {@code work} in one transaction of {@code tenant}, committed when it completes and rolled back when it fails.
     * One statement at a time: an R2DBC connection runs no two. A database that cannot be reached is a {@code Problem} of
     * type STORE_UNAVAILABLE, within about 3 s; whether a commit that was under way is done is then unknown.
     */
    public <T> Mono<T> in(TenantId tenant, Function<DatabaseClient, Mono<T>> work) {
        return Detached.from(Mono.defer(() -> client.sql(BEGIN)
                .bind(0, tenant.toString())
                .then()
                .then(work.apply(client))
                .as(transaction::transactional)
                .onErrorMap(StoreFailures::translate)));
    }
}
