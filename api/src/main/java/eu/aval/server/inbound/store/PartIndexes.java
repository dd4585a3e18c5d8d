// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.inbound.store;

import eu.aval.server.encryption.KeysetStore.Kind;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.tenant.KeyedColumns;
import java.nio.ByteBuffer;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Of messages in parts: found under the earlier keys for the hour and some minutes that they are there. */
@Component
class PartIndexes implements KeyedColumns {

    @Override
    public String name() {
        return "inbound-parts";
    }

    @Override
    public Set<String> columns() {
        return Set.of("inbound_assembly.group_index", "inbound_part.text_index");
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

    /** No part is older than what it belongs to, so none is under an earlier key. */
    @Override
    public Mono<Long> remaining(DatabaseClient client, TenantKeys keys) {
        return client.sql("""
                        select count(*) from aval.inbound_assembly
                        where tenant_id = $1 and substring(group_index from 1 for %d) <> $2""".formatted(TenantKeys.INDEX_PREFIX_LENGTH))
                .bind(0, keys.tenant().value())
                .bind(1, ByteBuffer.wrap(keys.indexPrefix()))
                .mapValue(Long.class)
                .one();
    }
}
