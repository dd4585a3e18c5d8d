// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.faults;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.FreshDatabase;
import eu.aval.server.PostgresSetup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 while it sends: nothing accepted is lost, nothing is sent twice, and what nobody can know is marked. */
@Timeout(value = ServerProcess.TEST_MINUTES, unit = TimeUnit.MINUTES)
final class KilledServerIntegrationTests {

    private static final int KILLS = 4;

    /** Of an SMPP account by default. A node leases as much again: what it leased when it was killed is in doubt. */
    private static final int WINDOW = 10;

    private record Acknowledged(UUID id, String text) {}

    private final Queue<Acknowledged> acknowledged = new ConcurrentLinkedQueue<>();
    private final AtomicInteger number = new AtomicInteger();

    @TempDir
    Path data;

    @Test
    void losesNothingAndSendsNothingTwiceWhenKilledAgainAndAgain() throws Exception {
        try (CountingSmsc smsc = new CountingSmsc(3);
                ToldEvents told = new ToldEvents();
                FreshDatabase database = PostgresSetup.freshDatabase()) {
            Map<String, String> environment = Map.of("SMSC_PASSWORD", "secret", "AVAL_WEBHOOKS_INSECURE", "true");
            String key;
            try (ServerProcess first = ServerProcess.start(database, data, environment)) {
                smsc.take(first, database);
                key = first.demo("AVAL_API_KEY");
                told.listen(first, key, "message.accepted");
            }

            for (int kill = 0; kill < KILLS; kill++) {
                ServerProcess server = ServerProcess.start(database, data, environment);
                sendUntilKilled(server, key);
            }
            try (ServerProcess last = ServerProcess.start(database, data, environment)) {
                last.send(key, "+33612345678", "the last one");
                awaitEmptyQueue(database);
                ServerProcess.await(
                        "every message to be told of",
                        () -> acknowledged.stream().allMatch(each -> told.ofMessage(each.id())));
            }

            check(smsc.seen(), database, KILLS);
        }
    }

    @Test
    void sendsNothingTwiceWithTwoServersOfWhichOneIsKilled() throws Exception {
        try (CountingSmsc smsc = new CountingSmsc(3);
                FreshDatabase database = PostgresSetup.freshDatabase()) {
            Map<String, String> environment = Map.of("SMSC_PASSWORD", "secret");
            try (ServerProcess survivor = ServerProcess.start(database, data, environment)) {
                smsc.take(survivor, database);
                String key = survivor.demo("AVAL_API_KEY");
                ServerProcess victim = ServerProcess.start(
                        database,
                        Files.createDirectory(data.resolve("victim")),
                        Map.of(
                                "SMSC_PASSWORD",
                                "secret",
                                "AVAL_ENCRYPTION_KEYFILE",
                                data.resolve("kek.json").toString()));
                Thread other = Thread.ofPlatform().start(() -> sendMany(survivor, key, 400));

                sendUntilKilled(victim, key);

                other.join();
                awaitEmptyQueue(database);
            }

            check(smsc.seen(), database, 1);
        }
    }

    @Test
    void completesAMessageOfWhichAKilledServerHadTakenAPart() throws Exception {
        try (CountingSmsc smsc = new CountingSmsc(0);
                FreshDatabase database = PostgresSetup.freshDatabase()) {
            Map<String, String> environment = Map.of("SMSC_PASSWORD", "secret");
            ServerProcess server = ServerProcess.start(database, data, environment);
            smsc.take(server, database);
            smsc.awaitBind();
            smsc.inboundPart("33612345678", "AVAL", 7, 2, 2, "OP");
            server.kill();
            ServerProcess.await("the bind to be gone", () -> !smsc.isBound());

            try (ServerProcess next = ServerProcess.start(database, data, environment)) {
                smsc.awaitBind();
                smsc.inboundPart("33612345678", "AVAL", 7, 2, 1, "ST");
            }

            assertThat(database.query("select meaning, complete from aval.inbound_message"))
                    .singleElement()
                    .satisfies(row ->
                            assertThat(row).containsEntry("meaning", "STOP").containsEntry("complete", true));
        }
    }

    private void sendUntilKilled(ServerProcess server, String key) throws InterruptedException {
        List<Thread> clients = new ArrayList<>();
        for (int client = 0; client < 4; client++) {
            clients.add(Thread.ofPlatform().start(() -> sendMany(server, key, Integer.MAX_VALUE)));
        }
        int before = acknowledged.size();
        ServerProcess.await("messages", () -> acknowledged.size() > before + 60);
        // Somewhere in the middle of something
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(1_000_000_000));
        server.kill();
        for (Thread client : clients) {
            client.join();
        }
    }

    private void sendMany(ServerProcess server, String key, int count) {
        try {
            for (int i = 0; i < count; i++) {
                String text = "message " + number.incrementAndGet();
                String to = "+336" + (10_000_000 + ThreadLocalRandom.current().nextInt(20_000_000));
                acknowledged.add(new Acknowledged(server.send(key, to, text), text));
            }
        } catch (IOException e) {
            // killed: what was not acknowledged may or may not be there
        }
    }

    private static void awaitEmptyQueue(FreshDatabase database) {
        ServerProcess.await(
                "an empty queue",
                () -> database.number("select count(*) from aval.dispatch") == 0
                        && database.number("select count(*) from aval.attempt where outcome is null") == 0);
    }

    private void check(Map<String, Integer> seen, FreshDatabase database, int kills) {
        assertThat(acknowledged).hasSizeGreaterThan(50);
        assertThat(seen.values()).as("times a text was submitted").containsOnly(1);

        int uncertain = 0;
        for (Acknowledged message : acknowledged) {
            Object status = database.value("select status from aval.message where id = ?", message.id());
            if ("UNCERTAIN".equals(status)) {
                uncertain++;
            } else {
                assertThat(status).isEqualTo("SUBMITTED");
                assertThat(seen).as("what is called submitted").containsKey(message.text());
            }
        }
        assertThat(uncertain).as("uncertain, after the kills").isLessThanOrEqualTo(kills * 2 * WINDOW);
    }
}
