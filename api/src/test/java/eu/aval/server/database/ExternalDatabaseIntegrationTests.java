// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import eu.aval.server.shared.CannotStart;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** A PostgreSQL of somebody else, named by {@code AVAL_DB_URL} and nothing more. It begins without our roles. */
final class ExternalDatabaseIntegrationTests {

    private static final Path BINARIES =
            Path.of("target", "postgres", "binaries").toAbsolutePath();

    private static Path home = Path.of("target");
    private static EmbeddedPostgres cluster;

    @BeforeAll
    static void start() throws IOException {
        home = Files.createTempDirectory(Files.createDirectories(Path.of("target", "external")), "home-")
                .toAbsolutePath();
        cluster = EmbeddedPostgres.start(home, BINARIES, Map.of("fsync", "off"));
    }

    @AfterAll
    static void stop() throws IOException {
        cluster.close();
        PostgresBinaries.delete(home);
    }

    @Test
    void makesWhatIsMissingAndFindsItAtTheNextStart() throws SQLException {
        run("create database fresh");

        open(url("postgres", "fresh"), 1).close();
        try (Jdbc jdbc = Jdbc.connect(cluster.superuser().to("fresh"))) {
            assertThat(jdbc.texts("select rolname from pg_roles where rolname like 'aval%' order by 1"))
                    .contains("aval_app", "aval_auditor", "aval_eraser", "aval_platform");
            assertThat(jdbc.isTrue("to_regclass('aval.message') is not null")).isTrue();
            jdbc.run("insert into aval.tenant (id, key, name) values (gen_random_uuid(), 'kept', 'Kept')");
        }

        open(url("postgres", "fresh"), 1).close();

        try (Jdbc jdbc = Jdbc.connect(cluster.superuser().to("fresh"))) {
            assertThat(jdbc.texts("select key from aval.tenant")).containsExactly("kept");
        }
    }

    @Test
    void takesOverRolesThatAreThere() throws SQLException {
        run("create database one");
        run("create database two");
        open(url("postgres", "one"), 1).close();

        open(url("postgres", "two"), 1).close();

        try (Jdbc jdbc = Jdbc.connect(cluster.superuser().to("two"))) {
            assertThat(jdbc.isTrue("has_schema_privilege('aval_app', 'aval', 'usage')"))
                    .isTrue();
        }
    }

    @Test
    void cannotBorrowRolesThatSomebodyElseMade() throws SQLException {
        run("create database somebody");
        open(url("postgres", "somebody"), 1).close();
        run("create role modest login createrole password 'modest'");
        run("create database modest owner modest");

        assertThatExceptionOfType(CannotStart.class)
                .isThrownBy(() -> open(url("modest", "modest"), 1))
                .satisfies(refusal -> assertThat(refusal.reason())
                        .contains("modest may not take the role")
                        .contains("AVAL_DB_APP_URL"));
    }

    @Test
    void cannotBorrowRolesWhereTheSchemaIsOnlyCheckedEither() throws SQLException {
        run("create database checked");
        open(url("postgres", "checked"), 1).close();
        run("create role watcher login password 'watcher'");
        runIn(
                "checked",
                "grant usage on schema aval to watcher; grant select on all tables in schema aval to watcher;"
                        + " grant usage on schema aval_keys to watcher");
        var settings =
                new DatabaseSettings.Db(url("watcher", "checked"), null, null, Duration.ofSeconds(1), false, 1, 1);

        assertThatExceptionOfType(CannotStart.class)
                .isThrownBy(() -> Database.open(new DatabaseSettings(home, settings)))
                .satisfies(refusal -> {
                    assertThat(refusal.reason()).contains("watcher may not take the role aval_app");
                    assertThat(refusal.remedy()).contains("grant aval_app, aval_platform to watcher");
                });

        run("grant aval_app, aval_platform to watcher");
        Database.open(new DatabaseSettings(home, settings)).close();
    }

