// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.routing;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.FreshDatabase;
import eu.aval.server.PlatformTest;
import eu.aval.server.RestSetup;
import eu.aval.server.SendingSetup;
import eu.aval.server.access.ApiKey;
import eu.aval.server.access.Application;
import eu.aval.server.shared.TenantId;
import eu.aval.server.shared.TimeOrderedId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A simulation says of routes what sending and a preview say, and all of them what an oracle says that knows only the rules. */
@PlatformTest
final class SimulatedRoutesIntegrationTests {

    private static final String NUMBER = "+33639980000";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int ROUNDS = 120;

    /** Where carriers process; a simulator does not say, and need not. */
    private static final List<String> PROCESSING = List.of("{FR}", "{US}", "{}", "{FR,US}", "{}", "{FR}");

    private static final int SIMULATOR = 4;
    private static final int DISABLED = 5;

    private static final List<String> RESIDENCIES = List.of("{EEA}", "{FR}", "{FR,US}", "{DE}");
    private static final List<String> PREFIXES = List.of("", "+336", "+33639", "+337", "+44");
    private static final List<String> COUNTRIES = List.of("", "FR", "GP");
    private static final List<String> CLASSES = List.of("", "SERVICE", "OTP");

    private record Led(int account, String prefix, String country, String messageClass, boolean enabled) {}

    @Autowired
    private RestSetup rest;

    @Autowired
    private SendingSetup sending;

    @Autowired
    private FreshDatabase database;

    @Autowired
    private StoredRoutes routes;

    private final List<UUID> accounts = new ArrayList<>();
    private TenantId tenant;
    private WebTestClient live;
    private WebTestClient test;

    @BeforeEach
    void makeATenantAndCarriers() {
        UUID simulator = sending.simulator();
        tenant = sending.tenant(simulator);
        live = rest.client(rest.key(tenant));
        test = rest.client(rest.key(ApiKey.Draft.unrestricted(tenant, "test", Application.Kind.TEST, 10_000)));
        for (int i = 0; i < PROCESSING.size(); i++) {
            UUID account = i == SIMULATOR ? simulator : TimeOrderedId.next();
            accounts.add(account);
            if (i != SIMULATOR) {
                database.execute(
                        "insert into aval.carrier_account (id, name, carrier_id, processing_countries, enabled)"
                                + " values (?, ?, 'none', ?::text[], ?)",
                        account,
                        "a-" + account.toString().substring(24) + i,
                        PROCESSING.get(i),
                        i != DISABLED);
            }
        }
    }

    @Test
    void saysWhatSendingSays() {
        Random random = new Random(20261126);
        Map<String, Integer> seen = new TreeMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            String residency = pick(random, RESIDENCIES);
            List<Led> led = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                led.add(new Led(
                        random.nextInt(PROCESSING.size()),
                        pick(random, PREFIXES),
                        pick(random, COUNTRIES),
                        pick(random, CLASSES),
                        random.nextInt(8) > 0));
            }
            boolean byTest = random.nextInt(6) == 0;
            configure(residency, led, random);
            String expected = oracle(residency, led, byTest);
            WebTestClient partner = byTest ? test : live;

