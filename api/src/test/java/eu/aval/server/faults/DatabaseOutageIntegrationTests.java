// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.faults;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.FreshDatabase;
import eu.aval.server.PostgresSetup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL is gone for half a minute, with messages in the queue and on their way. */
@Timeout(value = ServerProcess.TEST_MINUTES, unit = TimeUnit.MINUTES)
final class DatabaseOutageIntegrationTests {

    private static final long OUTAGE_NANOS = 30_000_000_000L;
    private static final int QUEUED = 300;

    /** Of an SMPP account by default, and as much again that its node has leased. */
    private static final int IN_DOUBT = 20;

    private static final int MOST_WARNINGS = 60;

    @TempDir
    Path data;

    @Test
    void refusesWithARetryAfterAndGoesOnByItself() throws Exception {
        try (FreshDatabase database = PostgresSetup.freshDatabase();
                CountingSmsc smsc = new CountingSmsc(100);
                SeverableLink link = linkTo(database.ownerUrl())) {
            Map<String, String> environment =
                    new HashMap<>(ServerProcess.on(database, Map.of("SMSC_PASSWORD", "secret")));
            environment.replaceAll((name, value) -> name.endsWith("_URL") ? link.through(value) : value);
            try (ServerProcess server = ServerProcess.launch(data, environment, "-Xmx256m")) {
                server.awaitReady();
                smsc.take(server, database);
                String key = server.demo("AVAL_API_KEY");
                Map<UUID, String> acknowledged = new HashMap<>();
                for (int i = 0; i < QUEUED; i++) {
                    acknowledged.put(server.send(key, "+33612345678", "before " + i), "before " + i);
                }

                int before = server.log().length();
                link.sever();
                long end = System.nanoTime() + OUTAGE_NANOS;
                List<HttpResponse<String>> meanwhile = new ArrayList<>();
                List<Integer> readiness = new ArrayList<>();
                while (System.nanoTime() < end) {
                    meanwhile.add(server.post(key, "+33612345678", "meanwhile"));
                    readiness.add(server.get("/actuator/health/readiness").statusCode());
                    LockSupport.parkNanos(500_000_000);
                }
                link.mend();

                assertThat(meanwhile).allSatisfy(answer -> {
                    assertThat(answer.statusCode()).isEqualTo(503);
                    assertThat(answer.body()).contains("\"code\":\"STORE_UNAVAILABLE\"");
                    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
                });
                assertThat(readiness).as("readiness").containsOnly(503);
                assertThat(server.log()
                                .substring(before)
                                .lines()
                                .filter(line -> line.contains(" WARN "))
                                .toList())
                        .as("each kind of work, once or for a few reasons")
                        .hasSizeBetween(1, MOST_WARNINGS)
                        .doesNotHaveDuplicates();
                assertThat(server.log().substring(before)).doesNotContain("\tat ", " ERROR ");
                server.awaitReady();
                ServerProcess.await("an accepted message", () -> accepts(server, key, acknowledged));
                awaitEmptyQueue(database);
                ServerProcess.await("the end of the trouble", () -> server.log().contains("The database works again"));
                check(acknowledged, smsc, database);
            }
        }
    }

    private static boolean accepts(ServerProcess server, String key, Map<UUID, String> acknowledged) {
        try {
            HttpResponse<String> answer = server.post(key, "+33612345678", "after");
            if (answer.statusCode() == 202) {
                return acknowledged.put(server.send(key, "+33612345678", "the last one"), "the last one") == null;
            }
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void check(Map<UUID, String> acknowledged, CountingSmsc smsc, FreshDatabase database) {
        Map<String, Integer> seen = new HashMap<>(smsc.seen());
        seen.keySet().removeIf(text -> text.startsWith("probe"));
        assertThat(seen.values()).as("times a text was submitted").containsOnly(1);
        int uncertain = 0;
        for (Map.Entry<UUID, String> message : acknowledged.entrySet()) {
            Object status = database.value("select status from aval.message where id = ?", message.getKey());
            if ("UNCERTAIN".equals(status)) {
                uncertain++;
            } else {
                assertThat(status).isEqualTo("SUBMITTED");
                assertThat(seen).as("what is called submitted").containsKey(message.getValue());
            }
        }
        assertThat(uncertain).as("uncertain").isLessThanOrEqualTo(IN_DOUBT);
    }

    private static void awaitEmptyQueue(FreshDatabase database) {
        ServerProcess.await(
                "an empty queue",
                () -> database.number("select count(*) from aval.dispatch") == 0
                        && database.number("select count(*) from aval.attempt where outcome is null") == 0);
    }

    private static SeverableLink linkTo(String url) throws IOException {
        URI address = URI.create(url);
        return new SeverableLink(address.getHost(), address.getPort());
    }
}
