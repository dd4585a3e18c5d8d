// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access.store;

import static eu.aval.server.access.store.ApiKeyRows.required;

import eu.aval.server.access.Operator.Role;
import eu.aval.server.access.OperatorToken;
import eu.aval.server.shared.TenantId;
import io.r2dbc.spi.Readable;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Mono;

/** Rows of {@code operator_token}. */
@Repository
public class OperatorTokenRows {

    /** A token with the keyed hash of its secret. */
    public record Stored(OperatorToken token, ByteBuffer hash) {}

    private static final String COLUMNS = "id, tenant_id, name, role, prefix, hash, expires_at, revoked_at, created_at";

    public Mono<Void> insert(DatabaseClient client, OperatorToken token, ByteBuffer hash) {
        var statement = client.sql("""
                        insert into aval.operator_token (id, tenant_id, name, role, prefix, hash, expires_at, created_at)
                        values ($1, $2, $3, $4, $5, $6, $7, $8)
                        """)
                .bind(0, token.id())
                .bind(2, token.name())
                .bind(3, token.role().name())
                .bind(4, token.prefix())
                .bind(5, hash)
                .bind(7, token.createdAt());
        var tenant = token.tenant();
        statement = tenant == null ? statement.bindNull(1, UUID.class) : statement.bind(1, tenant.value());
        var expiresAt = token.expiresAt();
        statement = expiresAt == null ? statement.bindNull(6, Instant.class) : statement.bind(6, expiresAt);
        return statement.then();
    }

    public Mono<Stored> findByPrefix(DatabaseClient client, String prefix) {
        return client.sql("select " + COLUMNS + " from aval.operator_token where prefix = $1")
                .bind(0, prefix)
                .map(row -> new Stored(token(row), required(row, "hash", ByteBuffer.class)))
                .one();
    }

    public Mono<OperatorToken> find(DatabaseClient client, UUID id) {
        return client.sql("select " + COLUMNS + " from aval.operator_token where id = $1")
                .bind(0, id)
                .map(OperatorTokenRows::token)
                .one();
    }

    public Mono<List<OperatorToken>> list(DatabaseClient client) {
        return client.sql("select " + COLUMNS + " from aval.operator_token order by id")
                .map(OperatorTokenRows::token)
                .all()
                .collectList();
    }

    /** Whether it changed anything. */
    public Mono<Boolean> revoke(DatabaseClient client, UUID id) {
        return client.sql("update aval.operator_token set revoked_at = now() where id = $1 and revoked_at is null")
                .bind(0, id)
                .fetch()
                .rowsUpdated()
                .map(rows -> rows > 0);
    }

    public Mono<Void> rehash(DatabaseClient client, UUID id, ByteBuffer hash) {
        return client.sql("update aval.operator_token set hash = $2 where id = $1")
                .bind(0, id)
                .bind(1, hash)
                .then();
    }

    private static OperatorToken token(Readable row) {
        var tenant = row.get("tenant_id", UUID.class);
        return new OperatorToken(
                required(row, "id", UUID.class),
                tenant == null ? null : new TenantId(tenant),
                required(row, "name", String.class),
                Role.valueOf(required(row, "role", String.class)),
                required(row, "prefix", String.class),
                row.get("expires_at", Instant.class),
                row.get("revoked_at", Instant.class),
                required(row, "created_at", Instant.class));
    }
}
