// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.tenant;

import eu.aval.server.shared.TenantId;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/** {@code aval.tenant}. */
final class TenantTable {

    private static final String SELECT =
            "select id, key, name, state, countries, residency, maximum_parts, rule_pack, created_at from aval.tenant ";

    private TenantTable() {}

    static Mono<Tenant> find(DatabaseClient client, TenantId id) {
        return client.sql(SELECT + "where id = $1")
                .bind(0, id.value())
                .map(TenantTable::tenant)
                .one();
    }

    static Mono<Tenant> find(DatabaseClient client, String key) {
        return client.sql(SELECT + "where key = $1")
                .bind(0, key)
                .map(TenantTable::tenant)
                .one();
    }

    static Mono<List<Tenant>> list(DatabaseClient client) {
        return client.sql(SELECT + "order by id").map(TenantTable::tenant).all().collectList();
    }

    static Mono<Void> insert(DatabaseClient client, Tenant tenant) {
        return client.sql("""
                        insert into aval.tenant (id, key, name, countries, maximum_parts, created_at, rule_pack)
                        values ($1, $2, $3, $4, $5, $6, $7)""")
                .bind(0, tenant.id().value())
                .bind(1, tenant.key())
                .bind(2, tenant.name())
                .bind(3, countries(tenant))
                .bind(4, tenant.maximumParts())
                .bind(5, tenant.createdAt())
                .bind(6, tenant.rulePack())
                .then();
    }

    static Mono<Void> update(DatabaseClient client, Tenant tenant) {
        return client.sql("""
                        update aval.tenant
                        set name = $2, state = $3, countries = $4, maximum_parts = $5, rule_pack = $6, residency = $7
                        where id = $1""")
                .bind(0, tenant.id().value())
                .bind(1, tenant.name())
                .bind(2, tenant.state().name())
                .bind(3, countries(tenant))
                .bind(4, tenant.maximumParts())
                .bind(5, tenant.rulePack())
                .bind(6, tenant.residency().allowed().stream().sorted().toArray(String[]::new))
                .then();
    }

    private static String[] countries(Tenant tenant) {
        return tenant.countries().stream().sorted().toArray(String[]::new);
    }

    private static Tenant tenant(Readable row) {
        return new Tenant(
                new TenantId(value(row, "id", UUID.class)),
                value(row, "key", String.class),
                value(row, "name", String.class),
                Tenant.State.valueOf(value(row, "state", String.class)),
                Set.of(value(row, "countries", String[].class)),
                new Residency(Set.of(value(row, "residency", String[].class))),
                value(row, "maximum_parts", Integer.class),
                value(row, "rule_pack", String.class),
                value(row, "created_at", Instant.class));
    }

    private static <T> T value(Readable row, String column, Class<T> type) {
        return Objects.requireNonNull(row.get(column, type));
    }
}
