// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.limit.store;

import eu.aval.server.tenant.PlatformDatabase;
import eu.aval.server.tenant.Sweep;
import org.springframework.stereotype.Component;

/** Counters whose time is over: blocks of numbers after two hours, days after 100 days, months after 14 months. */
@Component
class OldUsage extends Sweep {

    OldUsage(PlatformDatabase database) {
        super(database, "Deleting old counters", """
                delete from aval.usage where ctid = any(array(
                  select u.ctid
                  from (values ('BLOCK', interval '2 hours'), ('KEY', interval '100 days'), ('DAY', interval '100 days'),
                      ('MONTH', interval '14 months')) as k(kind, age)
                  join aval.usage u on u.kind = k.kind and u.starts_at < now() - k.age
                  limit $1))""");
    }
}
