// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.database;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** Blocking database access: start-up only. */
final class Jdbc implements AutoCloseable {

    private final Connection connection;

    private Jdbc(Connection connection) {
        this.connection = connection;
    }

    static Jdbc connect(PostgresAddress address) throws SQLException {
        Properties login = new Properties();
        login.setProperty("user", address.user());
        String password = address.password();
        if (password != null) {
            login.setProperty("password", password);
        }
        return new Jdbc(DriverManager.getConnection(address.jdbcUrl(), login));
    }

    Connection connection() {
        return connection;
    }

    void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The first column of each row, as text. */
    List<String> texts(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> texts = new ArrayList<>();
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
            return texts;
        }
    }

    boolean isTrue(String condition) throws SQLException {
        return texts("select (" + condition + ")::text").getFirst().equals("true");
    }

    static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    static String identifier(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
