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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 while it sends: nothing accepted is lost, nothing is sent twice, and what nobody can know is marked. */
final class KilledServerIntegrationTests {

    private static final int KILLS = 4;

    private record Acknowledged(UUID id, String text) {}

    private final Queue<Acknowledged> acknowledged = new ConcurrentLinkedQueue<>();
    private final AtomicInteger number = new AtomicInteger();

    @TempDir
    Path data;

    @Test
    void losesNothingAndSendsNothingTwiceWhenKilledAgainAndAgain() throws Exception {
        try (CountingSmsc smsc = new CountingSmsc(3);
                FreshDatabase database = PostgresSetup.freshDatabase()) {
            Map<String, String> environment = Map.of("SMSC_PASSWORD", "secret");
            try (ServerProcess first = ServerProcess.start(database, data, environment)) {
                leadTo(smsc, database);
            }
            String key = apiKey();

            for (int kill = 0; kill < KILLS; kill++) {
                ServerProcess server = ServerProcess.start(database, data, environment);
                sendUntilKilled(server, key);
            }
            try (ServerProcess last = ServerProcess.start(database, data, environment)) {
                last.send(key, "+33612345678", "the last one");
                awaitEmptyQueue(database);
            }

            check(smsc.seen(), database);
        }
    }

    @Test
    void sendsNothingTwiceWithTwoServersOfWhichOneIsKilled() throws Exception {
        try (CountingSmsc smsc = new CountingSmsc(3);
                FreshDatabase database = PostgresSetup.freshDatabase()) {
            Map<String, String> environment = Map.of("SMSC_PASSWORD", "secret");
            try (ServerProcess survivor = ServerProcess.start(database, data, environment)) {
                leadTo(smsc, database);
                String key = apiKey();
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

            check(smsc.seen(), database);
        }
    }

    /** Points the demo tenant's route at the SMSC. */
    private static void leadTo(CountingSmsc smsc, FreshDatabase database) {
        UUID account = UUID.randomUUID();
        database.execute(
                "insert into aval.carrier_account (id, name, carrier_id, configuration, secrets) values (?, 'smsc', 'smpp',"
                        + " jsonb_build_object('host', '127.0.0.1', 'port', ?::text, 'system-id', 'aval'),"
                        + " '{\"password\": \"env:SMSC_PASSWORD\"}')",
                account,
                Integer.toString(smsc.port()));
        database.execute("update aval.route set carrier_account_id = ?", account);
    }

    private String apiKey() throws IOException {
        return Files.readAllLines(data.resolve("demo.env")).stream()
                .filter(line -> line.contains("AVAL_API_KEY="))
                .map(line ->
                        line.substring(line.indexOf('=') + 1).replace("'", "").replace("\"", ""))
                .findFirst()
                .orElseThrow();
    }

    private void sendUntilKilled(ServerProcess server, String key) throws InterruptedException {
        List<Thread> clients = new ArrayList<>();
        for (int client = 0; client < 4; client++) {
            clients.add(Thread.ofPlatform().start(() -> sendMany(server, key, Integer.MAX_VALUE)));
        }
        Thread.sleep(ThreadLocalRandom.current().nextInt(2_500, 5_000));
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
                String body = server.send(key, to, text);
                int from = body.indexOf("\"id\":\"") + 6;
                acknowledged.add(new Acknowledged(UUID.fromString(body.substring(from, from + 36)), text));
            }
        } catch (IOException | InterruptedException e) {
            // killed: what was not acknowledged may or may not be there
        }
    }

    private static void awaitEmptyQueue(FreshDatabase database) {
        for (int tenths = 0; tenths < 600; tenths++) {
            if (database.number("select count(*) from aval.dispatch") == 0
                    && database.number("select count(*) from aval.attempt where outcome is null") == 0) {
                return;
            }
            LockSupport.parkNanos(100_000_000);
        }
        throw new AssertionError("Still waiting: " + database.query("select * from aval.dispatch limit 5"));
    }

    private void check(Map<String, Integer> seen, FreshDatabase database) {
        assertThat(acknowledged).hasSizeGreaterThan(200);
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
        assertThat(uncertain).as("uncertain, after the kills").isLessThan(acknowledged.size() / 4);
    }
}
