// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.tenant;

import io.r2dbc.spi.ConnectionFactory;
import java.util.function.Function;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/**
 * The way into the database across tenants, under the platform role: dispatch, receipts, administration, key checks. Not
 * for anything that serves one tenant's request: that is {@link TenantDatabase}. Detached from its subscriber like it.
 */
public final class PlatformDatabase {

    private final Transactions transactions;

    private PlatformDatabase(Transactions transactions) {
        this.transactions = transactions;
    }

    static PlatformDatabase on(ConnectionFactory connections) {
        return new PlatformDatabase(new Transactions(connections));
    }

    /**
     * Runs {@code work} in one transaction, committed when it completes and rolled back when it fails.
     *
     * @param work is run again if PostgreSQL has ended it because it and another waited for each other
     */
    public <T> Mono<T> in(Function<DatabaseClient, Mono<T>> work) {
        return transactions.run("begin", work).onErrorMap(StoreFailures::translate);
    }

    /**
     * Runs one statement, which is a transaction of its own: half the round trips of {@link #in}. What needs two statements
     * to be true needs that.
     */
    public <T> Mono<T> atOnce(Function<DatabaseClient, Mono<T>> statement) {
        return transactions.atOnce(statement).onErrorMap(StoreFailures::translate);
    }
}
