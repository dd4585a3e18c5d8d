// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.routing.store;

import eu.aval.server.routing.ConfiguredRoute;
import eu.aval.server.routing.RouteDraft;
import eu.aval.server.shared.Money;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.Residency;
import eu.aval.spi.submit.MessageClass;
import io.r2dbc.spi.Parameters;
import io.r2dbc.spi.R2dbcType;
import io.r2dbc.spi.Readable;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Mono;

/** Rows of {@code route}. */
@Repository
public class RouteRows {

    private static final String COLUMNS =
            "id, tenant_id, carrier_account_id, priority, country, prefix, message_class, enabled, price, currency,"
                    + " version";

    /** An enabled account that routes may lead to. */
    public record Account(UUID id, String carrierId, Set<String> processingCountries) {}

    public Mono<List<ConfiguredRoute>> all(DatabaseClient client) {
        return client.sql("select " + COLUMNS + " from aval.route")
                .map(RouteRows::route)
                .all()
                .collectList();
    }

    /** Of these tenants, each in the order in which its routes are tried. */
    public Mono<List<ConfiguredRoute>> of(DatabaseClient client, Collection<TenantId> tenants) {
        return client.sql("select " + COLUMNS
                        + " from aval.route where tenant_id = any($1) order by priority, length(prefix) desc nulls last,"
                        + " country nulls last, message_class nulls last, id")
                .bind(0, tenants.stream().map(TenantId::value).toArray(UUID[]::new))
                .map(RouteRows::route)
                .all()
                .collectList();
    }

    public Mono<List<Account>> accounts(DatabaseClient client) {
        return client.sql("select id, carrier_id, processing_countries from aval.carrier_account where enabled")
                .map(row -> new Account(
                        required(row, "id", UUID.class),
                        required(row, "carrier_id", String.class),
                        Set.of(required(row, "processing_countries", String[].class))))
                .all()
                .collectList();
    }

    /** Of those tenants that have another than {@link Residency#STANDARD}. */
    public Mono<Map<TenantId, Residency>> residencies(DatabaseClient client) {
        return client.sql("select id, residency from aval.tenant where residency <> '{EEA}'")
                .map(row -> Map.entry(
                        new TenantId(required(row, "id", UUID.class)),
                        new Residency(Set.of(required(row, "residency", String[].class)))))
                .all()
                .collectMap(Map.Entry::getKey, Map.Entry::getValue);
    }

    public Mono<Boolean> tenantAndAccountExist(DatabaseClient client, TenantId tenant, UUID account) {
        return client.sql("""
                        select exists (select from aval.tenant where id = $1)
                          and exists (select from aval.carrier_account where id = $2) as both_exist
                        """)
                .bind(0, tenant.value())
                .bind(1, account)
                .map(row -> required(row, "both_exist", Boolean.class))
                .one();
    }

    public Mono<Void> insert(DatabaseClient client, ConfiguredRoute route) {
        return write(client, """
                        insert into aval.route (id, tenant_id, carrier_account_id, priority, country, prefix,
                          message_class, enabled, price, currency, version)
                        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
                        """, route).then();
    }

    /** Of a route that nobody else changes until this transaction ends; empty when there is no such route. */
    public Mono<Integer> versionForUpdate(DatabaseClient client, TenantId tenant, UUID id) {
        return client.sql("select version from aval.route where id = $1 and tenant_id = $2 for update")
                .bind(0, id)
                .bind(1, tenant.value())
                .map(row -> required(row, "version", Integer.class))
                .one();
    }

    public Mono<Void> update(DatabaseClient client, ConfiguredRoute route) {
        return write(client, """
                        update aval.route set carrier_account_id = $3, priority = $4, country = $5, prefix = $6,
                          message_class = $7, enabled = $8, price = $9, currency = $10, version = $11
                        where id = $1 and tenant_id = $2
                        """, route).then();
    }

    public Mono<Void> delete(DatabaseClient client, TenantId tenant, UUID id) {
        return client.sql("delete from aval.route where id = $1 and tenant_id = $2")
                .bind(0, id)
                .bind(1, tenant.value())
                .then();
    }

    private static GenericExecuteSpec write(DatabaseClient client, String sql, ConfiguredRoute route) {
        RouteDraft draft = route.route();
        MessageClass messageClass = draft.messageClass();
        Money price = draft.partPrice();
        var statement = client.sql(sql)
                .bind(0, route.id())
                .bind(1, route.tenant().value())
                .bind(2, draft.accountId())
                .bind(3, draft.priority())
                .bind(7, draft.enabled())
                .bind(8, Parameters.in(R2dbcType.NUMERIC, price == null ? null : price.amount()))
                .bind(10, route.version());
        statement = bind(statement, 9, price == null ? null : price.currency());
        statement = bind(statement, 4, draft.country());
        statement = bind(statement, 5, draft.prefix());
        return bind(statement, 6, messageClass == null ? null : messageClass.name());
    }

    private static GenericExecuteSpec bind(GenericExecuteSpec statement, int index, @Nullable String value) {
        return value == null ? statement.bindNull(index, String.class) : statement.bind(index, value);
    }

    private static ConfiguredRoute route(Readable row) {
        String messageClass = row.get("message_class", String.class);
        return new ConfiguredRoute(
                required(row, "id", UUID.class),
                new TenantId(required(row, "tenant_id", UUID.class)),
                new RouteDraft(
                        required(row, "carrier_account_id", UUID.class),
                        required(row, "priority", Integer.class),
                        row.get("country", String.class),
                        row.get("prefix", String.class),
                        messageClass == null ? null : MessageClass.valueOf(messageClass),
                        required(row, "enabled", Boolean.class),
                        price(row)),
                required(row, "version", Integer.class));
    }

    private static @Nullable Money price(Readable row) {
        BigDecimal amount = row.get("price", BigDecimal.class);
        return amount == null ? null : new Money(amount, required(row, "currency", String.class));
    }

    private static <T> T required(Readable row, String column, Class<T> type) {
        return Objects.requireNonNull(row.get(column, type), column);
    }
}
