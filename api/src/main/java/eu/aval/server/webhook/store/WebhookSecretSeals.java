// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.webhook.store;

import eu.aval.server.tenant.SealedColumn;
import org.springframework.stereotype.Component;

/** Secrets that sign webhooks. */
@Component
class WebhookSecretSeals extends SealedColumn {

    WebhookSecretSeals() {
        super("webhook-secrets", Owner.TENANT, "webhook_secret", "secret_sealed", "tenant_id = $1");
    }
}
