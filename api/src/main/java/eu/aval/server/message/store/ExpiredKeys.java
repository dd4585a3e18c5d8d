// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.store;

import eu.aval.server.tenant.PlatformDatabase;
import eu.aval.server.tenant.Sweep;
import org.springframework.stereotype.Component;

/** Idempotency keys that have expired. Until they are gone they hold: a key lives a day, and up to ten minutes more. */
@Component
class ExpiredKeys extends Sweep {

    ExpiredKeys(PlatformDatabase database) {
        super(database, "Deleting expired idempotency keys", """
                delete from aval.idempotency where ctid = any(array(
                  select ctid from aval.idempotency where expires_at < now() limit $1))""");
    }
}
