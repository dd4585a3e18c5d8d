// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.store;

import eu.aval.server.encryption.KeysetStore.Kind;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.tenant.KeyedColumns;
import java.nio.ByteBuffer;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Keys of idempotency and what they stand for: nothing to compute them from is kept, and they end within days. */
@Component
class IdempotencyHashes implements KeyedColumns {

    @Override
    public String name() {
        return "idempotency-keys";
    }

    @Override
    public Set<String> columns() {
        return Set.of("idempotency.key_hash", "idempotency.fingerprint");
    }

    @Override
    public Kind kind() {
        return Kind.PRF;
    }

    @Override
    public Owner owner() {
        return Owner.TENANT;
    }

    @Override
    public Mono<Batch> carry(DatabaseClient client, TenantKeys keys, @Nullable String position, int limit) {
        return Mono.just(Batch.NOTHING);
    }

    /** Both are made in one transaction, so under one key. */
    @Override
    public Mono<Long> remaining(DatabaseClient client, TenantKeys keys) {
        return client.sql("""
                        select count(*) from aval.idempotency
                        where tenant_id = $1 and substring(key_hash from 1 for %d) <> $2""".formatted(TenantKeys.INDEX_PREFIX_LENGTH))
                .bind(0, keys.tenant().value())
                .bind(1, ByteBuffer.wrap(keys.indexPrefix()))
                .mapValue(Long.class)
                .one();
    }
}
