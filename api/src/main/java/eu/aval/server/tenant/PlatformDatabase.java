// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.tenant;

import io.r2dbc.spi.ConnectionFactory;
import java.util.function.Function;
import org.springframework.r2dbc.connection.R2dbcTransactionManager;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Mono;

/**
 * The way into the database across tenants, under the platform role: dispatch, receipts, administration, key checks. Not
 * for anything that serves one tenant's request: that is {@link TenantDatabase}. Detached from its subscriber like it.
 */
public final class PlatformDatabase {

    private final DatabaseClient client;
    private final TransactionalOperator transaction;

    private PlatformDatabase(DatabaseClient client, TransactionalOperator transaction) {
        this.client = client;
        this.transaction = transaction;
    }

    static PlatformDatabase on(ConnectionFactory connections) {
        return new PlatformDatabase(
                DatabaseClient.create(connections),
                TransactionalOperator.create(new R2dbcTransactionManager(connections)));
    }

    /** Runs {@code work} in one transaction, committed when it completes and rolled back when it fails. */
    public <T> Mono<T> in(Function<DatabaseClient, Mono<T>> work) {
        return Detached.from(Mono.defer(
                () -> work.apply(client).as(transaction::transactional).onErrorMap(StoreFailures::translate)));
    }

    /**
     * Runs one statement, which is a transaction of its own: half the round trips of {@link #in}. What needs two statements
     * to be true needs that.
     */
    public <T> Mono<T> atOnce(Function<DatabaseClient, Mono<T>> statement) {
        return Detached.from(Mono.defer(() -> statement.apply(client).onErrorMap(StoreFailures::translate)));
    }
}
