// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The data directory has no room left while the server runs. Only where a file system of its own can be mounted. */
@Timeout(value = ServerProcess.TEST_MINUTES, unit = TimeUnit.MINUTES)
final class FullDiskIntegrationTests {

    @TempDir
    static Path folder;

    @Test
    void saysSoAndRefusesUntilThereIsRoomAgain() throws Exception {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=700m", "tmpfs", disk.toString()), "Needs a mount");
        try (ServerProcess server = ServerProcess.launch(disk, Map.of(), "-Xmx256m")) {
            server.awaitReady();
            String key = server.demo("AVAL_API_KEY");
            List<UUID> acknowledged = new ArrayList<>();
            acknowledged.add(server.send(key, "+33639980000", "before"));
            Path filler = disk.resolve("filler");
            fill(filler);

            List<HttpResponse<String>> refusals = new ArrayList<>();
            ServerProcess.await("refusals", () -> {
                HttpResponse<String> answer = post(server, key);
                if (answer.statusCode() != 202) {
                    refusals.add(answer);
                }
                return refusals.size() > 5 && server.log().contains("disk is full");
            });
            assertThat(server.get("/actuator/health/readiness").statusCode()).isEqualTo(503);
            assertThat(server.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
            Files.delete(filler);
            ServerProcess.await("an accepted message", () -> post(server, key).statusCode() == 202);
            server.awaitReady();

            assertThat(refusals).allSatisfy(answer -> {
                assertThat(answer.statusCode()).isEqualTo(503);
                assertThat(answer.body()).contains("\"code\":\"STORE_UNAVAILABLE\"");
                assertThat(answer.headers().firstValue("Retry-After")).isPresent();
            });
            assertThat(server.get("/v1/messages/" + acknowledged.getFirst(), key)
                            .statusCode())
                    .isEqualTo(200);
        } finally {
            run("umount", "-l", disk.toString());
        }
    }

    /** Long, so that the log of the database needs new files soon. */
    private static HttpResponse<String> post(ServerProcess server, String key) {
        try {
            return server.post(key, "+33639980000", "x".repeat(1_000));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void fill(Path filler) throws IOException {
        try (OutputStream out = Files.newOutputStream(filler)) {
            byte[] octets = new byte[1 << 16];
            while (true) {
                out.write(octets);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
    }

    private static boolean run(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
