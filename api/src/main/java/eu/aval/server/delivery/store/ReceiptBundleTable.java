// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.delivery.store;

import eu.aval.server.delivery.store.ReceiptRows.Bundle;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.tenant.StaleKeys;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** {@code receipt_bundle}: what is acknowledged and not applied yet. */
@Component
public class ReceiptBundleTable {

    /**
     * Keeps a bundle, in a statement that needs no transaction around it.
     *
     * @param platform the keys it is sealed under
     * @return an error {@link StaleKeys} if the database has others; nothing is kept then
     */
    public Mono<Void> keep(DatabaseClient client, TenantKeys platform, Bundle bundle) {
        return client.sql("select aval.keep_receipts($1, $2, $3, $4) as kept")
                .bind(0, platform.tenant().value())
                .bind(1, platform.aeadVersion())
                .bind(2, bundle.id())
                .bind(3, bundle.eventsSealed())
                .map(row -> ReceiptTable.required(row, "kept", Boolean.class))
                .one()
                .flatMap(
                        kept -> kept ? Mono.<Void>empty() : Mono.<Void>error(new StaleKeys(Set.of(platform.tenant()))));
    }

    /** Bundles with ids between these two. */
    public Mono<List<Bundle>> left(DatabaseClient client, UUID after, UUID before, int atMost) {
        return client.sql("""
                        select id, events_sealed from aval.receipt_bundle
                        where id > $1 and id < $2 order by id limit $3""")
                .bind(0, after)
                .bind(1, before)
                .bind(2, atMost)
                .map(row -> new Bundle(
                        ReceiptTable.required(row, "id", UUID.class),
                        ReceiptTable.required(row, "events_sealed", ByteBuffer.class)))
                .all()
                .collectList();
    }

    /** After what is in them is applied, or in the same transaction. */
    public Mono<Void> delete(DatabaseClient client, Collection<UUID> ids) {
        return ids.isEmpty()
                ? Mono.empty()
                : client.sql("delete from aval.receipt_bundle where id = any($1)")
                        .bind(0, ids.toArray(UUID[]::new))
                        .then();
    }

    public Mono<Long> deleteBefore(DatabaseClient client, UUID id) {
        return client.sql("delete from aval.receipt_bundle where id < $1")
                .bind(0, id)
                .fetch()
                .rowsUpdated();
    }
}
