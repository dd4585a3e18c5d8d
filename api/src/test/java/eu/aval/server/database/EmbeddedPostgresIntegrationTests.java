// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import eu.aval.server.shared.CannotStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The embedded PostgreSQL keeps its data whatever happens to the server around it. */
final class EmbeddedPostgresIntegrationTests {

    private static final Path BINARIES =
            Path.of("target", "postgres", "binaries").toAbsolutePath();

    private Path home = Path.of("target");

    @BeforeEach
    void makeHome() throws IOException {
        home = Files.createTempDirectory(Files.createDirectories(Path.of("target", "embedded")), "home-")
                .toAbsolutePath();
    }

    @AfterEach
    void removeHome() throws IOException {
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void keepsDataFromStartToStart() throws SQLException {
        try (EmbeddedPostgres first = start()) {
            run(first, "create table kept (number integer)");
            run(first, "insert into kept values (42)");
        }

        try (EmbeddedPostgres second = start()) {
            assertThat(read(second, "select number from kept")).containsExactly("42");
        }
    }

    @Test
    void isDurableAndReachableFromThisMachineOnly() throws SQLException {
        try (EmbeddedPostgres postgres = start()) {
            assertThat(read(
                            postgres,
                            "select name || '=' || setting from pg_settings where name in ('fsync', 'full_page_writes',"
                                    + " 'synchronous_commit', 'listen_addresses', 'unix_socket_directories',"
                                    + " 'data_checksums') order by name"))
                    .containsExactly(
                            "data_checksums=on",
                            "fsync=on",
                            "full_page_writes=on",
                            "listen_addresses=127.0.0.1",
                            "synchronous_commit=on",
                            "unix_socket_directories=");
        }
    }

    @Test
    void asksForAPasswordThatOnlyThisUserCanRead() throws IOException {
        try (EmbeddedPostgres postgres = start()) {
            PostgresAddress stranger = postgres.superuser().as("postgres", "guess");

            assertThatExceptionOfType(SQLException.class).isThrownBy(() -> Jdbc.connect(stranger));
            assertThat(Files.getPosixFilePermissions(home.resolve("passwords").resolve("postgres")))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
            assertThat(Files.getPosixFilePermissions(home)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    void refusesADirectoryThatIsInUse() {
        try (EmbeddedPostgres postgres = start()) {
            assertThatExceptionOfType(CannotStart.class)
                    .isThrownBy(this::start)
                    .satisfies(refusal -> assertThat(refusal.reason())
                            .contains("uses the data directory")
                            .contains(Long.toString(ProcessHandle.current().pid())));
            assertThat(postgres.superuser().port()).isPositive();
        }
    }

    @Test
    void takesOverFromAServerThatWasKilled() throws Exception {
        Process killed = fork();
        try {
            long postmaster = awaitPostmaster();
            killed.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
            assertThat(command(postmaster)).as("orphan").isPresent();

            try (EmbeddedPostgres postgres = start()) {
                assertThat(command(postmaster)).as("orphan").isEmpty();
                assertThat(read(postgres, "select number from kept")).containsExactly("42");
            }
        } finally {
            killed.destroyForcibly();
        }
    }

    @Test
    void startsThoughAPidIsAnotherProcessByNow() throws Exception {
        start().close();
        Files.writeString(
                home.resolve("cluster").resolve("postmaster.pid"),
                ProcessHandle.current().pid() + "\n" + home.resolve("cluster") + "\n1\n1\n\n127.0.0.1\n0 0\nready\n");

        try (EmbeddedPostgres postgres = start()) {
            assertThat(read(postgres, "select 1")).containsExactly("1");
        }
    }

    @Test
    void beginsAgainAfterAFirstStartThatWasCutOff() throws Exception {
        Files.createDirectories(home.resolve("cluster.partial").resolve("base"));

        try (EmbeddedPostgres postgres = start()) {
            assertThat(read(postgres, "select 1")).containsExactly("1");
        }
    }

    @Test
    void refusesDataOfAnotherMajorVersion() throws IOException {
        start().close();
        Files.writeString(home.resolve("cluster").resolve("PG_VERSION"), "15\n");

        assertThatExceptionOfType(CannotStart.class).isThrownBy(this::start).satisfies(refusal -> {
            assertThat(refusal.reason()).contains("written by PostgreSQL 15");
            assertThat(refusal.remedy()).contains("AVAL_DB_URL");
        });
    }

    @Test
    void comesBackUnderTheSameAddress() throws SQLException {
        try (EmbeddedPostgres postgres = start()) {
            PostgresAddress before = postgres.superuser();

            postgres.stop();
            assertThatExceptionOfType(SQLException.class).isThrownBy(() -> Jdbc.connect(before));
            postgres.restart();

            assertThat(postgres.superuser()).isEqualTo(before);
            assertThat(read(postgres, "select 1")).containsExactly("1");
        }
    }

    private EmbeddedPostgres start() {
        return EmbeddedPostgres.start(home, BINARIES, Map.of());
    }

    private Process fork() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        EmbeddedPostgresVictim.class.getName(),
                        home.toString(),
                        BINARIES.toString())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("victim.out").toFile())
                .start();
    }

    private long awaitPostmaster() throws IOException, InterruptedException {
        Path sign = home.resolve("victim.ready");
        for (int tenths = 0; tenths < 2_400; tenths++) {
            if (Files.exists(sign)) {
                return Long.parseLong(Files.readAllLines(home.resolve("cluster").resolve("postmaster.pid"))
                        .getFirst()
                        .strip());
            }
            Thread.sleep(100);
        }
        throw new AssertionError(Files.readString(home.resolve("victim.out")));
    }

    /** What a process runs; nothing once it has ended, reaped or not. */
    private static Optional<String> command(long pid) {
        return ProcessHandle.of(pid).flatMap(process -> process.info().command());
    }

    private static void run(EmbeddedPostgres postgres, String sql) throws SQLException {
        try (Jdbc jdbc = Jdbc.connect(postgres.superuser())) {
            jdbc.run(sql);
        }
    }

    private static List<String> read(EmbeddedPostgres postgres, String sql) throws SQLException {
        try (Jdbc jdbc = Jdbc.connect(postgres.superuser())) {
            return jdbc.texts(sql);
        }
    }
}