    @Test
    void asksForAnAdministratorWhereTheOwnerMayDoLittle() throws SQLException {
        run("create role small login password 'small'");
        run("create database small");

        assertThatExceptionOfType(CannotStart.class)
                .isThrownBy(() -> open(url("small", "small"), 1))
                .satisfies(refusal -> {
                    assertThat(refusal.reason()).contains("small").contains("may not");
                    assertThat(refusal.remedy()).contains("deploy/postgres/roles.sql");
                });
    }

    /** As beside an older node that goes on, while somebody makes a backup. */
    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void holdsUpNobodyWhileAChangeWaitsForALock(CapturedOutput output) throws Exception {
        run("create database waited");
        open(url("postgres", "waited"), 1).close();
        runIn(
                "waited",
                "alter table aval.route drop column version; delete from aval.databasechangelog where id = '0016-route-version'");
        CompletableFuture<Void> start;
        try (Jdbc backup = Jdbc.connect(cluster.superuser().to("waited"));
                Jdbc node = Jdbc.connect(cluster.superuser().to("waited"))) {
            backup.run("begin; lock table aval.route in access share mode");
            start = CompletableFuture.runAsync(
                    () -> open(url("postgres", "waited"), 1).close());
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> node.isTrue("exists (select from pg_stat_activity where wait_event_type = 'Lock'"
                            + " and query like 'alter table aval.route%')"));

            node.run("set statement_timeout = '60s'");
            node.run("select count(*) from aval.route");

            await().atMost(Duration.ofMinutes(1))
                    .until(() -> output.getAll().contains("A transaction is in the way of a change"));
            backup.run("rollback");
        }
        start.get(1, TimeUnit.MINUTES);
        try (Jdbc jdbc = Jdbc.connect(cluster.superuser().to("waited"))) {
            assertThat(
                            jdbc.isTrue(
                                    "exists (select from pg_attribute where attrelid = 'aval.route'::regclass and attname = 'version')"))
                    .isTrue();
        }
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void warnsOfADatabaseThatIsNewer(CapturedOutput output) throws SQLException {
        run("create database newer");
        open(url("postgres", "newer"), 1).close();
        assertThat(output).doesNotContain("is newer than this server");
        runIn("newer", """
                insert into aval.databasechangelog (id, author, filename, dateexecuted, orderexecuted, exectype)
                values ('9001-later', 'aval', 'database/changes/9001-later.sql', now(), 9001, 'EXECUTED')""");

        open(url("postgres", "newer"), 1).close();

        assertThat(output).contains("is newer than this server: it has the change 9001-later");
    }

    @Test
    void doesNotStartOnADatabaseThatIsReadOnly() throws SQLException {
        run("create database standby");
        run("alter database standby set default_transaction_read_only = on");

        assertThatExceptionOfType(CannotStart.class)
                .isThrownBy(() -> open(url("postgres", "standby"), 1))
                .satisfies(refusal -> assertThat(refusal.reason()).contains("is read-only"));
    }

    @Test
    void waitsForAConnectionThatOthersHave() throws SQLException {
        run("create database others");
        open(url("postgres", "others"), 1).close();
        run("create role crowd login password 'crowd' connection limit 0");
        run("grant aval_app, aval_platform to crowd");
        run("create database crowded owner crowd");

        CompletableFuture<Void> start = CompletableFuture.runAsync(() -> {
            try (Database opened = open(url("crowd", "crowded"), 60)) {
                assertThat(opened.isEmbedded()).isFalse();
            }
        });
        await().atMost(Duration.ofMinutes(1)).during(Duration.ofSeconds(1)).until(() -> !start.isDone());
        run("alter role crowd connection limit -1");

        assertThat(start).succeedsWithin(Duration.ofMinutes(2));
    }

    @Test
    void tellsAWrongPasswordAtOnceAndWithoutRepeatingIt() {
        String url = url("postgres", "postgres").replaceFirst(":[^:@/]+@", ":guessed@");

        assertThatExceptionOfType(CannotStart.class)
                .isThrownBy(() -> open(url, 600))
                .satisfies(refusal -> {
                    assertThat(refusal.reason())
                            .contains("cannot be used")
                            .contains("password authentication failed")
                            .doesNotContain("guessed");
                    assertThat(refusal.remedy()).contains("AVAL_DB_URL");
                });
    }

