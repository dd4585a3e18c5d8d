// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.account;

import eu.aval.server.carrier.store.AccountRows;
import eu.aval.server.encryption.KeysetStore.Kind;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.tenant.KeyedColumns;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Secrets of accounts that were given as values. The account stays as it is, and open. */
@Component
class SealedSecrets extends KeyedColumns {

    private static final UUID BEFORE_ALL = new UUID(0, 0);

    private final AccountRows rows;

    SealedSecrets(AccountRows rows) {
        super("account-secrets", Set.of("carrier_account.secrets"), Kind.AEAD, Owner.PLATFORM);
        this.rows = rows;
    }

    @Override
    public Mono<Batch> carry(DatabaseClient client, TenantKeys keys, @Nullable String position, int limit) {
        UUID after = position == null ? BEFORE_ALL : UUID.fromString(position);
        return rows.secretsAfter(client, after, limit)
                .flatMap(page -> Flux.fromIterable(page.entrySet())
                        .concatMap(account -> carry(client, keys, account.getKey(), account.getValue()))
                        .reduce(0L, Long::sum)
                        .map(carried -> new Batch(
                                page.size() < limit
                                        ? null
                                        : page.keySet().stream()
                                                .reduce(after, (one, next) -> next)
                                                .toString(),
                                carried)));
    }

    private Mono<Long> carry(DatabaseClient client, TenantKeys keys, UUID account, Map<String, String> stored) {
        Map<String, String> carried = new HashMap<>(stored);
        carried.replaceAll((name, value) -> AccountSecrets.isUnderEarlierKey(keys, value)
                ? AccountSecrets.reseal(keys, account, name, value)
                : value);
        return carried.equals(stored)
                ? Mono.just(0L)
                : rows.reseal(client, account, carried).thenReturn(1L);
    }

    @Override
    public Mono<Long> remaining(DatabaseClient client, TenantKeys keys) {
        return rows.secrets(client)
                .map(all -> all.values().stream()
                        .flatMap(secrets -> secrets.values().stream())
                        .filter(value -> AccountSecrets.isUnderEarlierKey(keys, value))
                        .count());
    }
}
