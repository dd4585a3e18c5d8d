// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import static eu.aval.server.access.Wire.chunk;
import static eu.aval.server.access.Wire.connect;
import static eu.aval.server.access.Wire.rest;
import static eu.aval.server.access.Wire.until;
import static eu.aval.server.access.Wire.write;
import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.FreshDatabase;
import eu.aval.server.PlatformTest;
import eu.aval.server.RestSetup;
import eu.aval.server.SendingSetup;
import eu.aval.server.shared.TenantId;
import java.io.IOException;
import java.net.Socket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What no library for HTTP would send. */
@PlatformTest
@ExtendWith(OutputCaptureExtension.class)
final class UnreadableRequestsIntegrationTests {

    private static final String GET = "GET /v1/messages HTTP/1.1\r\nHost: a\r\n";

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

    @BeforeEach
    void createTenant() {
        tenant = sending.tenant();
        key = rest.key(tenant);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /v1/messages\r\n\r\n",
                "GET /v1/messages HTTP/1.1\r\n\r\n",
                "\u0000\u0001\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "GET /v1/messages HTTP/2.0\r\nHost: a\r\n\r\n",
                "GET /v1/messages HTTP/9.1\r\nHost: a\r\n\r\n",
                "POST /v1/messages HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                GET + "Host: b\r\n\r\n",
                GET + "Authorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n",
                GET + "X-API-Key: a\r\nX-API-Key: b\r\n\r\n",
                GET + "Content-Type: text/plain\r\nContent-Type: application/json\r\n\r\n",
                GET + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                GET + "Not a name: a\r\n\r\n",
                GET + "Transfer-Encoding: gzip\r\n\r\n",
                GET + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                GET + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
            })
    void refusesWhatIsNotHttp(String request) throws Exception {
        assertRefused(exchange(request), 400, "MALFORMED_REQUEST");
    }

    @Test
    void answersALaterMinorVersionAsItsOwn() throws Exception {
        String answer = exchange("GET /v1/messages HTTP/1.7\r\nHost: a\r\nConnection: close\r\n\r\n");

        assertProblem(answer, 401, "UNAUTHENTICATED");
    }

    @Test
    void answersHttp10WithoutChunksAndClosesAtTheEnd() throws Exception {
        String line = message() + "\n";

        String answer = exchange("POST /v1/messages/batch HTTP/1.0\r\nConnection: keep-alive\r\nAuthorization: Bearer "
                + key + "\r\nContent-Type: application/x-ndjson\r\nContent-Length: " + 2 * line.length() + "\r\n\r\n"
                + line + line);

        int end = answer.indexOf("\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 202 ");
        assertThat(answer.substring(0, end))
                .doesNotContainIgnoringCase("transfer-encoding")
                .containsIgnoringCase("connection: close");
        assertThat(answer.substring(end + 4).lines()).hasSize(2).allMatch(each -> each.startsWith("{\"index\":"));
    }

    @Test
    void tellsEventsOverHttp10() throws Exception {
        try (Socket socket = connect(port)) {
            write(socket, "GET /v1/events HTTP/1.0\r\nAuthorization: Bearer " + key + "\r\n\r\n");

            assertThat(until(socket, ":listening\n\n"))
                    .doesNotContainIgnoringCase("transfer-encoding")
                    .endsWith("\r\n\r\nretry:1000\n:listening\n\n");
        }
    }

    @Test
    void refusesARequestLineWithoutEnd() throws Exception {
        assertRefused(
                exchange("GET /v1/messages?a=" + "a".repeat(5_000) + " HTTP/1.1\r\nHost: a\r\n\r\n"),
                414,
                "URI_TOO_LONG");
    }

    @Test
    void refusesHeaderFieldsWithoutEnd() throws Exception {
        assertRefused(exchange(GET + "X-Long: " + "a".repeat(10_000) + "\r\n\r\n"), 431, "HEADER_FIELDS_TOO_LARGE");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/a|b", "/v1/%zz", "/v1;a", "//v1/messages", "/docs/%2e%2e/v1/messages"})
    void refusesATargetThatCannotBeMeantAndTakesTheNextRequest(String target) throws Exception {
        String answers = exchange("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n" + GET + "Connection: close\r\n\r\n");

        int second = answers.indexOf("HTTP/1.1", 1);
        assertProblem(answers.substring(0, second), 400, "MALFORMED_REQUEST");
        assertProblem(answers.substring(second), 401, "UNAUTHENTICATED");
    }

    @Test
    void answersWhatCameBeforeSomethingThatIsNotHttp() throws Exception {
        String answers = exchange(GET + "\r\n" + "nonsense\r\n\r\n");

        int second = answers.indexOf("HTTP/1.1", 1);
        assertProblem(answers.substring(0, second), 401, "UNAUTHENTICATED");
        assertRefused(answers.substring(second), 400, "MALFORMED_REQUEST");
    }

    @Test
    void keepsWhatWasSentOutOfTheLog(CapturedOutput log) throws Exception {
        exchange("GET /v1/messages?to=+33 639980900 HTTP/1.1\r\nHost: a\r\n\r\n");

        assertThat(log).doesNotContain("639980900");
    }

    @Test
    void acceptsNothingFromABodyWithABrokenChunk() throws Exception {
        String answer = exchange(post("/v1/messages", "application/json") + chunk(message()) + "zz\r\n");

        assertRefused(answer, 400, "MALFORMED_REQUEST");
        assertThat(messages()).isZero();
    }

    @Test
    void logsNothingOfABodyThatBreaksLater() throws Exception {
        try (Troubles troubles = new Troubles();
                Socket socket = connect(port)) {
            write(socket, post("/v1/messages", "application/json") + chunk(message()));
            // read, and waited for
            Thread.sleep(300);
            write(socket, "zz\r\n");

            assertRefused(rest(socket), 400, "MALFORMED_REQUEST");
            assertThat(troubles.told()).isEmpty();
        }
    }

    @Test
    void answersAStreamUpToABrokenChunkAndSaysThatItWasBrokenOff() throws Exception {
        try (Socket socket = connect(port)) {
            write(socket, post("/v1/messages/batch", "application/x-ndjson") + chunk(message() + "\n"));
            assertThat(until(socket, "}\n")).contains("\"index\":0,\"message\"");
            write(socket, chunk(message()) + "zz\r\n");

            assertThat(rest(socket).lines().filter(line -> line.startsWith("{")))
                    .singleElement()
                    .asString()
                    .startsWith("{\"problem\":")
                    .contains("MALFORMED_REQUEST");
        }
        assertThat(messages()).isOne();
    }

    @Test
    void endsAConnectionWhoseAnsweredRequestGoesOnWithABrokenChunk() throws Exception {
        try (Socket socket = connect(port)) {
            write(socket, post("/v1/nothing", "application/json"));
            until(socket, "NOT_FOUND");
            write(socket, "zz\r\n");

            assertThat(rest(socket)).doesNotContain("HTTP/1.1");
        }
    }

    private static void assertRefused(String answer, int status, String code) {
        assertProblem(answer, status, code);
        assertThat(answer).containsIgnoringCase("\r\nConnection: close\r\n");
    }

    private static void assertProblem(String answer, int status, String code) {
        assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
        int end = answer.indexOf("\r\n\r\n");
        String body = answer.substring(end + 4);
        assertThat(answer.substring(0, end + 2))
                .containsIgnoringCase("\r\nContent-Type: application/problem+json\r\n")
                .containsIgnoringCase("\r\nContent-Length: " + body.length() + "\r\n");
        JsonNode problem = JsonMapper.shared().readTree(body);
        assertThat(problem.path("code").asString()).isEqualTo(code);
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.propertyNames()).contains("type", "title", "detail", "instance", "retryable", "traceId");
    }

    private String post(String path, String type) {
        return "POST " + path + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + key + "\r\nContent-Type: " + type
                + "\r\nTransfer-Encoding: chunked\r\n\r\n";
    }

    private static String message() {
        return "{\"to\":\"+33639980900\",\"text\":\"a\",\"purpose\":\"service\"}";
    }

    private long messages() {
        return database.number("select count(*) from aval.message where tenant_id = ?", tenant.value());
    }

    /** All that is answered until the server closes the connection. */
    private String exchange(String request) throws IOException {
        try (Socket socket = connect(port)) {
            write(socket, request);
            return rest(socket);
        }
    }
}
