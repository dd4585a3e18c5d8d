// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server;

import eu.aval.server.database.DatabaseSetup;
import eu.aval.server.database.PostgresAddress;
import eu.aval.server.tenant.PlatformDatabase;
import eu.aval.server.tenant.TenantDatabase;
import eu.aval.server.tenant.TenantSetup;
import io.r2dbc.pool.ConnectionPool;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;

/**
 * A migrated database for one test class. {@link #query} and {@link #execute} look at it as its superuser, whom
 * row-level security does not hold.
 */
public final class FreshDatabase implements AutoCloseable {

    private final PostgresSetup setup;
    private final String name;
    private final ConnectionPool app;
    private final ConnectionPool platform;

    FreshDatabase(PostgresSetup setup, String name) {
        this.setup = setup;
        this.name = name;
        this.app = DatabaseSetup.pool(
                DatabaseSetup.app(setup.superuser(), PostgresSetup::password, name), name + "-app", 8);
        this.platform = DatabaseSetup.pool(
                DatabaseSetup.platform(setup.superuser(), PostgresSetup::password, name), name + "-platform", 6);
    }

    public TenantDatabase tenantDatabase() {
        return TenantSetup.tenantDatabase(app);
    }

    public PlatformDatabase platformDatabase() {
        return TenantSetup.platformDatabase(platform);
    }

    /** Plain access under the app role, outside of any transaction. */
    public DatabaseClient appClient() {
        return DatabaseClient.create(app);
    }

    /** Plain access under the platform role, outside of any transaction. */
    public DatabaseClient platformClient() {
        return DatabaseClient.create(platform);
    }

    public ConnectionPool appPool() {
        return app;
    }

    public ConnectionPool platformPool() {
        return platform;
    }

    /** For {@code AVAL_DB_URL}. */
    public String ownerUrl() {
        return url(DatabaseSetup.owner(setup.superuser(), PostgresSetup::password, name));
    }

    /** For {@code AVAL_DB_APP_URL}. */
    public String appUrl() {
        return url(DatabaseSetup.app(setup.superuser(), PostgresSetup::password, name));
    }

    /** For {@code AVAL_DB_PLATFORM_URL}. */
    public String platformUrl() {
        return url(DatabaseSetup.platform(setup.superuser(), PostgresSetup::password, name));
    }

    /** Rows of a query, each a map from column to value. */
    public List<Map<String, @Nullable Object>> query(String sql, Object... arguments) {
        try (Connection connection = PostgresSetup.connect(setup.superuser().to(name));
                PreparedStatement statement = prepare(connection, sql, arguments);
                ResultSet rows = statement.executeQuery()) {
            ResultSetMetaData columns = rows.getMetaData();
            List<Map<String, @Nullable Object>> result = new ArrayList<>();
            while (rows.next()) {
                Map<String, @Nullable Object> row = new LinkedHashMap<>();
                for (int column = 1; column <= columns.getColumnCount(); column++) {
                    row.put(columns.getColumnLabel(column), rows.getObject(column));
                }
                result.add(row);
            }
            return result;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The first column of the only row of a query. */
    public @Nullable Object value(String sql, Object... arguments) {
        return query(sql, arguments).getFirst().values().iterator().next();
    }

    /** A {@code select count(*)}, or any other single number. */
    public long number(String sql, Object... arguments) {
        return value(sql, arguments) instanceof Number number ? number.longValue() : -1;
    }

    /** Runs a statement; the number of rows it changed. */
    public int execute(String sql, Object... arguments) {
        try (Connection connection = PostgresSetup.connect(setup.superuser().to(name));
                PreparedStatement statement = prepare(connection, sql, arguments)) {
            return statement.execute() ? 0 : statement.getUpdateCount();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Closes the pools and drops the database. */
    @Override
    public void close() {
        app.dispose();
        platform.dispose();
        setup.administrate("drop database if exists " + name + " with (force)");
    }

    private static PreparedStatement prepare(Connection connection, String sql, Object... arguments)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int position = 0; position < arguments.length; position++) {
            statement.setObject(position + 1, arguments[position]);
        }
        return statement;
    }

    private static String url(PostgresAddress address) {
        return "postgresql://" + address.user() + ":" + address.password() + "@" + address.host() + ":" + address.port()
                + "/" + address.database();
    }
}