            assertThat(List.of(simulated(partner), answered(partner, "/preview"), answered(partner, "")))
                    .as("%s %s %s", residency, led, byTest)
                    .containsOnly(expected);
            seen.merge(expected, 1, Integer::sum);
        }
        assertThat(seen).containsOnlyKeys("", "NO_ROUTE", "RESIDENCY_NOT_MET");
        assertThat(seen.values()).allMatch(times -> times >= ROUNDS / 12);
    }

    @Test
    void namesTheCheckAndWhatDependsOnTheNumber() {
        configure("{EEA}", List.of(new Led(1, "+337", "", "", true), new Led(0, "+336", "", "", true)), new Random(1));

        JsonNode other = simulate(live, "+337");
        assertThat(other.get("code").asString()).isEqualTo("RESIDENCY_NOT_MET");
        assertThat(other.get("checks")).anySatisfy(check -> {
            assertThat(check.get("rule").asString()).isEqualTo("RESIDENCY");
            assertThat(check.get("outcome").asString()).isEqualTo("FORBIDDEN");
        });
        JsonNode country = simulate(live, "+33");
        assertThat(country.get("code").asString()).isEqualTo("NO_ROUTE");
        JsonNode example = simulate(live, "");
        assertThat(example.get("decision").asString()).isEqualTo("ALLOWED");
        assertThat(example.get("checks")).anySatisfy(check -> {
            assertThat(check.get("rule").asString()).isEqualTo("ROUTE");
            assertThat(check.at("/warnings/0").asString()).isEqualTo("DEPENDS_ON_NUMBER");
        });
    }

    /** What a service message to {@link #NUMBER} is told; nothing if it is accepted. Knows nothing of the table. */
    private static String oracle(String residency, List<Led> led, boolean byTest) {
        Set<String> allowed = Set.of(residency.replaceAll("[{}]", "").split(","));
        List<Led> matching = led.stream()
                .filter(route -> route.enabled()
                        && route.account() != DISABLED
                        && NUMBER.startsWith(route.prefix())
                        && !route.country().equals("GP")
                        && !route.messageClass().equals("OTP"))
                .toList();
        if (byTest) {
            return "";
        }
        List<Led> real =
                matching.stream().filter(route -> route.account() != SIMULATOR).toList();
        if (matching.isEmpty()) {
            return "NO_ROUTE";
        }
        return real.isEmpty()
                        || real.stream().anyMatch(route -> switch (route.account()) {
                            case 0 -> allowed.contains("FR") || allowed.contains("EEA");
                            case 1 -> allowed.contains("US");
                            case 3 -> allowed.contains("US") && (allowed.contains("FR") || allowed.contains("EEA"));
                            default -> false;
                        })
                ? ""
                : "RESIDENCY_NOT_MET";
    }

    private void configure(String residency, List<Led> led, Random random) {
        database.execute("update aval.tenant set residency = ?::text[] where id = ?", residency, tenant.value());
        database.execute("delete from aval.route where tenant_id = ?", tenant.value());
        for (Led route : led) {
            database.execute(
                    "insert into aval.route (id, tenant_id, carrier_account_id, priority, country, prefix, message_class, enabled)"
                            + " values (?, ?, ?, ?, nullif(?, ''), nullif(?, ''), nullif(?, ''), ?)",
                    TimeOrderedId.next(),
                    tenant.value(),
                    accounts.get(route.account()),
                    random.nextInt(3),
                    route.country(),
                    route.prefix(),
                    route.messageClass(),
                    route.enabled());
        }
        routes.refresh().block(PATIENCE);
    }

    private static String simulated(WebTestClient partner) {
        JsonNode answer = simulate(partner, "+33639");
        return answer.path("code").asString("");
    }

    private static JsonNode simulate(WebTestClient partner, String prefix) {
        return json(partner.get()
                .uri(uri -> prefix.isEmpty()
                        ? uri.path("/v1/policy/simulate")
                                .queryParam("purpose", "service")
                                .build()
                        : uri.path("/v1/policy/simulate")
                                .queryParam("purpose", "service")
                                .queryParam("prefix", "{prefix}")
                                .build(prefix))
                .exchange()
                .expectBody()
                .returnResult()
                .getResponseBody());
    }

    private static String answered(WebTestClient partner, String path) {
        return json(partner.post()
                        .uri("/v1/messages" + path)
                        .contentType(MediaType.APPLICATION_JSON)
                        .bodyValue(Map.of("to", NUMBER, "text", "Bonjour", "purpose", "service"))
                        .exchange()
                        .expectBody()
                        .returnResult()
                        .getResponseBody())
                .path("code")
                .asString("");
    }

    private static String pick(Random random, List<String> values) {
        return values.get(random.nextInt(values.size()));
    }

    private static JsonNode json(byte @Nullable [] body) {
        return JsonMapper.shared().readTree(body == null ? new byte[0] : body);
    }
}
