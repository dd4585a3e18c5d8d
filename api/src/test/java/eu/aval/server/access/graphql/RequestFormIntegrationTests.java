// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.PlatformTest;
import eu.aval.server.RestSetup;
import eu.aval.server.access.Operator.Role;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
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
