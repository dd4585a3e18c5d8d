// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access.store;

import static eu.aval.server.access.store.ApiKeyRows.required;
import static java.nio.charset.StandardCharsets.UTF_8;

import eu.aval.server.access.OperatorIdentity;
import eu.aval.server.encryption.AssociatedData;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.shared.TimeOrderedId;
import eu.aval.server.tenant.NullableId;
import eu.aval.server.tenant.Octets;
import io.r2dbc.spi.Readable;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Mono;

/** Rows of {@code operator_identity}. */
@Repository
public class OperatorIdentityRows {

    private static final String DOMAIN = "operator-subject";
    private static final String COLUMNS = "id, issuer, created_at, suspended_at";

    public Mono<OperatorIdentity> find(DatabaseClient client, TenantKeys platform, String issuer, String subject) {
        return client.sql("select " + COLUMNS + " from aval.operator_identity where subject_index = any($1::bytea[])")
                .bind(0, Octets.arrayOf(platform.indexes(DOMAIN, value(issuer, subject))))
                .map(OperatorIdentityRows::identity)
                .one();
    }

    /** Empty if somebody else has made the same one. */
    public Mono<OperatorIdentity> insert(DatabaseClient client, TenantKeys platform, String issuer, String subject) {
        UUID id = TimeOrderedId.next();
        return client.sql("""
                        insert into aval.operator_identity (id, issuer, subject_index, subject_sealed, created_at)
                        values ($1, $2, $3, $4, $5) on conflict do nothing returning\s""" + COLUMNS)
                .bind(0, id)
                .bind(1, issuer)
                .bind(2, ByteBuffer.wrap(platform.index(DOMAIN, value(issuer, subject))))
                .bind(3, ByteBuffer.wrap(platform.seal(subject.getBytes(UTF_8), place(platform, id))))
                .bind(4, Instant.now().truncatedTo(ChronoUnit.MICROS))
                .map(OperatorIdentityRows::identity)
                .one();
    }

    public Mono<OperatorIdentity> find(DatabaseClient client, UUID id) {
        return client.sql("select " + COLUMNS + " from aval.operator_identity where id = $1")
                .bind(0, id)
                .map(OperatorIdentityRows::identity)
                .one();
    }

    /** What the issuer knows somebody by; sealed as {@link #open} wants it. */
    public Mono<byte[]> sealedSubject(DatabaseClient client, UUID id) {
        return client.sql("select subject_sealed from aval.operator_identity where id = $1")
                .bind(0, id)
                .map(row -> required(row, "subject_sealed", byte[].class))
                .one();
    }

    /** @throws eu.aval.server.encryption.SealBroken if it is not that of this identity */
    public static byte[] open(TenantKeys platform, UUID id, byte[] sealed) {
        return platform.open(sealed, place(platform, id));
    }

    public Mono<List<OperatorIdentity>> list(DatabaseClient client, int limit, @Nullable UUID after) {
        return client.sql("select " + COLUMNS
                        + " from aval.operator_identity where $1::uuid is null or id > $1 order by id limit $2")
                .bind(0, NullableId.of(after))
                .bind(1, limit)
                .map(OperatorIdentityRows::identity)
                .all()
                .collectList();
    }

    /** Whether it changed anything. */
    public Mono<Boolean> suspend(DatabaseClient client, UUID id, boolean suspended) {
        return client.sql("""
                        update aval.operator_identity set suspended_at = case when $2 then now() end
                        where id = $1 and (suspended_at is null) = $2""")
                .bind(0, id)
                .bind(1, suspended)
                .fetch()
                .rowsUpdated()
                .map(rows -> rows > 0);
    }

    /** One person, whoever else has the same name elsewhere. */
    static byte[] value(String issuer, String subject) {
        return (issuer + '\n' + subject).getBytes(UTF_8);
    }

    static byte[] index(TenantKeys platform, String issuer, String subject) {
        return platform.index(DOMAIN, value(issuer, subject));
    }

    private static AssociatedData place(TenantKeys platform, UUID id) {
        return new AssociatedData(platform.tenant(), "operator_identity", "subject_sealed", id);
    }

    private static OperatorIdentity identity(Readable row) {
        return new OperatorIdentity(
                required(row, "id", UUID.class),
                required(row, "issuer", String.class),
                required(row, "created_at", Instant.class),
                row.get("suspended_at", Instant.class));
    }
}
