// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.consent.store;

import eu.aval.server.contact.KeptNumbers;
import eu.aval.server.contact.Subjects;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.tenant.Octets;
import java.util.List;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * The suppression list. An entry comes over through its person, or through whoever has the number now. What an erasure
 * left behind cannot be computed anew: it stays under the key it was made with, which is looked up as long as it is there.
 */
@Component
class SuppressionIndexes extends KeptNumbers {

    SuppressionIndexes(Subjects subjects) {
        super(subjects, "suppressions", "suppression", "number_index");
    }

    /** Not where the same objection stands under the primary key already: it holds, and can stand once only. */
    @Override
    protected Mono<Long> write(DatabaseClient client, TenantKeys keys, List<KeptNumber> numbers) {
        return client.sql("""
                        update aval.suppression x
                        set number_index = o.next, subject_id = coalesce(x.subject_id, o.subject_id)
                        from unnest($2::uuid[], $3::bytea[], $4::bytea[]) as o (subject_id, earlier, next)
                        where x.tenant_id = $1 and x.number_index = o.earlier
                          and not exists (
                            select from aval.suppression other
                            where other.tenant_id = $1 and other.number_index = o.next
                              and other.sender = x.sender and other.message_class = x.message_class
                              and other.lifted_at is null and x.lifted_at is null)""")
                .bind(0, keys.tenant().value())
                .bind(1, numbers.stream().map(KeptNumber::subjectId).toArray(UUID[]::new))
                .bind(2, Octets.array(numbers.stream().map(KeptNumber::earlier).toList()))
                .bind(3, Octets.array(numbers.stream().map(KeptNumber::next).toList()))
                .fetch()
                .rowsUpdated();
    }
}
