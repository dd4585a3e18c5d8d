// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.contact.store;

import eu.aval.server.contact.KeptNumbers;
import eu.aval.server.contact.Subjects;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.tenant.Octets;
import java.util.List;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Whom team keys may write to. Only an index is kept of them, so a number comes over once its person is known; until then
 * the earlier key stays, or until the team key is revoked.
 */
@Component
class RecipientIndexes extends KeptNumbers {

    RecipientIndexes(Subjects subjects) {
        super(subjects, "api-key-recipients", "api_key_recipient", "number_index");
    }

    /** Recipients are kept as long as their key is in use. */
    @Override
    protected Mono<Void> dropUnused(DatabaseClient client, TenantKeys keys) {
        return client.sql("""
                        delete from aval.api_key_recipient r
                        where ctid = any(array(
                          select r.ctid from aval.api_key_recipient r join aval.api_key k on k.id = r.api_key_id
                          where r.tenant_id = $1 and (k.revoked_at is not null or k.expires_at <= now())
                          for update of r skip locked))""").bind(0, keys.tenant().value()).then();
    }

    @Override
    protected Mono<Long> write(DatabaseClient client, TenantKeys keys, List<KeptNumber> numbers) {
        return client.sql("""
                        update aval.api_key_recipient r set number_index = o.next
                        from unnest($2::bytea[], $3::bytea[]) as o (earlier, next)
                        where r.tenant_id = $1 and r.number_index = o.earlier""")
                .bind(0, keys.tenant().value())
                .bind(1, Octets.array(numbers.stream().map(KeptNumber::earlier).toList()))
                .bind(2, Octets.array(numbers.stream().map(KeptNumber::next).toList()))
                .fetch()
                .rowsUpdated();
    }
}
