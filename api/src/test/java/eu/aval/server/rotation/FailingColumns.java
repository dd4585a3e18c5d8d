// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.rotation;

import eu.aval.server.encryption.KeysetStore.Kind;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.tenant.KeyedColumns;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/** Columns of a feature with a flaw. */
final class FailingColumns extends KeyedColumns {

    FailingColumns() {
        super("flaw", Set.of(), Kind.AEAD, Owner.TENANT);
    }

    @Override
    public Mono<Batch> carry(DatabaseClient client, TenantKeys keys, @Nullable String position, int limit) {
        return Mono.error(new UnsupportedOperationException("+33639980001"));
    }

    @Override
    public Mono<Long> remaining(DatabaseClient client, TenantKeys keys) {
        return Mono.just(0L);
    }
}
