// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The life of one server with a PostgreSQL of its own, from its first start to its second. In this order. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = ServerProcess.TEST_MINUTES, unit = TimeUnit.MINUTES)
final class EmbeddedServerIntegrationTests {

    private static final List<UUID> acknowledged = new CopyOnWriteArrayList<>();

    @TempDir
    static Path data;

    private static ServerProcess server;

    @BeforeAll
    static void startForTheFirstTime() throws IOException {
        server = ServerProcess.launch(data, Map.of(), "-Xmx256m");
        server.awaitReady();
    }

    @AfterAll
    static void stop() throws InterruptedException {
        server.close();
    }

    @Test
    @Order(1)
    void leavesKeysThatOnlyItsUserCanRead() throws IOException {
        assertThat(Files.getPosixFilePermissions(data.resolve("demo.env")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(server.log()).contains("A demo tenant is ready").doesNotContain(server.demo("AVAL_API_KEY"));

        acknowledged.add(server.send(server.demo("AVAL_API_KEY"), "+33639980000", "first"));
    }

    @Test
    @Order(2)
    void bringsItsPostgresBackWhenThatWasKilled() throws IOException {
        String key = server.demo("AVAL_API_KEY");
        long killed = postmaster();
        ProcessHandle.of(killed).orElseThrow().destroyForcibly();

        List<HttpResponse<String>> answers = new ArrayList<>();
        ServerProcess.await("a new PostgreSQL", () -> {
            try {
                HttpResponse<String> answer = server.post(key, "+33639980000", "meanwhile");
                answers.add(answer);
                return answer.statusCode() == 202 && postmaster() != killed;
            } catch (IOException e) {
                throw new AssertionError("Not answered", e);
            }
        });

        assertThat(answers).allSatisfy(answer -> {
            assertThat(answer.statusCode()).isIn(202, 503);
            if (answer.statusCode() == 503) {
                assertThat(answer.body()).contains("\"code\":\"STORE_UNAVAILABLE\"");
                assertThat(answer.headers().firstValue("Retry-After")).isPresent();
            }
        });
        assertThat(server.log()).contains("PostgreSQL has ended though nobody stopped it", "PostgreSQL runs again");
        assertThat(server.get("/v1/messages/" + acknowledged.getFirst(), key).statusCode())
                .isEqualTo(200);
    }

    @Test
    @Order(3)
    void refusesAPortThatIsTaken() throws Exception {
        String port = Integer.toString(server.url().getPort());

        try (ServerProcess second = ServerProcess.launch(
                Files.createDirectory(data.resolve("second")), Map.of("AVAL_PORT", port), "-Xmx256m")) {
            assertThat(second.awaitEnd()).isEqualTo(1);

            assertThat(second.log())
                    .contains("Port " + port + " was already in use", "APPLICATION FAILED TO START")
                    .doesNotContain("\tat ");
            assertThat(data.resolve("second/postgres/cluster/postmaster.pid")).doesNotExist();
        }
    }

    @Test
    @Order(4)
    void refusesADataDirectoryThatIsInUse() throws Exception {
        try (ServerProcess second = ServerProcess.launch(data, Map.of(), "-Xmx256m")) {
            assertThat(second.awaitEnd()).isEqualTo(1);

            assertThat(second.log()).contains("uses the data directory", "AVAL_DATA");
        }
    }

    @Test
    @Order(5)
    void drainsAndEndsWhenAsked() throws Exception {
        String key = server.demo("AVAL_API_KEY");
        Thread client = Thread.ofPlatform().start(() -> {
            try {
                for (int i = 0; ; i++) {
                    acknowledged.add(server.send(key, "+33639980000", "until the end " + i));
                }
            } catch (IOException e) {
                // It takes no more
            }
        });
        ServerProcess.await("messages", () -> acknowledged.size() > 50);
        int before = server.log().length();

        server.terminate();

        assertThat(server.awaitEnd()).isZero();
        client.join();
        assertThat(server.log().substring(before))
                .contains("Stopping PostgreSQL")
                .doesNotContain("left threads", " ERROR ");
        assertThat(data.resolve("postgres/cluster/postmaster.pid")).doesNotExist();
    }

    @Test
    @Order(6)
    void keepsEverythingForTheNextStart() throws Exception {
        String keys = Files.readString(data.resolve("demo.env"));

        server = ServerProcess.launch(data, Map.of(), "-Xmx256m");
        server.awaitReady();

        assertThat(Files.readString(data.resolve("demo.env"))).isEqualTo(keys);
        assertThat(server.log()).doesNotContain("A demo tenant is ready", "First start");
        for (UUID id : acknowledged) {
            assertThat(server.get("/v1/messages/" + id, server.demo("AVAL_API_KEY"))
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    @Order(7)
    void endsOnCtrlCToo() throws Exception {
        boolean heedsInterrupt = server.heedsInterrupt();
        if (heedsInterrupt) {
            server.interrupt();
        } else {
            // The tests that follow need it gone all the same
            server.terminate();
        }

        assertThat(server.awaitEnd()).isZero();
        assertThat(data.resolve("postgres/cluster/postmaster.pid")).doesNotExist();
        assumeThat(heedsInterrupt)
                .as("not begun by a job in the background of a shell")
                .isTrue();
    }

    @Test
    @Order(8)
    void refusesToStartWithoutTheKeysOfItsData() throws Exception {
        Path keys = data.resolve("kek.json");
        Path aside = Files.move(keys, data.resolve("kek.json.aside"));

        try (ServerProcess without = ServerProcess.launch(data, Map.of(), "-Xmx256m")) {
            assertThat(without.awaitEnd()).isEqualTo(1);

            assertThat(without.log())
                    .contains("The key file " + keys + " is missing", "from its backup")
                    .doesNotContain("\tat ", " WARN ");
        }
        assertThat(keys).doesNotExist();

        Files.writeString(keys, "{");
        Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));
        try (ServerProcess broken = ServerProcess.launch(data, Map.of(), "-Xmx256m")) {
            assertThat(broken.awaitEnd()).isEqualTo(1);

            assertThat(broken.log())
                    .contains("The key file " + keys + " is broken")
                    .doesNotContain("\tat ");
        }
        Files.move(aside, keys, StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    @Order(9)
    void leavesNoPostgresBehindWhenItsStartIsCutOff() throws Exception {
        try (ServerProcess cut = ServerProcess.launch(data, Map.of(), "-Xmx256m")) {
            ServerProcess.await("the database", () -> cut.log().contains("The database is up to date"));
            assertThat(data.resolve("postgres/cluster/postmaster.pid")).exists();

            cut.terminate();
            cut.awaitEnd();

            assertThat(data.resolve("postgres/cluster/postmaster.pid")).doesNotExist();
            assertThat(cut.log()).doesNotContain("does not stop within");
        }
    }

    private static long postmaster() {
        try {
            return Long.parseLong(Files.readAllLines(data.resolve("postgres/cluster/postmaster.pid"))
                    .getFirst()
                    .strip());
        } catch (IOException | java.util.NoSuchElementException e) {
            return -1;
        }
    }
}
