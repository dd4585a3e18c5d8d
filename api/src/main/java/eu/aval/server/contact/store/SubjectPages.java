// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.contact.store;

import eu.aval.server.contact.Subject;
import eu.aval.server.contact.Subjects.Page;
import eu.aval.server.encryption.SealBroken;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.tenant.EarlierIndexes;
import io.r2dbc.spi.Readable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/**
 * Pages of the people of a tenant in the order of their index, opened and locked. Who is locked by somebody else is left
 * out, so that nobody waits and nobody is waited for.
 */
final class SubjectPages {

    private static final Logger log = LoggerFactory.getLogger(SubjectPages.class);
    private static final byte[] ABOVE_ALL = HexFormat.of().parseHex("ff".repeat(TenantKeys.INDEX_LENGTH + 1));

    private static final String SQL = """
            select s.id, s.number_index, s.number_sealed, s.country, k.wrapped
            from unnest($2::bytea[], $3::bytea[]) as r (low, high)
            cross join lateral (
              select id, number_index, number_sealed, country from aval.subject
              where tenant_id = $1 and number_index > r.low and number_index <= r.high
              order by number_index limit $4 for update skip locked) s
            left join aval_keys.subject_key k on k.subject_id = s.id
            order by s.number_index limit $4""";

    @SuppressWarnings("ArrayRecordComponent")
    private record Row(
            UUID id,
            String position,
            byte @Nullable [] number,
            @Nullable String country,
            byte @Nullable [] wrapped) {}

    private SubjectPages() {}

    /** Everybody. */
    static Mono<Page> after(DatabaseClient client, TenantKeys keys, @Nullable String position, int limit) {
        byte[] low = position == null ? new byte[0] : HexFormat.of().parseHex(position);
        return read(client, keys, new byte[][] {low}, new byte[][] {ABOVE_ALL}, limit);
    }

    /** Those whose index lies in these ranges. */
    static Mono<Page> within(DatabaseClient client, TenantKeys keys, EarlierIndexes ranges, int limit) {
        return read(client, keys, ranges.lows(), ranges.highs(), limit);
    }

    private static Mono<Page> read(DatabaseClient client, TenantKeys keys, byte[][] lows, byte[][] highs, int limit) {
        return client.sql(SQL)
                .bind(0, keys.tenant().value())
                .bind(1, lows)
                .bind(2, highs)
                .bind(3, limit)
                .map(SubjectPages::row)
                .all()
                .collectList()
                .map(rows -> new Page(
                        opened(keys, rows),
                        rows.size() < limit ? null : rows.getLast().position()));
    }

    private static Row row(Readable row) {
        return new Row(
                Objects.requireNonNull(row.get("id", UUID.class)),
                EarlierIndexes.position(Objects.requireNonNull(row.get("number_index", ByteBuffer.class))),
                row.get("number_sealed", byte[].class),
                row.get("country", String.class),
                row.get("wrapped", byte[].class));
    }

    private static List<Subject> opened(TenantKeys keys, List<Row> rows) {
        List<Subject> subjects = new ArrayList<>(rows.size());
        for (Row row : rows) {
            byte[] number = row.number();
            byte[] wrapped = row.wrapped();
            if (number == null || wrapped == null) {
                continue;
            }
            try {
                subjects.add(Subject.open(
                        keys.tenant(),
                        keys.subjectKey(row.id(), wrapped),
                        number,
                        Objects.requireNonNullElse(row.country(), "ZZ")));
            } catch (SealBroken e) {
                log.error("Subject {} does not open", row.id());
            }
        }
        return subjects;
    }
}