    @Test
    void namesTheLoginThatIsWrong() throws SQLException {
        run("create database logins");
        String wrong = url("postgres", "logins").replaceFirst(":[^:@/]+@", ":guessed@");
        var settings = new DatabaseSettings.Db(
                url("postgres", "logins"), url("postgres", "logins"), wrong, Duration.ofSeconds(600), true, 2, 2);

        assertThatExceptionOfType(CannotStart.class)
                .isThrownBy(() -> Database.open(new DatabaseSettings(home, settings)))
                .satisfies(refusal -> {
                    assertThat(refusal.reason())
                            .contains("password authentication failed")
                            .doesNotContain("guessed");
                    assertThat(refusal.remedy()).contains("AVAL_DB_PLATFORM_URL");
                });
    }

    @Test
    void waitsForAServerThatDoesNotAnswerAndGivesUp() throws IOException {
        int nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = socket.getLocalPort();
        }

        assertThatExceptionOfType(CannotStart.class)
                .isThrownBy(() -> open("postgresql://ann:secret@127.0.0.1:" + nobody + "/aval", 1))
                .satisfies(refusal -> {
                    assertThat(refusal.reason()).contains("cannot be used").contains("refused");
                    assertThat(refusal.remedy()).contains("Check that it runs");
                });
    }

    @Test
    void refusesAServerThatIsTooOld() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> pretend(socket, "13.4"));

            assertThatExceptionOfType(CannotStart.class)
                    .isThrownBy(() -> open(
                            "postgresql://ann:secret@127.0.0.1:" + socket.getLocalPort() + "/aval?sslmode=disable", 1))
                    .satisfies(refusal -> {
                        assertThat(refusal.reason()).contains("PostgreSQL 13").contains("15 or newer");
                        assertThat(refusal.remedy()).contains("Upgrade");
                    });
        }
    }

    private static Database open(String url, int patience) {
        return Database.open(new DatabaseSettings(
                home, new DatabaseSettings.Db(url, null, null, Duration.ofSeconds(patience), true, 1, 1)));
    }

    private static String url(String login, String database) {
        PostgresAddress superuser = cluster.superuser();
        String password = login.equals(superuser.user()) ? superuser.password() : login;
        return "postgresql://" + login + ":" + password + "@127.0.0.1:" + superuser.port() + "/" + database
                + "?sslmode=disable";
    }

    private static void run(String sql) throws SQLException {
        runIn("postgres", sql);
    }

    private static void runIn(String database, String sql) throws SQLException {
        try (Jdbc jdbc = Jdbc.connect(cluster.superuser().to(database))) {
            jdbc.run(sql);
        }
    }

    /** As much of the protocol as a driver needs to learn the version: everybody may log in, every query is a SET. */
    private static void pretend(ServerSocket listener, String version) {
        try (Socket socket = listener.accept()) {
            socket.setSoTimeout(60_000);
            InputStream in = socket.getInputStream();
            in.readNBytes(ByteBuffer.wrap(in.readNBytes(4)).getInt() - 4);
            socket.getOutputStream().write(message('R', new byte[4]));
            for (String parameter : List.of(
                    "server_version\0" + version + "\0",
                    "client_encoding\0UTF8\0",
                    "server_encoding\0UTF8\0",
                    "DateStyle\0ISO, MDY\0",
                    "integer_datetimes\0on\0",
                    "standard_conforming_strings\0on\0")) {
                socket.getOutputStream().write(message('S', parameter.getBytes(StandardCharsets.US_ASCII)));
            }
            socket.getOutputStream().write(message('Z', new byte[] {'I'}));
            for (int type = in.read(); type >= 0; type = in.read()) {
                in.readNBytes(ByteBuffer.wrap(in.readNBytes(4)).getInt() - 4);
                if (type == 'Q') {
                    socket.getOutputStream().write(message('C', "SET\0".getBytes(StandardCharsets.US_ASCII)));
                    socket.getOutputStream().write(message('Z', new byte[] {'I'}));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] message(char type, byte[] content) {
        return ByteBuffer.allocate(5 + content.length)
                .put((byte) type)
                .putInt(4 + content.length)
                .put(content)
                .array();
    }
}
