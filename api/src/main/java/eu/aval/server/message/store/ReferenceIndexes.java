// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.store;

import eu.aval.server.encryption.AssociatedData;
import eu.aval.server.encryption.SealBroken;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.tenant.EarlierIndexes;
import eu.aval.server.tenant.IndexColumn;
import eu.aval.server.tenant.Octets;
import io.r2dbc.spi.Readable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** References of applications: the index is computed anew from the sealed reference. */
@Component
class ReferenceIndexes extends IndexColumn {

    private static final Logger log = LoggerFactory.getLogger(ReferenceIndexes.class);
    private static final UUID ABOVE_ALL = new UUID(-1, -1);

    /** In the order of the index: of one reference the newest first. */
    private static final String NEXT = """
            select m.id, m.reference_index, m.subject_id, m.reference_sealed, k.wrapped
            from unnest($2::bytea[], $3::bytea[]) as r (low, high)
            cross join lateral (
              select id, reference_index, subject_id, reference_sealed from aval.message
              where tenant_id = $1 and reference_index >= r.low and reference_index <= r.high
                and (reference_index > r.low or id < $4)
              order by reference_index, id desc limit $5 for update skip locked) m
            left join aval_keys.subject_key k on k.subject_id = m.subject_id
            order by m.reference_index, m.id desc limit $5""";

    @SuppressWarnings("ArrayRecordComponent")
    private record Row(
            UUID id, String position, UUID subjectId, byte @Nullable [] reference, byte @Nullable [] wrapped) {}

    ReferenceIndexes() {
        super("message-references", "message", "reference_index");
    }

    @Override
    public Mono<Batch> carry(DatabaseClient client, TenantKeys keys, @Nullable String position, int limit) {
        int slash = position == null ? -1 : position.indexOf('/');
        EarlierIndexes earlier = EarlierIndexes.after(keys, position == null ? null : position.substring(0, slash));
        return client.sql(NEXT)
                .bind(0, keys.tenant().value())
                .bind(1, earlier.lows())
                .bind(2, earlier.highs())
                .bind(3, position == null ? ABOVE_ALL : UUID.fromString(position.substring(slash + 1)))
                .bind(4, limit)
                .map(ReferenceIndexes::row)
                .all()
                .collectList()
                .flatMap(page -> write(client, keys, page)
                        .map(carried -> new Batch(
                                page.size() < limit ? null : page.getLast().position(), carried)));
    }

    private static Row row(Readable row) {
        UUID id = Objects.requireNonNull(row.get("id", UUID.class));
        ByteBuffer index = Objects.requireNonNull(row.get("reference_index", ByteBuffer.class));
        return new Row(
                id,
                EarlierIndexes.position(index) + "/" + id,
                Objects.requireNonNull(row.get("subject_id", UUID.class)),
                row.get("reference_sealed", byte[].class),
                row.get("wrapped", byte[].class));
    }

    private static Mono<Long> write(DatabaseClient client, TenantKeys keys, List<Row> page) {
        List<UUID> ids = new ArrayList<>();
        List<byte[]> indexes = new ArrayList<>();
        for (Row row : page) {
            byte[] reference = row.reference();
            byte[] wrapped = row.wrapped();
            if (reference == null || wrapped == null) {
                continue;
            }
            try {
                byte[] opened = keys.subjectKey(row.subjectId(), wrapped)
                        .open(reference, new AssociatedData(keys.tenant(), "message", "reference_sealed", row.id()));
                indexes.add(keys.index(MessageRows.REFERENCE, opened));
                ids.add(row.id());
            } catch (SealBroken e) {
                log.error("The reference of message {} does not open", row.id());
            }
        }
        return ids.isEmpty()
                ? Mono.just(0L)
                : client.sql("""
                                update aval.message m set reference_index = o.reference_index
                                from unnest($2::uuid[], $3::bytea[]) as o (id, reference_index)
                                where m.id = o.id and m.id = any($2) and m.tenant_id = $1""")
                        .bind(0, keys.tenant().value())
                        .bind(1, ids.toArray(UUID[]::new))
                        .bind(2, Octets.arrayOf(indexes))
                        .fetch()
                        .rowsUpdated();
    }
}
