// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.PlatformTest;
import eu.aval.server.RestSetup;
import eu.aval.server.access.Operator.Role;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;

@PlatformTest
@ExtendWith(OutputCaptureExtension.class)
final class RequestFormIntegrationTests {

    private static final String QUERY = "{\"query\": \"{ operator { id } }\"}";

    @Autowired
    private RestSetup rest;

    @LocalServerPort
    private int port;

    @ParameterizedTest
    @CsvSource({
        "GET, application/json, */*, 405, METHOD_NOT_ALLOWED",
        "PUT, application/json, */*, 405, METHOD_NOT_ALLOWED",
        "POST, text/plain, */*, 415, UNSUPPORTED_MEDIA_TYPE",
        "POST, application/graphql, */*, 415, UNSUPPORTED_MEDIA_TYPE",
        "POST, application/json, text/html, 406, NOT_ACCEPTABLE",
        "POST, application/json, text/event-stream, 406, NOT_ACCEPTABLE"
    })
    void tellsWhatARequestHasToBeLike(String method, String type, String accepted, int status, String code) {
        problem(
                client().method(HttpMethod.valueOf(method))
                        .uri("/graphql")
                        .header(HttpHeaders.CONTENT_TYPE, type)
                        .header(HttpHeaders.ACCEPT, accepted)
                        .bodyValue(QUERY.getBytes(StandardCharsets.UTF_8))
                        .exchange(),
                status,
                code);
    }

    @Test
    void missesABody() {
        problem(
                client().post()
                        .uri("/graphql")
                        .contentType(MediaType.APPLICATION_JSON)
                        .exchange(),
                400,
                "MALFORMED_REQUEST");
    }

    @ParameterizedTest
    @CsvSource({"/%67raphql", "/graphq%6C"})
    void holdsToItHoweverThePathIsWritten(String path, CapturedOutput output) {
        for (String type : List.of("application/graphql", "text/plain")) {
            problem(
                    client().post()
                            .uri(URI.create("http://localhost:" + port + path))
                            .header(HttpHeaders.CONTENT_TYPE, type)
                            .bodyValue("Ada33639980604".getBytes(StandardCharsets.UTF_8))
                            .exchange(),
                    415,
                    "UNSUPPORTED_MEDIA_TYPE");
        }
        problem(
                client().post()
                        .uri(URI.create("http://localhost:" + port + path))
                        .contentType(MediaType.APPLICATION_JSON)
                        .exchange(),
                400,
                "MALFORMED_REQUEST");
        assertThat(output.getAll()).doesNotContain("Ada33639980604");
    }

    @Test
    void givesItsCodeToAnIntrospectionThatAsksForTooMuch() {
        client().post()
                .uri("/graphql")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue("{\"query\": \"{ __schema { types { fields { type { fields { name } } } } } }\"}"
                        .getBytes(StandardCharsets.UTF_8))
                .exchange()
                .expectBody()
                .jsonPath("$.errors[0].extensions.code")
                .isEqualTo("QUERY_TOO_COSTLY")
                .jsonPath("$.errors[0].extensions.retryable")
                .isEqualTo(false);
    }

    @Test
    void refusesWhatIsCompressed() {
        problem(
                client().post()
                        .uri("/graphql")
                        .contentType(MediaType.APPLICATION_JSON)
                        .header(HttpHeaders.CONTENT_ENCODING, "gzip")
                        .bodyValue(QUERY.getBytes(StandardCharsets.UTF_8))
                        .exchange(),
                415,
                "UNSUPPORTED_MEDIA_TYPE");
    }

    @ParameterizedTest
    @CsvSource({"UTF-16", "UTF-16LE", "UTF-32BE"})
    void refusesJsonThatIsNotUtf8(String charset) {
        for (String type : List.of("application/json", "application/json;charset=" + charset)) {
            problem(
                    client().post()
                            .uri("/graphql")
                            .header(HttpHeaders.CONTENT_TYPE, type)
                            .bodyValue(QUERY.getBytes(Charset.forName(charset)))
                            .exchange(),
                    400,
                    "MALFORMED_REQUEST");
        }
    }

    @ParameterizedTest
    @CsvSource({"application/json", "application/graphql"})
    void logsNothingOfABodyThatItCannotRead(String type, CapturedOutput output) {
        client().post()
                .uri("/graphql")
                .header(HttpHeaders.CONTENT_TYPE, type)
                .bodyValue("Ada33639980604".getBytes(StandardCharsets.UTF_8))
                .exchange()
                .expectStatus()
                .is4xxClientError();

        assertThat(output.getAll()).doesNotContain("Ada33639980604");
    }

    private WebTestClient client() {
        return rest.client(rest.token(Role.ADMIN));
    }

    private static void problem(WebTestClient.ResponseSpec response, int status, String code) {
        response.expectStatus()
                .isEqualTo(status)
                .expectHeader()
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo(code);
    }
}
