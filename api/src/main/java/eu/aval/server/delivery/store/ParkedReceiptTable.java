// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.delivery.store;

import eu.aval.server.delivery.store.ReceiptRows.ParkedReceipt;
import io.r2dbc.spi.Readable;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Receipts that wait for their message. */
@Component
public class ParkedReceiptTable {

    private static final String INSERT = """
            insert into aval.parked_receipt (id, carrier_account_id, carrier_message_ids, event_sealed, received_at, expires_at)
            select id, account, string_to_array(ids, chr(31)), decode(event, 'hex'), received_at, expires_at
            from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[])
              as p(id, account, ids, event, received_at, expires_at)""";

    private static final String WAITING_FOR = """
            select id, carrier_account_id, carrier_message_ids, event_sealed, received_at, expires_at
            from aval.parked_receipt
            where carrier_message_ids && $1::text[] order by received_at, id for update skip locked""";

    private static final String SINCE = """
            select id, carrier_account_id, carrier_message_ids, event_sealed, received_at, expires_at
            from aval.parked_receipt
            where received_at >= $1 and id > $2 order by id limit $3 for update skip locked""";

    private static final String SEPARATOR = String.valueOf((char) 31);

    public Mono<Void> insert(DatabaseClient client, List<ParkedReceipt> rows) {
        return client.sql(INSERT)
                .bind(0, ReceiptTable.column(rows, ParkedReceipt::id, UUID[]::new))
                .bind(1, ReceiptTable.column(rows, ParkedReceipt::accountId, UUID[]::new))
                .bind(2, ReceiptTable.column(rows, row -> String.join(SEPARATOR, row.ids()), String[]::new))
                .bind(3, ReceiptTable.column(rows, row -> ReceiptTable.hex(row.eventSealed()), String[]::new))
                .bind(4, ReceiptTable.column(rows, row -> ReceiptTable.time(row.receivedAt()), OffsetDateTime[]::new))
                .bind(5, ReceiptTable.column(rows, row -> ReceiptTable.time(row.expiresAt()), OffsetDateTime[]::new))
                .then();
    }

    /** Those that wait for one of these ids; locked, and without those that somebody else looks at. */
    public Mono<List<ParkedReceipt>> waitingFor(DatabaseClient client, Collection<String> carrierMessageIds) {
        return client.sql(WAITING_FOR)
                .bind(0, carrierMessageIds.toArray(String[]::new))
                .map(ParkedReceiptTable::row)
                .all()
                .collectList();
    }

    /** Those that came since an instant; locked. */
    public Mono<List<ParkedReceipt>> since(DatabaseClient client, Instant since, UUID after, int atMost) {
        return client.sql(SINCE)
                .bind(0, since.atOffset(ZoneOffset.UTC))
                .bind(1, after)
                .bind(2, atMost)
                .map(ParkedReceiptTable::row)
                .all()
                .collectList();
    }

    public Mono<Void> delete(DatabaseClient client, Collection<UUID> ids) {
        return ids.isEmpty()
                ? Mono.empty()
                : client.sql("delete from aval.parked_receipt where id = any($1)")
                        .bind(0, ids.toArray(UUID[]::new))
                        .then();
    }

    public Mono<Long> deleteExpired(DatabaseClient client) {
        return client.sql("delete from aval.parked_receipt where expires_at <= now()")
                .fetch()
                .rowsUpdated();
    }

    public Mono<Boolean> any(DatabaseClient client) {
        return client.sql("select exists (select from aval.parked_receipt) as any_parked")
                .map(row -> ReceiptTable.required(row, "any_parked", Boolean.class))
                .one();
    }

    private static ParkedReceipt row(Readable row) {
        return new ParkedReceipt(
                ReceiptTable.required(row, "id", UUID.class),
                ReceiptTable.required(row, "carrier_account_id", UUID.class),
                List.of(ReceiptTable.required(row, "carrier_message_ids", String[].class)),
                ReceiptTable.required(row, "event_sealed", ByteBuffer.class),
                ReceiptTable.required(row, "received_at", Instant.class),
                ReceiptTable.required(row, "expires_at", Instant.class));
    }
}
