// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.access.Operator.Role;
import eu.aval.server.access.OperatorIdentities;
import eu.aval.server.carrier.CarrierEvents;
import eu.aval.server.shared.TenantId;
import eu.aval.server.shared.TimeOrderedId;
import eu.aval.spi.event.CarrierEvent.Inbound;
import eu.aval.spi.text.Address;
import eu.aval.spi.text.Text;
import graphql.language.Document;
import graphql.language.Field;
import graphql.language.OperationDefinition;
import graphql.parser.Parser;
import graphql.schema.GraphQLFieldDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.graphql.execution.GraphQlSource;
import org.springframework.graphql.test.tester.GraphQlTester;
import org.springframework.graphql.test.tester.HttpGraphQlTester;
import org.springframework.http.MediaType;

/** The queries of {@code api/README.md}, as they stand there. */
@PlatformTest
final class ReadmeIntegrationTests {

    private static final Pattern EXAMPLE = Pattern.compile("```graphql\\n# ([A-Z_]+)\\n(.*?)```", Pattern.DOTALL);

    /** What an answer tells about the variables of later queries. */
    private static final Map<String, String> LEARNED = Map.of(
            "createTenant.id", "tenant",
            "createCarrierAccount.id", "account",
            "createRoute.id", "route",
            "issueApiKey.apiKey.id", "apiKey",
            "issueOperatorToken.token.id", "token",
            "createWebhookEndpoint.endpoint.id", "endpoint",
            "liftLimit.id", "override",
            "messagesByNumber.pageInfo.endCursor", "after");

    private record Example(Role role, String text, OperationDefinition operation) {

        List<String> fields() {
            return operation.getSelectionSet().getSelections().stream()
                    .map(selection -> ((Field) selection).getName())
                    .toList();
        }
    }

    @Autowired
    private RestSetup rest;

    @Autowired
    private GraphQlSource source;

    @Autowired
    private SendingSetup sending;

    @Autowired
    private FreshDatabase database;

    @Autowired
    private CarrierEvents carriers;

    @Autowired
    private OperatorIdentities identities;

    private List<Example> examples;

    @BeforeEach
    void read() throws IOException {
        examples = new ArrayList<>();
        Matcher blocks = EXAMPLE.matcher(Files.readString(Path.of("README.md")));
        while (blocks.find()) {
            Document document = Parser.parse(blocks.group(2));
            examples.add(new Example(
                    Role.valueOf(blocks.group(1)),
                    blocks.group(2),
                    document.getDefinitionsOfType(OperationDefinition.class).getFirst()));
        }
    }

    @Test
    void runsEachInTheOrderOfThePage() {
        Map<Role, HttpGraphQlTester> operators = new HashMap<>();
        Map<String, Object> known = new HashMap<>();
        known.put("number", "+33639980000");
        known.put("digest", "cd".repeat(16) + TimeOrderedId.next().toString().replace("-", ""));
        known.put("after", null);
        known.put("until", Instant.now().plus(Duration.ofHours(1)).toString());
        known.putAll(records());

        for (Example example : examples) {
            GraphQlTester.Request<?> request = operators
                    .computeIfAbsent(example.role(), role -> rest.graphQl(rest.token(role)))
                    .document(example.text());
            example.operation().getVariableDefinitions().forEach(variable -> {
                assertThat(known).as(example.text()).containsKey(variable.getName());
                request.variable(variable.getName(), known.get(variable.getName()));
            });
            GraphQlTester.Response answer = request.execute();
            answer.errors()
                    .satisfy(errors -> assertThat(errors).as(example.text()).isEmpty());
            Map<String, Object> data = answer.path("").entity(Map.class).get();
            LEARNED.forEach((path, variable) -> learn(data, path, variable, known));
            if (example.fields().contains("issueApiKey")) {
                known.put("flag", flag(known));
            }
        }
    }

    /** What only sending brings about. */
    private String flag(Map<String, Object> known) {
        UUID id = TimeOrderedId.next();
        database.execute(
                "insert into aval.classification_flag (id, tenant_id, api_key_id, purpose_id, day, messages, signs, message_id)"
                        + " select ?, p.tenant_id, ?::uuid, p.id, current_date, 1, '{OFFER,PRICE}', ?"
                        + " from aval.purpose p where p.tenant_id = ?::uuid and p.key = 'orders'",
                id,
                known.get("apiKey"),
                TimeOrderedId.next(),
                known.get("tenant"));
        return id.toString();
    }

    /** What tasks speak of and none of them makes: what was sent, written and agreed, and somebody whom an issuer vouches for. */
    private Map<String, Object> records() {
        TenantId tenant = sending.tenant();
        sending.deliver(tenant, "+33639980000", 1);
        rest.client(rest.key(tenant))
                .post()
                .uri("/v1/consents")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(Map.of("to", "+33639980000", "purpose", "marketing", "source", "shop", "evidence", "ticked"))
                .exchange()
                .expectStatus()
                .is2xxSuccessful();
        UUID account =
                (UUID) database.value("select carrier_account_id from aval.route where tenant_id = ?", tenant.value());
        Inbound reply = new Inbound(
                tenant.toString(),
                Address.e164("+33639980000"),
                Address.of(Address.Kind.ALPHANUMERIC, "AVAL"),
                Text.of("Who are you?"),
                Instant.now(),
                true);
        carriers.accept(Objects.requireNonNull(account), reply).block(Duration.ofSeconds(60));
        return Map.of(
                "message", unmask(tenant, "message"),
                "inbound", unmask(tenant, "inbound_message"),
                "consent", unmask(tenant, "consent"),
                "operator",
                        identities
                                .of("https://login.example.com", tenant.toString())
                                .blockOptional(Duration.ofSeconds(60))
                                .orElseThrow()
                                .id());
    }

    private Map<String, Object> unmask(TenantId tenant, String table) {
        Object id = database.value("select id from aval." + table + " where tenant_id = ?", tenant.value());
        return Map.of(
                "tenantId", tenant.value(), "id", String.valueOf(id), "reason", "COMPLAINT", "reference", "CASE-17");
    }

    @Test
    void hasATaskForEachFieldOfTheRoots() {
        Set<String> shown = new HashSet<>();
        examples.forEach(example -> shown.addAll(example.fields()));

        assertThat(Stream.of(source.schema().getQueryType(), source.schema().getMutationType())
                        .flatMap(type -> type.getFieldDefinitions().stream())
                        .map(GraphQLFieldDefinition::getName))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(shown).contains(name));
    }

    private static void learn(Map<String, Object> data, String path, String variable, Map<String, Object> known) {
        Object value = data;
        for (String step : path.split("\\.")) {
            value = value instanceof Map<?, ?> map ? map.get(step) : null;
        }
        if (value != null) {
            known.put(variable, value);
        }
    }
}
