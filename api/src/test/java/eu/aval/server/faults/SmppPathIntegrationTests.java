// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.faults;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.PlatformTest;
import eu.aval.server.RestSetup;
import eu.aval.server.SendingSetup;
import eu.aval.server.access.Operator.Role;
import eu.aval.server.shared.TenantId;
import eu.aval.server.shared.TimeOrderedId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.graphql.test.tester.HttpGraphQlTester;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** From REST through an SMPP account, which an administrator configured over GraphQL, to an SMSC and back. */
@PlatformTest
final class SmppPathIntegrationTests {

    private static final int WRONG_PASSWORD = 0x0e;

    @Autowired
    private RestSetup rest;

    @Autowired
    private SendingSetup sending;

    private final AtomicInteger ids = new AtomicInteger(41_000);
    private final List<UUID> accounts = new ArrayList<>();
    private HttpGraphQlTester admin;
    private ScriptedSmsc smsc;
    private WebTestClient client;
    private String name;

    @BeforeEach
    void startSmsc() throws IOException {
        admin = rest.graphQl(rest.token(Role.ADMIN));
        smsc = new ScriptedSmsc(submit -> Integer.toString(ids.incrementAndGet()));
        client = clientOf(smsc.port(), "PT60S");
    }

    @AfterEach
    void stopSmsc() throws IOException {
        for (UUID account : accounts) {
            admin.document("mutation($id: UUID!) { disableCarrierAccount(id: $id) { enabled } }")
                    .variable("id", account)
                    .executeAndVerify();
        }
        smsc.close();
    }

    @Test
    void takesAReceiptAsTextWithADecimalIdForAHexadecimalOne() throws IOException {
        smsc.answers(submit -> "0000A1B2");
        UUID id = send("Hello");
        awaitStatus(id, "SUBMITTED");

        smsc.reportAsText("41394", "DELIVRD");

        JsonNode message = awaitStatus(id, "DELIVERED");
        assertThat(smsc.texts()).containsExactly("Hello");
        assertThat(message.path("timeline")
                        .valueStream()
                        .map(entry -> entry.path("type").asString()))
                .containsSubsequence("ACCEPTED", "ATTEMPT", "RECEIPT");
        assertThat(message.path("timeline").valueStream())
                .filteredOn(entry -> entry.path("type").asString().equals("ATTEMPT"))
                .extracting(entry -> entry.path("carrierAccount").asString())
                .containsExactly(name);
        assertThat(message.path("timeline").valueStream())
                .filteredOn(entry -> entry.path("type").asString().equals("RECEIPT"))
                .extracting(entry -> entry.path("state").asString())
                .containsExactly("DELIVERED");
    }

    @Test
    void takesAReceiptAsParametersWithAHexadecimalIdForADecimalOne() throws IOException {
        smsc.answers(submit -> "52001");
        UUID id = send("Hello");
        awaitStatus(id, "SUBMITTED");

        smsc.reportAsParameters("CB21", ScriptedSmsc.DELIVERED);

        awaitStatus(id, "DELIVERED");
    }

    @Test
    void takesAReceiptThatOvertakesTheAnswerToItsSubmit() {
        smsc.answers(submit -> {
            String id = Integer.toString(ids.incrementAndGet());
            smsc.reportAsText(id, "DELIVRD");
            return id;
        });

        awaitStatus(send("Hello"), "DELIVERED");
    }

    @Test
    void callsAMessageDeliveredWhenEachPartIs() throws IOException {
        UUID id = send("x".repeat(200));
        awaitStatus(id, "SUBMITTED");
        String first = Integer.toString(ids.get() - 1);
        String second = Integer.toString(ids.get());

        smsc.reportAsText(second, "DELIVRD");

        ServerProcess.await("a part", () -> get(id).path("partsDelivered").asInt() == 1);
        assertThat(get(id).path("status").asString()).isNotEqualTo("DELIVERED");

        smsc.reportAsText(first, "DELIVRD");

        assertThat(awaitStatus(id, "DELIVERED").path("partsDelivered").asInt()).isEqualTo(2);
        assertThat(smsc.texts()).hasSize(2);
    }

    @Test
    void tellsAMessageThatCouldNotBeDelivered() throws IOException {
        UUID id = send("Hello");
        awaitStatus(id, "SUBMITTED");

        smsc.reportAsText(Integer.toString(ids.get()), "UNDELIV");

        awaitStatus(id, "UNDELIVERED");
    }

    @Test
    void keepsMessagesWhileBindsAreRefusedAndSendsThemOnceWhenTheyAreTaken() throws IOException {
        try (ScriptedSmsc strict = new ScriptedSmsc(submit -> "7001")) {
            strict.answersBindsWith(WRONG_PASSWORD);
            client = clientOf(strict.port(), "PT60S");
            UUID id = send("Patience");
            ServerProcess.await("a refused bind", () -> strict.refusedBinds() > 0);
            ServerProcess.await(
                    "the account on hold", () -> health(accounts.getLast()).equals("HOLD"));
            assertThat(get(id).path("status").asString()).isEqualTo("QUEUED");

            strict.answersBindsWith(0);

            awaitStatus(id, "SUBMITTED");
            assertThat(strict.texts()).containsExactly("Patience");
        }
    }

