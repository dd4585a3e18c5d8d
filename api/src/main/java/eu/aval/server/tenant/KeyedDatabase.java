// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.tenant;

import eu.aval.server.encryption.Keys;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.shared.TenantId;
import java.util.function.BiFunction;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * {@link TenantDatabase} together with the tenant's keys, which are those of the database from the beginning of the
 * transaction to its end. What is written under them is found by whoever looks next, also while keys rotate.
 */
@Component
public class KeyedDatabase {

    private static final int ATTEMPTS = 8;

    private final TenantDatabase database;
    private final Keys keys;

    KeyedDatabase(TenantDatabase database, Keys keys) {
        this.database = database;
        this.keys = keys;
    }

    /** Like {@link TenantDatabase#in}; starts again with newer keys if those at hand are not the database's. */
    public <T> Mono<T> in(TenantId tenant, BiFunction<DatabaseClient, TenantKeys, Mono<T>> work) {
        return Mono.defer(() -> keys.of(tenant))
                .flatMap(own -> database.in(
                        tenant, client -> requireCurrent(client, own).then(Mono.defer(() -> work.apply(client, own)))))
                .retryWhen(Retry.max(ATTEMPTS)
                        .filter(StaleKeys.class::isInstance)
                        .doBeforeRetryAsync(again -> keys.refresh(tenant).then())
                        .onRetryExhaustedThrow((spec, signal) -> signal.failure()));
    }

    /**
     * For a transaction of {@link TenantDatabase} that brought keys of its own.
     *
     * @return an error {@link StaleKeys} if the database has other versions; then refresh and start again
     */
    public static Mono<Void> requireCurrent(DatabaseClient client, TenantKeys keys) {
        return client.sql("""
                        select coalesce(max(version) filter (where kind = 'AEAD'), 0) as aead,
                          coalesce(max(version) filter (where kind = 'PRF'), 0) as prf
                        from aval.keyset where tenant_id = $1""")
                .bind(0, keys.tenant().value())
                .map(row -> {
                    Integer aead = row.get("aead", Integer.class);
                    Integer prf = row.get("prf", Integer.class);
                    return aead != null && aead == keys.aeadVersion() && prf != null && prf == keys.prfVersion();
                })
                .one()
                .flatMap(current -> current ? Mono.empty() : Mono.error(new StaleKeys()));
    }
}
