// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access.store;

import eu.aval.server.encryption.KeysetStore.Kind;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.tenant.KeyedColumns;
import java.nio.ByteBuffer;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Hashes of credentials. One comes over when its credential is used; the earlier key stays as long as one that works has
 * not been.
 */
@Component
class CredentialHashes extends KeyedColumns {

    CredentialHashes() {
        super("credentials", Set.of("api_key.hash", "operator_token.hash"), Kind.PRF, Owner.PLATFORM);
    }

    @Override
    public Mono<Batch> carry(DatabaseClient client, TenantKeys keys, @Nullable String position, int limit) {
        return Mono.just(Batch.NOTHING);
    }

    @Override
    public Mono<Long> remaining(DatabaseClient client, TenantKeys keys) {
        return client.sql("""
                        select count(*) from (
                          select hash, revoked_at, expires_at from aval.api_key
                          union all
                          select hash, revoked_at, expires_at from aval.operator_token) as credential
                        where revoked_at is null and (expires_at is null or expires_at > now())
                          and substring(hash from 1 for %d) <> $1""".formatted(TenantKeys.INDEX_PREFIX_LENGTH))
                .bind(0, ByteBuffer.wrap(keys.indexPrefix()))
                .mapValue(Long.class)
                .one();
    }
}
