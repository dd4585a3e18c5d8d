// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.store;

import eu.aval.server.tenant.PassingIndexes;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Keys of idempotency and what they stand for. They end within days, and both are made in one transaction, so under one key. */
@Component
class IdempotencyHashes extends PassingIndexes {

    IdempotencyHashes() {
        super("idempotency-keys", "idempotency", "key_hash", Set.of("idempotency.key_hash", "idempotency.fingerprint"));
    }
}
