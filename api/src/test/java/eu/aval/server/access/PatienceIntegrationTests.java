// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import static eu.aval.server.access.Wire.chunk;
import static eu.aval.server.access.Wire.connect;
import static eu.aval.server.access.Wire.rest;
import static eu.aval.server.access.Wire.until;
import static eu.aval.server.access.Wire.write;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.FreshDatabase;
import eu.aval.server.PlatformTest;
import eu.aval.server.RestSetup;
import eu.aval.server.SendingSetup;
import eu.aval.server.shared.TenantId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.TestPropertySource;

/** Clients that stop in the middle, and clients that only seem to. */
@PlatformTest
@TestPropertySource(
        properties = {
            "aval.http.body-pause=1s",
            "aval.http.body=3s",
            "aval.http.answer-pause=4s",
            "aval.webhooks.heartbeat=5s"
        })
final class PatienceIntegrationTests {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int TRIES = 5;
    private static final Duration TOLERATED = Duration.ofMillis(250);
    private static final String MESSAGE = "{\"to\":\"+33639980900\",\"text\":\"a\",\"purpose\":\"service\"}";

    @Autowired
    private RestSetup rest;

    @Autowired
    private SendingSetup sending;

    @Autowired
    private FreshDatabase database;

    @LocalServerPort
    private int port;

    private TenantId tenant;
    private String key;
    private Troubles troubles;

    @BeforeEach
    void createTenant() {
        tenant = sending.tenant();
        key = rest.key(tenant);
    }

    @BeforeEach
    void listen() {
        troubles = new Troubles();
    }

    @AfterEach
    void listenNoMore() {
        troubles.close();
    }

    @Test
    void answersADocumentThatStops() throws Exception {
        for (String path : new String[] {"/v1/messages", "/v1/messages/batch", "/v1/consents"}) {
            try (Socket socket = connect(port)) {
                write(socket, post(path, "application/json", key) + "Content-Length: 100\r\n\r\n" + "{\"to\":");

                assertTimedOut(rest(socket));
            }
        }
        assertThat(messages()).isZero();
        assertThat(troubles.told()).isEmpty();
    }

    @Test
    void answersAQueryThatStops() throws Exception {
        try (Socket socket = connect(port)) {
            write(
                    socket,
                    post("/graphql", "application/json", rest.token(Operator.Role.ADMIN))
                            + "Content-Length: 100\r\n\r\n{\"query\":");

            assertTimedOut(rest(socket));
        }
    }

    @Test
    void answersADocumentThatTakesForEver() throws Exception {
        try (Socket socket = connect(port)) {
            write(socket, post("/v1/messages", "application/json", key) + "Content-Length: 1000\r\n\r\n");
            CompletableFuture<String> answer = read(socket);
            while (!answer.isDone() && writes(socket, " ")) {
                Thread.sleep(200);
            }

            assertTimedOut(answer.join());
        }
    }

    @Test
    void answersAStreamUpToWhereItStopsAndSaysSo() throws Exception {
        try (Socket socket = connect(port)) {
            write(
                    socket,
                    post("/v1/messages/batch", "application/x-ndjson", key) + "Transfer-Encoding: chunked\r\n\r\n"
                            + chunk(MESSAGE + "\n" + MESSAGE.substring(10)));

            String answer = rest(socket);

            assertThat(answer).startsWith("HTTP/1.1 202");
            assertThat(answer.lines().filter(line -> line.startsWith("{")).toList())
                    .satisfiesExactly(
                            line -> assertThat(line).startsWith("{\"index\":0,\"message\":"),
                            line -> assertThat(line).startsWith("{\"problem\":").contains("REQUEST_TIMEOUT"));
        }
        assertThat(messages()).isOne();
    }

    @Test
    void letsAStreamTakeAnyTimeWhileSomethingComes() throws Exception {
        unlessTheMachinePauses(() -> {
            try (Socket socket = stream()) {
                CompletableFuture<String> answer = read(socket);
                write(socket, chunk(MESSAGE + "\n"));
                for (int i = 0; i < 9; i++) {
                    Thread.sleep(500);
                    write(socket, chunk("\n"));
                }
                write(socket, chunk(MESSAGE + "\n") + "0\r\n\r\n");

                assertThat(answer.join())
                        .contains("\"index\":0,\"message\"", "\"index\":1,\"message\"")
                        .doesNotContain("problem");
            }
            assertThat(messages()).isEqualTo(2);
        });
    }

    @Test
    void blamesNobodyForWhatItDoesNotRead() throws Exception {
        unlessTheMachinePauses(() -> {
            try (Socket socket = stream()) {
                CompletableFuture<Integer> written = CompletableFuture.supplyAsync(() -> flood(socket, 40_000));
                // longer than a body may pause, and less than an answer may
                Thread.sleep(2_500);
                CompletableFuture<String> answer = read(socket);

                assertThat(written).succeedsWithin(PATIENCE).isEqualTo(40_000);
                write(socket, "0\r\n\r\n");
                assertThat(answer.join().lines().filter(line -> line.contains("\"index\":")))
                        .hasSizeGreaterThanOrEqualTo(40_000);
                assertThat(answer.join()).contains("\"index\":39999").doesNotContain("REQUEST_TIMEOUT");
            }
        });
    }

