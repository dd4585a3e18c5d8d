// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.faults;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.FreshDatabase;
import eu.aval.server.PostgresSetup;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The database is gone for a while: whoever asks is told to come again, and nothing that was acknowledged is lost. */
final class DatabaseOutageIntegrationTests {

    private static final long FIFTEEN_SECONDS = 15_000_000_000L;

    private final List<UUID> acknowledged = new CopyOnWriteArrayList<>();

    @TempDir
    Path data;

    @Test
    void saysSoAndGoesOnByItself() throws Exception {
        try (CountingSmsc smsc = new CountingSmsc(1);
                FreshDatabase database = PostgresSetup.freshDatabase();
                TcpProxy proxy = proxy(database)) {
            Map<String, String> environment = Map.of(
                    "AVAL_DB_URL", through(proxy, database.ownerUrl()),
                    "AVAL_DB_APP_URL", through(proxy, database.appUrl()),
                    "AVAL_DB_PLATFORM_URL", through(proxy, database.platformUrl()),
                    "AVAL_DEMO", "true",
                    "SMSC_PASSWORD", "secret");
            try (ServerProcess server = ServerProcess.launch(data, environment, "-Xmx256m")) {
                server.awaitReady();
                smsc.take(server, database);
                String key = server.demo("AVAL_API_KEY");
                send(server, key, 40);

                proxy.refuse();
                List<HttpResponse<String>> refused = sendFor(server, key);
                assertThat(server.get("/actuator/health/readiness").statusCode())
                        .isEqualTo(503);
                assertThat(server.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
                proxy.open();
                awaitAccepted(server, key);
                send(server, key, 20);

                proxy.fallSilent();
                List<HttpResponse<String>> unanswered = sendFor(server, key);
                proxy.open();
                awaitAccepted(server, key);
                send(server, key, 20);

                assertThat(refused).isNotEmpty().allSatisfy(DatabaseOutageIntegrationTests::isToldToComeAgain);
                assertThat(unanswered).isNotEmpty().allSatisfy(DatabaseOutageIntegrationTests::isToldToComeAgain);
                ServerProcess.await(
                        "an empty queue",
                        () -> database.number("select count(*) from aval.dispatch") == 0
                                && database.number("select count(*) from aval.attempt where outcome is null") == 0);
            }

            assertThat(smsc.seen().values()).as("times a text was submitted").containsOnly(1);
            for (UUID id : acknowledged) {
                assertThat(database.value("select status from aval.message where id = ?", id))
                        .isIn("SUBMITTED", "UNCERTAIN");
            }
        }
    }

    private static void isToldToComeAgain(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        assertThat(answer.body()).contains("\"code\":\"STORE_UNAVAILABLE\"", "\"status\":503");
    }

    private void send(ServerProcess server, String key, int messages) throws IOException {
        for (int i = 0; i < messages; i++) {
            acknowledged.add(server.send(key, "+33612345678", "message " + acknowledged.size()));
        }
    }

    /** What was answered in a quarter of a minute. */
    private List<HttpResponse<String>> sendFor(ServerProcess server, String key) throws IOException {
        List<HttpResponse<String>> answers = new CopyOnWriteArrayList<>();
        long end = System.nanoTime() + FIFTEEN_SECONDS;
        for (int i = 0; System.nanoTime() - end < 0; i++) {
            answers.add(server.post(key, "+33612345678", "lost " + UUID.randomUUID()));
            LockSupport.parkNanos(100_000_000);
        }
        return answers;
    }

    private void awaitAccepted(ServerProcess server, String key) {
        ServerProcess.await("the database", () -> {
            try {
                acknowledged.add(server.send(key, "+33612345678", "again " + UUID.randomUUID()));
                return true;
            } catch (IOException e) {
                return false;
            }
        });
    }

    private static TcpProxy proxy(FreshDatabase database) throws IOException {
        URI url = URI.create(database.ownerUrl());
        return new TcpProxy(url.getHost(), url.getPort());
    }

    private static String through(TcpProxy proxy, String url) {
        URI direct = URI.create(url);
        return url.replace(direct.getHost() + ":" + direct.getPort(), "127.0.0.1:" + proxy.port());
    }
}
