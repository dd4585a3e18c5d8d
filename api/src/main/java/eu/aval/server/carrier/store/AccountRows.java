// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.store;

import eu.aval.server.carrier.Processing;
import io.r2dbc.spi.Readable;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Mono;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Rows of {@code carrier_account}. */
@Repository
public class AccountRows {

    private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};

    private static final String COLUMNS = """
            id, name, carrier_id, configuration::text as configuration, secrets::text as secrets, enabled,
            parts_per_second, maximum_in_flight, maximum_nodes, processing_countries, transfer_mechanism, version, updated_at
            """;

    private final JsonMapper json;

    AccountRows(JsonMapper json) {
        this.json = json;
    }

    /** All, by name. */
    public Mono<List<AccountRow>> all(DatabaseClient client) {
        return client.sql("select " + COLUMNS + " from aval.carrier_account order by name")
                .map(this::row)
                .all()
                .collectList();
    }

    /** Locked until the transaction ends. */
    public Mono<AccountRow> findForUpdate(DatabaseClient client, UUID id) {
        return client.sql("select " + COLUMNS + " from aval.carrier_account where id = $1 for update")
                .bind(0, id)
                .map(this::row)
                .one();
    }

    /** Locked until the transaction ends. */
    public Mono<AccountRow> findForUpdate(DatabaseClient client, String name) {
        return client.sql("select " + COLUMNS + " from aval.carrier_account where name = $1 for update")
                .bind(0, name)
                .map(this::row)
                .one();
    }

    /** Empty when the name is taken. */
    public Mono<AccountRow> insert(DatabaseClient client, AccountRow row) {
        var statement = client.sql("""
                        insert into aval.carrier_account (id, name, carrier_id, configuration, secrets, enabled,
                          parts_per_second, maximum_in_flight, maximum_nodes, processing_countries, transfer_mechanism)
                        values ($1, $2, $3, $4::jsonb, $5::jsonb, $6, $7, $8, $9, $10, $11)
                        on conflict (name) do nothing
                        returning
                        """ + COLUMNS)
                .bind(0, row.id())
                .bind(1, row.name())
                .bind(2, row.carrierId())
                .bind(3, json.writeValueAsString(row.configuration()))
                .bind(4, json.writeValueAsString(row.secrets()))
                .bind(5, row.enabled());
        return limits(statement, row, 6).map(this::row).one();
    }

    /** Everything but id and carrier; the version goes up by one. */
    public Mono<AccountRow> update(DatabaseClient client, AccountRow row) {
        var statement = client.sql("""
                        update aval.carrier_account set name = $2, configuration = $3::jsonb, secrets = $4::jsonb,
                          enabled = $5, parts_per_second = $6, maximum_in_flight = $7, maximum_nodes = $8,
                          processing_countries = $9, transfer_mechanism = $10, version = version + 1, updated_at = now()
                        where id = $1
                        returning
                        """ + COLUMNS)
                .bind(0, row.id())
                .bind(1, row.name())
                .bind(2, json.writeValueAsString(row.configuration()))
                .bind(3, json.writeValueAsString(row.secrets()))
                .bind(4, row.enabled());
        return limits(statement, row, 5).map(this::row).one();
    }

    /** The secrets of the next accounts by id; locked, and without those that somebody else changes. */
    public Mono<Map<UUID, Map<String, String>>> secretsAfter(DatabaseClient client, UUID after, int limit) {
        return client.sql("""
                        select id, secrets::text as secrets from aval.carrier_account where id > $1 order by id limit $2
                        for update skip locked""")
                .bind(0, after)
                .bind(1, limit)
                .map(this::secrets)
                .all()
                .collect(LinkedHashMap::new, (all, one) -> all.put(one.getKey(), one.getValue()));
    }

    /** The secrets of all accounts. */
    public Mono<Map<UUID, Map<String, String>>> secrets(DatabaseClient client) {
        return client.sql("select id, secrets::text as secrets from aval.carrier_account")
                .map(this::secrets)
                .all()
                .collectMap(Map.Entry::getKey, Map.Entry::getValue);
    }

    /** The same secrets under another key: no change of the account. */
    public Mono<Void> reseal(DatabaseClient client, UUID id, Map<String, String> secrets) {
        return client.sql("update aval.carrier_account set secrets = $2::jsonb where id = $1")
                .bind(0, id)
                .bind(1, json.writeValueAsString(secrets))
                .then();
    }

    private Map.Entry<UUID, Map<String, String>> secrets(Readable row) {
        return Map.entry(
                required(row, "id", UUID.class), json.readValue(required(row, "secrets", String.class), TEXTS));
    }

    /** How many nodes are alive: their share of a rate is one of so many. At least 1. */
    public Mono<Integer> liveNodes(DatabaseClient client) {
        return client.sql("""
                        select greatest(1, count(*))::integer as nodes from aval.node
                        where heartbeat_at > now() - interval '30 seconds'
                        """).map(row -> required(row, "nodes", Integer.class)).one();
    }

    private static GenericExecuteSpec limits(GenericExecuteSpec statement, AccountRow row, int first) {
        var bound = bind(statement, first, row.partsPerSecond(), BigDecimal.class);
        bound = bind(bound, first + 1, row.maximumInFlight(), Integer.class);
        bound = bind(bound, first + 2, row.maximumNodes(), Integer.class);
        Processing.Transfer transfer = row.processing().transfer();
        bound = bound.bind(
                first + 3, row.processing().countries().stream().sorted().toArray(String[]::new));
        return bind(bound, first + 4, transfer == null ? null : transfer.name(), String.class);
    }

    private static <T> GenericExecuteSpec bind(
            GenericExecuteSpec statement, int index, @Nullable T value, Class<T> type) {
        return value == null ? statement.bindNull(index, type) : statement.bind(index, value);
    }

    private AccountRow row(Readable row) {
        return new AccountRow(
                required(row, "id", UUID.class),
                required(row, "name", String.class),
                required(row, "carrier_id", String.class),
                json.readValue(required(row, "configuration", String.class), TEXTS),
                json.readValue(required(row, "secrets", String.class), TEXTS),
                required(row, "enabled", Boolean.class),
                row.get("parts_per_second", BigDecimal.class),
                row.get("maximum_in_flight", Integer.class),
                row.get("maximum_nodes", Integer.class),
                Processing.of(
                        required(row, "processing_countries", String[].class),
                        row.get("transfer_mechanism", String.class)),
                required(row, "version", Integer.class),
                required(row, "updated_at", Instant.class));
    }

    static <T> T required(Readable row, String column, Class<T> type) {
        return Objects.requireNonNull(row.get(column, type), column);
    }
}