    @Test
    void letsNobodyHoldAnAnswerForEver() throws Exception {
        try (Socket socket = connect(port)) {
            write(
                    socket,
                    post("/v1/messages/batch", "application/x-ndjson", key) + "Transfer-Encoding: chunked\r\n\r\n");

            assertThat(CompletableFuture.supplyAsync(() -> flood(socket, 1_000_000)))
                    .succeedsWithin(PATIENCE)
                    .satisfies(written -> assertThat(written).isLessThan(1_000_000));
        }
        assertThat(troubles.told()).isEmpty();
    }

    @Test
    void takesOnlySoManyRequestsWhoseAnswersNobodyReads() throws Exception {
        byte[] requests =
                "GET /v1/messages HTTP/1.1\r\nHost: a\r\n\r\n".repeat(1_000).getBytes(UTF_8);
        try (Socket socket = connect(port)) {
            assertThat(CompletableFuture.runAsync(() -> {
                        for (int i = 0; i < 2_000; i++) {
                            write(socket, requests);
                        }
                    }))
                    .failsWithin(PATIENCE)
                    .withThrowableThat()
                    .withCauseInstanceOf(UncheckedIOException.class);
        }
        assertThat(troubles.told()).isEmpty();
    }

    @Test
    void letsAStreamOfEventsBeSilent() throws Exception {
        try (Socket socket = connect(port)) {
            write(socket, "GET /v1/events HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + key + "\r\n\r\n");

            assertThat(until(socket, ":listening")).startsWith("HTTP/1.1 200");
            // longer than any of the times
            assertThat(until(socket, ":listening")).contains("retry:");
        }
    }

    @Test
    void doesNotWaitForTheRestOfWhatItHasRefused() throws Exception {
        try (Socket socket = connect(port)) {
            write(socket, post("/v1/messages", "application/json", "nobody") + "Content-Length: 1000\r\n\r\n{");
            CompletableFuture<String> answer = read(socket);
            while (!answer.isDone() && writes(socket, " ")) {
                Thread.sleep(200);
            }

            assertThat(answer.join()).startsWith("HTTP/1.1 401").doesNotContain("REQUEST_TIMEOUT");
        }
    }

    @FunctionalInterface
    private interface Attempt {
        void run() throws Exception;
    }

    /** Once more where the machine was held up: a client that it holds up is one that stops, and is treated as one. */
    private void unlessTheMachinePauses(Attempt attempt) throws Exception {
        for (int tries = 1; ; tries++) {
            Pauses pauses = new Pauses();
            try (pauses) {
                attempt.run();
                return;
            } catch (AssertionError | Exception failed) {
                if (tries == TRIES || pauses.worst().compareTo(TOLERATED) < 0) {
                    throw failed;
                }
            }
            createTenant();
        }
    }

    /** Whose body is still to come, in chunks. */
    private Socket stream() throws IOException {
        Socket socket = connect(port);
        write(
                socket,
                post("/v1/messages/batch", "application/x-ndjson", key)
                        + "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n");
        return socket;
    }

    private static void assertTimedOut(String answer) {
        assertThat(answer)
                .startsWith("HTTP/1.1 408 ")
                .contains("\"code\":\"REQUEST_TIMEOUT\"", "\"type\":\"/problems/request-timeout\"")
                .containsIgnoringCase("\r\nContent-Type: application/problem+json\r\n")
                .containsIgnoringCase("\r\nConnection: close\r\n");
    }

    /** Lines that are refused, each with a long answer; how many were written before the connection broke. */
    private static int flood(Socket socket, int lines) {
        byte[] some = chunk("{}\n").repeat(100).getBytes(UTF_8);
        int written = 0;
        while (written < lines && writes(socket, some)) {
            written += 100;
        }
        return written;
    }

    private static String post(String path, String type, String credential) {
        return "POST " + path + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + credential + "\r\nContent-Type: "
                + type + "\r\n";
    }

    private long messages() {
        return database.number("select count(*) from aval.message where tenant_id = ?", tenant.value());
    }

    private static CompletableFuture<String> read(Socket socket) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                answer.complete(all(socket));
            } catch (IOException e) {
                answer.completeExceptionally(e);
            }
        });
        return answer;
    }

    /** Up to where the server has closed the connection; what is written to it afterwards resets it. */
    private static String all(Socket socket) throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        try {
            socket.getInputStream().transferTo(read);
        } catch (SocketException reset) {
            if (read.size() == 0) {
                throw reset;
            }
        }
        return read.toString(UTF_8);
    }

    private static boolean writes(Socket socket, String text) {
        return writes(socket, text.getBytes(UTF_8));
    }

    private static boolean writes(Socket socket, byte[] octets) {
        try {
            write(socket, octets);
            return true;
        } catch (UncheckedIOException closed) {
            return false;
        }
    }
}