    @Test
    void neverSendsAgainWhatAnSmscTookWithoutAnAnswer() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        smsc.answers(submit -> {
            if (new String(submit.getShortMessage(), StandardCharsets.US_ASCII).equals("Into the void")) {
                end.await();
            }
            return Integer.toString(ids.incrementAndGet());
        });
        client = clientOf(smsc.port(), "PT5S");

        UUID lost = send("Into the void");
        awaitStatus(lost, "UNCERTAIN");

        awaitStatus(send("Next"), "SUBMITTED");

        assertThat(smsc.texts()).containsExactly("Into the void", "Next");
        assertThat(get(lost).path("status").asString()).isEqualTo("UNCERTAIN");
        end.countDown();
    }

    @Test
    void goesOnThroughOthersWhileOneAnswersGarbage() throws IOException {
        try (ServerSocket babbler = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            AtomicInteger answered = new AtomicInteger();
            Thread.ofVirtual().start(() -> babble(babbler, answered));
            WebTestClient unlucky = clientOf(babbler.getLocalPort(), "PT60S");
            UUID waiting = send(unlucky, "Lost for words");
            ServerProcess.await("garbage", () -> answered.get() > 2);

            awaitStatus(send("Hello"), "SUBMITTED");

            assertThat(health(accounts.getLast())).isIn("DOWN", "HOLD");
            assertThat(get(unlucky, waiting).path("status").asString()).isEqualTo("QUEUED");
            rest.client()
                    .get()
                    .uri("/actuator/health/readiness")
                    .exchange()
                    .expectStatus()
                    .isOk();
            rest.client()
                    .get()
                    .uri("/actuator/health/carriers")
                    .exchange()
                    .expectStatus()
                    .isOk()
                    .expectBody()
                    .jsonPath("$.status")
                    .isEqualTo("DEGRADED");
        }
    }

    private static void babble(ServerSocket listener, AtomicInteger answered) {
        while (true) {
            try (Socket socket = listener.accept()) {
                socket.getInputStream().read(new byte[64]);
                socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().flush();
                answered.incrementAndGet();
                socket.setSoTimeout(2_000);
                socket.getInputStream().read(new byte[64]);
            } catch (IOException e) {
                if (listener.isClosed()) {
                    return;
                }
            }
        }
    }

    /** A client of a tenant whose messages all go to a new account of this SMSC. */
    private WebTestClient clientOf(int port, String responseTimeout) {
        name = "s-" + TimeOrderedId.next().toString().replace("-", "").substring(8);
        List<Map<String, String>> settings = Map.of(
                        "host", "127.0.0.1",
                        "port", Integer.toString(port),
                        "system-id", "aval",
                        "password", "secret",
                        "response-timeout", responseTimeout,
                        "bind-timeout", "PT10S",
                        "reconnect-minimum", "PT0.1S",
                        "reconnect-maximum", "PT0.5S",
                        "refused-bind-pause", "PT1S")
                .entrySet()
                .stream()
                .map(entry -> Map.of("name", entry.getKey(), "value", entry.getValue()))
                .toList();
        UUID account = admin.document(
                        "mutation($input: CreateCarrierAccountInput!) { createCarrierAccount(input: $input) { id } }")
                .variable(
                        "input",
                        Map.of(
                                "name",
                                name,
                                "carrierId",
                                "smpp",
                                "processingCountries",
                                List.of("FR"),
                                "settings",
                                settings))
                .execute()
                .path("createCarrierAccount.id")
                .entity(UUID.class)
                .get();
        accounts.add(account);
        TenantId tenant = sending.tenant(account);
        return rest.client(rest.key(tenant));
    }

    private String health(UUID account) {
        return admin.document("query($id: UUID!) { carrierAccount(id: $id) { running { health { status } } } }")
                .variable("id", account)
                .execute()
                .path("carrierAccount.running.health.status")
                .entity(String.class)
                .get();
    }

    private UUID send(String text) {
        return send(client, text);
    }

    private static UUID send(WebTestClient client, String text) {
        byte[] answer = client.post()
                .uri("/v1/messages")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(JsonMapper.shared()
                        .writeValueAsString(Map.of("to", "+33612345678", "text", text, "purpose", "service")))
                .exchange()
                .expectStatus()
                .isAccepted()
                .expectBody()
                .returnResult()
                .getResponseBody();
        return UUID.fromString(JsonMapper.shared().readTree(answer).path("id").asString());
    }

    private JsonNode get(UUID id) {
        return get(client, id);
    }

    private static JsonNode get(WebTestClient client, UUID id) {
        return JsonMapper.shared()
                .readTree(client.get()
                        .uri("/v1/messages/{id}", id)
                        .exchange()
                        .expectStatus()
                        .isOk()
                        .expectBody()
                        .returnResult()
                        .getResponseBody());
    }

    private JsonNode awaitStatus(UUID id, String status) {
        long end = System.nanoTime() + 60_000_000_000L;
        JsonNode message = get(id);
        while (!message.path("status").asString().equals(status)) {
            assertThat(System.nanoTime())
                    .as("Waited for %s: %s", status, message)
                    .isLessThan(end);
            java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
            message = get(id);
        }
        return message;
    }
}
