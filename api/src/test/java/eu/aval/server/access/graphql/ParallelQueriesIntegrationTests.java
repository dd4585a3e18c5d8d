// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.PlatformTest;
import eu.aval.server.RestSetup;
import eu.aval.server.access.Operator.Role;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;

/**
 * Queries of many kinds at a time, some of which nobody waits for, while BlockHound watches: a thread that waits for
 * another would show as an INTERNAL_ERROR.
 */
@PlatformTest
@ExtendWith(OutputCaptureExtension.class)
final class ParallelQueriesIntegrationTests {

    private static final int QUERIES = 400;
    private static final int PARALLEL = 32;

    @Autowired
    private RestSetup rest;

    @LocalServerPort
    private int port;

    @Test
    void letNoThreadWaitForAnother(CapturedOutput output) {
        var tenant = rest.tenant();
        rest.key(tenant);
        var queries = List.of(
                failing(),
                "{ tenants { key apiKeys { prefix } routes { account { name } } purposes { key } senders { value } } }",
                aliased("tenant(id: \"" + tenant + "\") { webhookEndpoints { id } trafficLimits { recipientPerDay } }"),
                failing(),
                "{ carrierPlugins { file settings { name } } carrierAccounts { name running { available } } rulePacks { id } }",
                "{ nothing }",
                "{ tenant(",
                "{ __schema { types { name fields { name } } } }",
                "mutation { reloadCarrierPlugins { state } }");
        // One that was just closed for somebody in haste is not used again
        var client = WebClient.builder()
                .clientConnector(new ReactorClientHttpConnector(HttpClient.newConnection()))
                .baseUrl("http://localhost:" + port + "/graphql")
                .defaultHeader(HttpHeaders.AUTHORIZATION, "Bearer " + rest.token(Role.ADMIN))
                .codecs(codecs -> codecs.defaultCodecs().maxInMemorySize(4 * 1024 * 1024))
                .build();

        var answers = Flux.range(0, QUERIES)
                .flatMap(number -> ask(client, queries.get(number % queries.size()), number % 10 == 9), PARALLEL)
                .collectList()
                .block(Duration.ofMinutes(3));

        assertThat(Objects.requireNonNull(answers))
                .hasSizeGreaterThan(QUERIES / 2)
                .filteredOn(answer -> answer.contains("INTERNAL_ERROR"))
                .isEmpty();
        assertThat(output.getAll()).as("of those who went away").doesNotContain("Unexpected");
    }

    /** @param inHaste goes away after a moment, with the connection */
    private static Mono<String> ask(WebClient client, String query, boolean inHaste) {
        var answer = client.post()
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(Map.of("query", query))
                .exchangeToMono(response -> response.bodyToMono(String.class));
        return inHaste
                ? answer.timeout(Duration.ofMillis(5)).onErrorResume(TimeoutException.class, gone -> Mono.empty())
                : answer;
    }

    /** Each field asks the database, on one of several connections, and fails on its thread. */
    private static String failing() {
        return aliased("carrierAccount(id: \"" + UUID.randomUUID() + "\") { name }");
    }

    private static String aliased(String field) {
        return IntStream.range(0, 30)
                .mapToObj(i -> "f" + i + ": " + field)
                .collect(Collectors.joining(" ", "{ ", " }"));
    }
}
