// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.inbound.store;

import eu.aval.server.tenant.PlatformDatabase;
import eu.aval.server.tenant.Sweep;
import org.springframework.stereotype.Component;

/** Messages in parts that were handed on an hour ago: a part that comes again later than that is a new one. */
@Component
public class FinishedAssemblies extends Sweep {

    FinishedAssemblies(PlatformDatabase database) {
        super(database, "Deleting parts that were put together", """
                delete from aval.inbound_assembly where id = any(array(
                  select id from aval.inbound_assembly where finished_at < now() - interval '1 hour' limit $1
                  for update skip locked))""");
    }
}
