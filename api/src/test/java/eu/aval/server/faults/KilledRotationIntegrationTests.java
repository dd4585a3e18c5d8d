// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.faults;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.FreshDatabase;
import eu.aval.server.PostgresSetup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 in the middle of a rotation of what indexes and of what seals. */
@Timeout(value = ServerProcess.TEST_MINUTES, unit = TimeUnit.MINUTES)
final class KilledRotationIntegrationTests {

    private static final int PEOPLE = 40;

    private static final Map<String, String> ENVIRONMENT = Map.of(
            "AVAL_ROTATION_POLL", "200ms",
            "AVAL_ROTATION_SETTLE", "200ms",
            "AVAL_ROTATION_GRACE", "1s",
            "AVAL_ROTATION_BATCH", "1",
            "AVAL_ROTATION_REST", "50ms",
            "AVAL_ROTATION_LEASE", "10s");

    @TempDir
    Path data;

    @Test
    void goesOnWhereTheServerWasKilled() throws Exception {
        try (FreshDatabase database = PostgresSetup.freshDatabase()) {
            ServerProcess first = ServerProcess.start(database, data, slow());
            String key = apiKey();
            for (int n = 0; n < PEOPLE; n++) {
                first.send(key, "+336399800%02d".formatted(n), "Bonjour");
            }
            UUID tenant = (UUID) database.value("select tenant_id from aval.subject limit 1");
            begin(database, tenant, "PRF");
            begin(database, tenant, "AEAD");
            await(() -> carried(database) > PEOPLE / 2);

            first.kill();

            long before = carried(database);
            assertThat(before).as("carried when it was killed").isLessThan(2 * PEOPLE);
            try (ServerProcess second = ServerProcess.start(database, data, ENVIRONMENT)) {
                await(() -> database.number("select count(*) from aval.key_rotation where state = 'DONE'") == 2);
                second.send(key, "+33639980001", "Encore");
            }

            assertThat(carried(database)).as("each once").isEqualTo(2 * PEOPLE);
            assertThat(database.number("select count(*) from aval.subject where tenant_id = ?", tenant))
                    .isEqualTo(PEOPLE);
            assertThat(database.number(
                            "select count(distinct substring(number_index, 1, 4)) from aval.subject where tenant_id = ?",
                            tenant))
                    .isEqualTo(1);
            assertThat(database.number(
                            "select count(distinct substring(wrapped, 1, 5)) from aval_keys.subject_key where tenant_id = ?",
                            tenant))
                    .isEqualTo(1);
        }
    }

    /** Enough to be hit. */
    private static Map<String, String> slow() {
        Map<String, String> environment = new HashMap<>(ENVIRONMENT);
        environment.put("AVAL_ROTATION_REST", "300ms");
        return environment;
    }

    private static void begin(FreshDatabase database, UUID tenant, String kind) {
        database.execute(
                "insert into aval.key_rotation (id, tenant_id, kind, state, step, started_by, started_at, next_at)"
                        + " values (?, ?, ?, 'RUNNING', 'ADD', 'system', now(), now())",
                UUID.randomUUID(),
                tenant,
                kind);
    }

    private static long carried(FreshDatabase database) {
        return database.number("select coalesce(sum(carried), 0) from aval.key_rotation");
    }

    private String apiKey() throws IOException {
        return Files.readAllLines(data.resolve("demo.env")).stream()
                .filter(line -> line.contains("AVAL_API_KEY="))
                .map(line ->
                        line.substring(line.indexOf('=') + 1).replace("'", "").replace("\"", ""))
                .findFirst()
                .orElseThrow();
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        Instant end = Instant.now().plus(Duration.ofMinutes(3));
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as("waited too long").isBefore(end);
            Thread.sleep(50);
        }
    }
}
