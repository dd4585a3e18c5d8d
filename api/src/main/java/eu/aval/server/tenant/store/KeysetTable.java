// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.tenant.store;

import eu.aval.server.encryption.KeysetStore;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.KeyLock;
import eu.aval.server.tenant.PlatformDatabase;
import io.r2dbc.spi.Readable;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** {@code aval.keyset}. */
@Component
class KeysetTable implements KeysetStore {

    private static final String COLUMNS = "select tenant_id, kind, version, wrapped, kek from aval.keyset ";

    private final PlatformDatabase database;

    KeysetTable(PlatformDatabase database) {
        this.database = database;
    }

    @Override
    public Mono<List<Wrapped>> of(TenantId tenant) {
        return database.in(client -> client.sql(COLUMNS + "where tenant_id = $1 and kind in ('AEAD', 'PRF')")
                .bind(0, tenant.value())
                .map(KeysetTable::keyset)
                .all()
                .collectList());
    }

    @Override
    public Mono<Void> create(Collection<Wrapped> keysets) {
        return database.in(client -> Flux.fromIterable(keysets)
                .concatMap(keyset -> client.sql("""
                                insert into aval.keyset (tenant_id, kind, version, wrapped, kek)
                                values ($1, $2, $3, $4, $5) on conflict do nothing""")
                        .bind(0, keyset.tenant().value())
                        .bind(1, keyset.kind().name())
                        .bind(2, keyset.version())
                        .bind(3, keyset.bytes().duplicate())
                        .bind(4, keyset.kek())
                        .then())
                .then());
    }

    @Override
    public Mono<Boolean> replace(Wrapped expected, Wrapped next) {
        return database.in(client -> (next.version() == expected.version() ? Mono.<Void>empty() : lock(client, next))
                .then(client.sql("""
                                update aval.keyset set version = $5, wrapped = $6, kek = $7, updated_at = now()
                                where tenant_id = $1 and kind = $2 and version = $3 and kek = $4""")
                        .bind(0, expected.tenant().value())
                        .bind(1, expected.kind().name())
                        .bind(2, expected.version())
                        .bind(3, expected.kek())
                        .bind(4, next.version())
                        .bind(5, next.bytes().duplicate())
                        .bind(6, next.kek())
                        .fetch()
                        .rowsUpdated())
                .map(rows -> rows == 1));
    }

    /** Whoever comes after waits for it too: not for long, then the change is tried again later. */
    private static Mono<Void> lock(DatabaseClient client, Wrapped keyset) {
        return client.sql("select set_config('lock_timeout', '3s', true)")
                .then()
                .then(client.sql("select " + KeyLock.EXCLUSIVE)
                        .bind(0, keyset.tenant().toString())
                        .then());
    }

    @Override
    public Mono<List<TenantId>> changed(Collection<Versions> known) {
        UUID[] tenants = known.stream().map(each -> each.tenant().value()).toArray(UUID[]::new);
        Integer[] aead = known.stream().map(Versions::aead).toArray(Integer[]::new);
        Integer[] prf = known.stream().map(Versions::prf).toArray(Integer[]::new);
        return database.in(client -> client.sql("""
                        select distinct k.tenant_id
                        from unnest($1::uuid[], $2::integer[], $3::integer[]) as known (tenant_id, aead, prf)
                        join aval.keyset k using (tenant_id)
                        where (k.kind = 'AEAD' and k.version <> known.aead) or (k.kind = 'PRF' and k.version <> known.prf)""")
                .bind(0, tenants)
                .bind(1, aead)
                .bind(2, prf)
                .map(row -> new TenantId(required(row, "tenant_id", UUID.class)))
                .all()
                .collectList());
    }

    @Override
    public Mono<List<String>> addresses() {
        return database.in(client -> client.sql("select distinct kek from aval.keyset order by kek")
                .map(row -> required(row, "kek", String.class))
                .all()
                .collectList());
    }

    @Override
    public Mono<List<Wrapped>> wrappedOtherwise(String kek, int limit) {
        return database.in(client -> client.sql(COLUMNS + "where kek <> $1 and kind in ('AEAD', 'PRF') limit $2")
                .bind(0, kek)
                .bind(1, limit)
                .map(KeysetTable::keyset)
                .all()
                .collectList());
    }

    private static Wrapped keyset(Readable row) {
        return new Wrapped(
                new TenantId(required(row, "tenant_id", UUID.class)),
                Kind.valueOf(required(row, "kind", String.class)),
                required(row, "version", Integer.class),
                required(row, "wrapped", ByteBuffer.class),
                required(row, "kek", String.class));
    }

    private static <T> T required(Readable row, String column, Class<T> type) {
        return Objects.requireNonNull(row.get(column, type), column);
    }
}
