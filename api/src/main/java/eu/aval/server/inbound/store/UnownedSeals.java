// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.inbound.store;

import eu.aval.server.encryption.KeysetStore.Kind;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.tenant.KeyedColumns;
import eu.aval.server.tenant.SealedColumn;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** What a short code or a name wrote to us: no person whose key could seal it. */
@Component
class UnownedSeals implements KeyedColumns {

    private static final SealedColumn COLUMN =
            new SealedColumn("inbound_message", "text_sealed", "tenant_id = $1 and subject_id is null");

    @Override
    public String name() {
        return "unowned-inbound-messages";
    }

    @Override
    public Set<String> columns() {
        return Set.of("inbound_message.text_sealed");
    }

    @Override
    public Kind kind() {
        return Kind.AEAD;
    }

    @Override
    public Owner owner() {
        return Owner.TENANT;
    }

    @Override
    public Mono<Batch> carry(DatabaseClient client, TenantKeys keys, @Nullable String position, int limit) {
        return COLUMN.carry(client, keys, position, limit);
    }

    @Override
    public Mono<Long> remaining(DatabaseClient client, TenantKeys keys) {
        return COLUMN.remaining(client, keys);
    }
}
