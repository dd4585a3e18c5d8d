// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.faults;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.FreshDatabase;
import eu.aval.server.PostgresSetup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** More lines in one request than the server could hold in its memory. */
@Timeout(value = ServerProcess.TEST_MINUTES, unit = TimeUnit.MINUTES)
final class LargeStreamIntegrationTests {

    private static final int LINES = 50_000;

    /** Far in the future: what is sent meanwhile would only be in the way. */
    private static final String SEND_AT = java.time.Instant.now()
            .plus(java.time.Duration.ofDays(30))
            .truncatedTo(java.time.temporal.ChronoUnit.SECONDS)
            .toString();

    @TempDir
    static Path data;

    private static FreshDatabase database;
    private static ServerProcess server;
    private static String key;

    @BeforeAll
    static void start() throws IOException {
        database = PostgresSetup.freshDatabase();
        server = ServerProcess.launch(
                data, ServerProcess.on(database, Map.of()), "-Xmx160m", "-XX:+ExitOnOutOfMemoryError");
        server.awaitReady();
        key = server.demo("AVAL_API_KEY");
    }

    @AfterAll
    static void stop() throws InterruptedException {
        server.close();
        database.close();
    }

    @Test
    void answersEachOfFiftyThousandLinesWithASmallHeap() throws Exception {
        long before = database.number("select count(*) from aval.message");
        try (LineStream stream = new LineStream(server.url(), key)) {
            stream.write(0, LINES, LargeStreamIntegrationTests::line);
            stream.finish();

            assertThat(stream.status()).isEqualTo("HTTP/1.1 202 Accepted");
            assertThat(stream.other()).isEmpty();
            assertThat(stream.answers()).hasSize(LINES);
            assertThat(List.copyOf(stream.answers().values())).doesNotHaveDuplicates();
        }
        assertThat(database.number("select count(*) from aval.message") - before)
                .isEqualTo(LINES);
        assertThat(server.isAlive()).as("no OutOfMemoryError").isTrue();
    }

    @Test
    void keepsEveryLineThatItAnsweredThoughItsClientsWentAway() throws Exception {
        Queue<UUID> acknowledged = new ConcurrentLinkedQueue<>();
        List<Thread> clients = new ArrayList<>();
        for (int client = 0; client < 6; client++) {
            int pieces = 2 + client;
            clients.add(Thread.ofPlatform().start(() -> {
                try (LineStream stream = new LineStream(server.url(), key)) {
                    for (int piece = 0; piece < pieces; piece++) {
                        stream.write(piece * 500, 500, LargeStreamIntegrationTests::line);
                    }
                    ServerProcess.await("answers", () -> stream.answers().size() > 400);
                    stream.abandon();
                    acknowledged.addAll(stream.answers().values());
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        for (Thread client : clients) {
            client.join();
        }

        assertThat(acknowledged).hasSizeGreaterThan(2_400);
        assertThat(database.number(
                        "select count(*) from aval.message where id = any(?::uuid[])",
                        "{"
                                + String.join(
                                        ",",
                                        acknowledged.stream()
                                                .map(UUID::toString)
                                                .toList()) + "}"))
                .isEqualTo(acknowledged.size());
        assertThat(server.send(key, "+33639980000", "still there")).isNotNull();
    }

    private static String line(int i) {
        return "{\"to\":\"+336" + (10_000_000 + i % 5_000) + "\",\"text\":\"Text " + i
                + "\",\"purpose\":\"transactional\",\"sendAt\":\"" + SEND_AT + "\"}";
    }
}
