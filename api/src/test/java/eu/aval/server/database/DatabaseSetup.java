// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.database;

import eu.aval.server.shared.CannotStart;
import io.r2dbc.pool.ConnectionPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Opens the doors of this feature that the fixture of the whole server needs. */
public final class DatabaseSetup {

    private static final Map<String, String> FAST = Map.of(
            "fsync", "off",
            "synchronous_commit", "off",
            "full_page_writes", "off",
            "max_connections", "300",
            "autovacuum_naptime", "'1min'",
            "logging_collector", "off");

    private DatabaseSetup() {}

    /** An embedded PostgreSQL for this JVM, quick rather than durable. */
    public static EmbeddedPostgres start(Path parent) throws IOException {
        Files.createDirectories(parent);
        removeThoseOfEndedProcesses(parent);
        return EmbeddedPostgres.start(
                parent.resolve("jvm-" + ProcessHandle.current().pid()), parent.resolve("binaries"), FAST);
    }

    public static void discard(EmbeddedPostgres postgres, Path parent) throws IOException {
        postgres.close();
        PostgresBinaries.delete(parent.resolve("jvm-" + ProcessHandle.current().pid()));
    }

    private static void removeThoseOfEndedProcesses(Path parent) throws IOException {
        List<Path> homes;
        try (Stream<Path> children = Files.list(parent)) {
            homes = children.filter(child -> child.getFileName().toString().startsWith("jvm-"))
                    .toList();
        }
        for (Path home : homes) {
            Path absolute = home.toAbsolutePath();
            try (DirectoryLock lock = DirectoryLock.take(absolute)) {
                Files.createDirectories(parent.resolve("binaries"));
                new PostgresPrograms(
                                PostgresBinaries.unpack(
                                        parent.resolve("binaries").toAbsolutePath()),
                                absolute)
                        .stopOrphan();
                PostgresBinaries.delete(absolute);
            } catch (CannotStart stillUsed) {
                // By another run of the tests
            }
        }
    }

    /** Roles, and a migrated database of this name. */
    public static void migrate(PostgresAddress superuser, UnaryOperator<String> passwords, String database)
            throws SQLException {
        Roles.embed(superuser, passwords, database);
        try (Jdbc owner = Jdbc.connect(login(superuser, Roles.OWNER, passwords, database))) {
            Roles.ensure(owner, false);
            Migrations.migrate(owner);
        }
    }

    public static PostgresAddress owner(PostgresAddress superuser, UnaryOperator<String> passwords, String database) {
        return login(superuser, Roles.OWNER, passwords, database);
    }

    public static PostgresAddress app(PostgresAddress superuser, UnaryOperator<String> passwords, String database) {
        return login(superuser, Roles.APP, passwords, database);
    }

    public static PostgresAddress platform(
            PostgresAddress superuser, UnaryOperator<String> passwords, String database) {
        return login(superuser, Roles.PLATFORM, passwords, database);
    }

    public static ConnectionPool pool(PostgresAddress address, String name, int size) {
        return ConnectionPools.open(address, name, null, size, Duration.ofSeconds(30));
    }

    private static PostgresAddress login(
            PostgresAddress superuser, String user, UnaryOperator<String> passwords, String database) {
        return superuser.to(database).as(user, passwords.apply(user));
    }
}
