// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.FreshDatabase;
import eu.aval.server.PostgresSetup;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Iterator;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stream of messages larger than the server's heap is answered item by item. */
final class LargeStreamIntegrationTests {

    private static final int ITEMS = 50_000;
    private static final Pattern INDEX = Pattern.compile("^\\{\"index\":(\\d+),\"(message|problem)\":");

    /** Longer than anything that is taken, so that the body alone is larger than the heap. */
    private static final String FILLING = " ".repeat(3_000);

    @TempDir
    Path data;

    @Test
    void answersEveryItemThoughTheBodyIsLargerThanTheHeap() throws Exception {
        try (FreshDatabase database = PostgresSetup.freshDatabase();
                ServerProcess server = ServerProcess.launch(
                        data,
                        ServerProcess.on(database, Map.of("AVAL_DISPATCH_ENABLED", "false")),
                        "-Xmx112m",
                        "-XX:+ExitOnOutOfMemoryError")) {
            server.awaitReady();

            HttpResponse<String> answer = server.post(
                    "/v1/messages/batch",
                    server.demo("AVAL_API_KEY"),
                    "application/x-ndjson",
                    HttpRequest.BodyPublishers.ofByteArrays(LargeStreamIntegrationTests::lines));

            assertThat(answer.statusCode()).isEqualTo(202);
            BitSet accepted = new BitSet();
            BitSet refused = new BitSet();
            answer.body().lines().forEach(line -> {
                Matcher index = INDEX.matcher(line);
                assertThat(index.find()).as(line).isTrue();
                (index.group(2).equals("message") ? accepted : refused).set(Integer.parseInt(index.group(1)));
            });
            assertThat(refused.stream()).allMatch(index -> index % 1_000 == 7).hasSize(ITEMS / 1_000);
            assertThat(accepted.cardinality()).isEqualTo(ITEMS - ITEMS / 1_000);
            assertThat(accepted.intersects(refused)).isFalse();
            assertThat(database.number("select count(*) from aval.message")).isEqualTo(accepted.cardinality());
            assertThat(server.isAlive()).isTrue();
        }
    }

    private static Iterator<byte[]> lines() {
        return IntStream.range(0, ITEMS)
                .mapToObj(i -> (i % 1_000 == 7
                                ? "{\"to\":\"nobody\"}\n"
                                : "{\"to\":\"+336399809%02d\",\"text\":\"Message %d\",%s\"purpose\":\"service\"}\n"
                                        .formatted(i % 100, i, FILLING))
                        .getBytes(UTF_8))
                .iterator();
    }
}
