// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.HttpMethod;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.json.JsonMapper;

/** The requests of {@code schema/openapi/aval.http}, as they stand there and in their order. */
@PlatformTest
final class FirstHourIntegrationTests {

    private static final JsonMapper JSON = JsonMapper.shared();

    @Autowired
    private RestSetup rest;

    @Autowired
    private SendingSetup sending;

    @LocalServerPort
    private int port;

    private HttpFile file;

    @BeforeEach
    void read() throws IOException {
        file = HttpFile.read();
    }

    @Test
    void answersEachRequestAsTheFileSays() {
        Map<String, String> known = new HashMap<>(file.variables());
        known.put("url", "http://localhost:" + port);
        known.put("key", rest.key(sending.tenant()));
        known.put("tomorrow", Instant.now().plus(Duration.ofDays(1)).toString());

        assertThat(file.requests()).hasSizeGreaterThan(20);
        for (HttpFile.Request request : file.requests()) {
            WebTestClient.ResponseSpec answer = send(request, known);
            if (request.isStream()) {
                var stream = answer.returnResult(String.class);
                stream.getResponseBody().subscribe().dispose();
                assertThat(stream.getStatus().value()).as(request.title()).isEqualTo(request.status());
                continue;
            }
            var result = answer.expectBody().returnResult();
            assertThat(result.getStatus().value())
                    .as("%s: %s", request.title(), result)
                    .isEqualTo(request.status());
            byte[] body = result.getResponseBody();
            if (request.code() != null) {
                assertThat(JSON.readTree(body).path("code").asString())
                        .as(request.title())
                        .isEqualTo(request.code());
            }
            file.given(request)
                    .forEach((variable, member) ->
                            known.put(variable, JSON.readTree(body).path(member).asString()));
        }
    }

    @Test
    void hasTheSameRequestsInThePostmanCollection() throws IOException {
        var expected = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(file.collection()) + "\n";
        var copy = Path.of("target", "aval.postman_collection.json");
        Files.writeString(copy, expected);

        assertThat(HttpFile.COLLECTION)
                .as("Made from aval.http; as it has to be it is in " + copy.toAbsolutePath())
                .content()
                .isEqualTo(expected);
    }

    private WebTestClient.ResponseSpec send(HttpFile.Request request, Map<String, String> known) {
        var prepared = rest.client()
                .method(HttpMethod.valueOf(request.method()))
                .uri(URI.create(filled(request.url(), known)));
        request.headers().forEach((name, value) -> prepared.header(name, filled(value, known)));
        return request.body().isEmpty()
                ? prepared.exchange()
                : prepared.bodyValue(filled(request.body(), known)).exchange();
    }

    private static String filled(String text, Map<String, String> known) {
        String filled = text;
        for (Map.Entry<String, String> each : known.entrySet()) {
            filled = filled.replace("{{" + each.getKey() + "}}", each.getValue());
        }
        assertThat(filled).doesNotContain("{{");
        return filled;
    }
}
