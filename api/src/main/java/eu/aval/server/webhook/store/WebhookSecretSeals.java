// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.webhook.store;

import eu.aval.server.encryption.KeysetStore.Kind;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.tenant.KeyedColumns;
import eu.aval.server.tenant.SealedColumn;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Secrets that sign webhooks. */
@Component
class WebhookSecretSeals implements KeyedColumns {

    private static final SealedColumn COLUMN = new SealedColumn("webhook_secret", "secret_sealed", "tenant_id = $1");

    @Override
    public String name() {
        return "webhook-secrets";
    }

    @Override
    public Set<String> columns() {
        return Set.of("webhook_secret.secret_sealed");
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
