// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access.store;

import eu.aval.server.access.ApiKey;
import eu.aval.server.access.Application.Kind;
import eu.aval.server.access.Application.Scope;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.Octets;
import io.r2dbc.spi.Readable;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Mono;

/** Rows of {@code api_key} and {@code api_key_recipient}. */
@Repository
public class ApiKeyRows {

    /** A key with the keyed hash of its secret. */
    public record Stored(ApiKey key, ByteBuffer hash) {}

    private static final String COLUMNS = """
            id, tenant_id, name, kind, prefix, hash, scopes, purposes, senders, requests_per_second, expires_at,
            revoked_at, created_at
            """;
    private static final Map<String, Scope> SCOPES =
            Arrays.stream(Scope.values()).collect(Collectors.toUnmodifiableMap(Scope::value, Function.identity()));

    public Mono<Void> insert(DatabaseClient client, ApiKey key, ByteBuffer hash) {
        var statement = client.sql("""
                        insert into aval.api_key (id, tenant_id, name, kind, prefix, hash, scopes, purposes, senders,
                          requests_per_second, expires_at, created_at)
                        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
                        """)
                .bind(0, key.id())
                .bind(1, key.tenant().value())
                .bind(2, key.name())
                .bind(3, key.kind().name())
                .bind(4, key.prefix())
                .bind(5, hash)
                .bind(6, key.scopes().stream().map(Scope::value).sorted().toArray(String[]::new))
                .bind(9, key.requestsPerSecond())
                .bind(11, key.createdAt());
        var purposes = key.purposes();
        statement = purposes == null
                ? statement.bindNull(7, String[].class)
                : statement.bind(7, purposes.stream().sorted().toArray(String[]::new));
        var senders = key.senders();
        statement = senders == null
                ? statement.bindNull(8, String[].class)
                : statement.bind(8, senders.stream().sorted().toArray(String[]::new));
        var expiresAt = key.expiresAt();
        statement = expiresAt == null ? statement.bindNull(10, Instant.class) : statement.bind(10, expiresAt);
        return statement.then();
    }

    /** @param indexes blind indexes of the numbers a key may write to */
    public Mono<Void> insertRecipients(DatabaseClient client, ApiKey key, Collection<byte[]> indexes) {
        if (indexes.isEmpty()) {
            return Mono.empty();
        }
        return client.sql("""
                        insert into aval.api_key_recipient (api_key_id, tenant_id, number_index)
                        select $1, $2, number_index from unnest($3::bytea[]) number_index
                        on conflict do nothing
                        """)
                .bind(0, key.id())
                .bind(1, key.tenant().value())
                .bind(2, Octets.arrayOf(indexes))
                .then();
    }

    public Mono<Stored> findByPrefix(DatabaseClient client, String prefix) {
        return client.sql("select " + COLUMNS + " from aval.api_key where prefix = $1")
                .bind(0, prefix)
                .map(row -> new Stored(key(row), required(row, "hash", ByteBuffer.class)))
                .one();
    }

    public Mono<ApiKey> find(DatabaseClient client, TenantId tenant, UUID id) {
        return client.sql("select " + COLUMNS + " from aval.api_key where id = $1 and tenant_id = $2")
                .bind(0, id)
                .bind(1, tenant.value())
                .map(ApiKeyRows::key)
                .one();
    }

    public Mono<List<ApiKey>> of(DatabaseClient client, Collection<TenantId> tenants) {
        return client.sql("select " + COLUMNS + " from aval.api_key where tenant_id = any($1) order by id")
                .bind(0, tenants.stream().map(TenantId::value).toArray(UUID[]::new))
                .map(ApiKeyRows::key)
                .all()
                .collectList();
    }

    /** Whether it changed anything. */
    public Mono<Boolean> revoke(DatabaseClient client, TenantId tenant, UUID id) {
        return client.sql("""
                        update aval.api_key set revoked_at = now()
                        where id = $1 and tenant_id = $2 and revoked_at is null
                        """)
                .bind(0, id)
                .bind(1, tenant.value())
                .fetch()
                .rowsUpdated()
                .map(rows -> rows > 0);
    }

    public Mono<Void> rehash(DatabaseClient client, UUID id, ByteBuffer hash) {
        return client.sql("update aval.api_key set hash = $2 where id = $1")
                .bind(0, id)
                .bind(1, hash)
                .then();
    }

    private static ApiKey key(Readable row) {
        return new ApiKey(
                required(row, "id", UUID.class),
                new TenantId(required(row, "tenant_id", UUID.class)),
                required(row, "name", String.class),
                Kind.valueOf(required(row, "kind", String.class)),
                required(row, "prefix", String.class),
                scopes(required(row, "scopes", String[].class)),
                set(row.get("purposes", String[].class)),
                set(row.get("senders", String[].class)),
                required(row, "requests_per_second", Integer.class),
                row.get("expires_at", Instant.class),
                row.get("revoked_at", Instant.class),
                required(row, "created_at", Instant.class));
    }

    /** A scope that this version does not know grants nothing. */
    private static Set<Scope> scopes(String[] values) {
        return Arrays.stream(values)
                .filter(SCOPES::containsKey)
                .map(SCOPES::get)
                .collect(Collectors.toUnmodifiableSet());
    }

    private static @Nullable Set<String> set(String @Nullable [] values) {
        return values == null ? null : Set.of(values);
    }

    static <T> T required(Readable row, String column, Class<T> type) {
        var value = row.get(column, type);
        if (value == null) {
            throw new IllegalStateException("No value in column " + column);
        }
        return value;
    }
}
