// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server;

import eu.aval.server.database.DatabaseSetup;
import eu.aval.server.database.EmbeddedPostgres;
import eu.aval.server.database.PostgresAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One PostgreSQL for all tests of this JVM: a container when an engine answers, else the embedded binaries. A fresh
 * database is a copy of a migrated template and costs a tenth of a second.
 */
public final class PostgresSetup {

    private static final Logger log = LoggerFactory.getLogger(PostgresSetup.class);
    private static final String TEMPLATE = "aval_template";
    private static final Path HOME = Path.of("target", "postgres").toAbsolutePath();

    private static @Nullable PostgresSetup instance;

    private final AtomicInteger databases = new AtomicInteger();
    private final Server server;

    private PostgresSetup(Server server) {
        this.server = server;
    }

    /** What runs the database. */
    interface Server {

        PostgresAddress superuser();

        void stop();

        void restart();

        void discard();
    }

    /** The server of this JVM, started the first time. */
    public static synchronized PostgresSetup get() {
        PostgresSetup setup = instance;
        if (setup == null) {
            setup = start();
            instance = setup;
        }
        return setup;
    }

    /** A new migrated database with nothing in it. */
    public static FreshDatabase freshDatabase() {
        PostgresSetup setup = get();
        String name = "test_" + setup.databases.incrementAndGet();
        setup.administrate("create database " + name + " template " + TEMPLATE + " owner aval_owner");
        return new FreshDatabase(setup, name);
    }

    /** Takes the database away from everybody until {@link #restart}, as an outage would. */
    public void stop() {
        server.stop();
    }

    /** Brings it back under the same address. */
    public void restart() {
        server.restart();
    }

    PostgresAddress superuser() {
        return server.superuser();
    }

    /** The passwords of tests: the name of the login. */
    static String password(String login) {
        return login;
    }

    void administrate(String sql) {
        PostgresAddress address = superuser();
        try (Connection connection = connect(address);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static Connection connect(PostgresAddress address) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://" + address.host() + ":" + address.port() + "/" + address.database(),
                address.user(),
                address.password());
    }

    private static PostgresSetup start() {
        Server server = ContainerServer.engineAnswers() ? container() : embedded();
        PostgresSetup setup = new PostgresSetup(server);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            awaitContexts();
            server.discard();
        }));
        try {
            DatabaseSetup.migrate(setup.superuser(), PostgresSetup::password, TEMPLATE);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return setup;
    }

    private static Server container() {
        try {
            ContainerServer server = ContainerServer.start();
            log.info("Tests use PostgreSQL in a container");
            return server;
        } catch (RuntimeException e) {
            log.warn("No PostgreSQL in a container: {}", e.getMessage());
            return embedded();
        }
    }

    private static Server embedded() {
        try {
            EmbeddedPostgres postgres = DatabaseSetup.start(HOME);
            log.info("Tests use the embedded PostgreSQL: no container engine answers");
            return new EmbeddedServer(postgres);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Shutdown hooks run side by side; applications close more quietly while their database is there. */
    private static void awaitContexts() {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("Spring")) {
                try {
                    thread.join(20_000);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    private record EmbeddedServer(EmbeddedPostgres postgres) implements Server {

        @Override
        public PostgresAddress superuser() {
            return postgres.superuser();
        }

        @Override
        public void stop() {
            postgres.stop();
        }

        @Override
        public void restart() {
            postgres.restart();
        }

        @Override
        public void discard() {
            try {
                DatabaseSetup.discard(postgres, HOME);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
