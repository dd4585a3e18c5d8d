// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.FreshDatabase;
import eu.aval.server.PlatformTest;
import eu.aval.server.RestSetup;
import eu.aval.server.SendingSetup;
import eu.aval.server.access.Operator.Role;
import eu.aval.server.access.OperatorIdentities;
import eu.aval.server.carrier.AccountAdministration;
import eu.aval.server.carrier.AccountDraft;
import eu.aval.server.shared.TenantId;
import eu.aval.server.shared.TimeOrderedId;
import graphql.schema.GraphQLArgument;
import graphql.schema.GraphQLCompositeType;
import graphql.schema.GraphQLEnumType;
import graphql.schema.GraphQLFieldDefinition;
import graphql.schema.GraphQLInputObjectField;
import graphql.schema.GraphQLInputObjectType;
import graphql.schema.GraphQLList;
import graphql.schema.GraphQLNamedType;
import graphql.schema.GraphQLObjectType;
import graphql.schema.GraphQLScalarType;
import graphql.schema.GraphQLType;
import graphql.schema.GraphQLTypeUtil;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.graphql.execution.GraphQlSource;
import org.springframework.graphql.test.tester.HttpGraphQlTester;

/** Who may use what, of the whole schema: declared, written down, and enforced. */
@PlatformTest
final class RoleMatrixIntegrationTests {

    private static final Path WRITTEN = Path.of("../schema/graphql/ROLES.md");

    /** How to reach the fields, below the roots, that have a rule of their own; {@code $tenant} is one. */
    private static final Map<String, String> WAYS = Map.ofEntries(
            Map.entry("Tenant.apiKeys", "{ tenant(id: \"$tenant\") { apiKeys { __typename } } }"),
            Map.entry("Tenant.trafficLimits", "{ tenant(id: \"$tenant\") { trafficLimits { __typename } } }"),
            Map.entry("Tenant.routes", "{ tenant(id: \"$tenant\") { routes { __typename } } }"),
            Map.entry("Tenant.webhookEndpoints", "{ tenant(id: \"$tenant\") { webhookEndpoints { __typename } } }"),
            Map.entry("Tenant.eventExclusions", "{ tenant(id: \"$tenant\") { eventExclusions { __typename } } }"),
            Map.entry("CarrierAccount.settings", "{ carrierAccounts { settings { __typename } } }"),
            Map.entry("CarrierAccount.secrets", "{ carrierAccounts { secrets { __typename } } }"),
            Map.entry("Unmasked.number", unmasked("number")),
            Map.entry("Unmasked.text", unmasked("text")),
            Map.entry("Unmasked.clientReference", unmasked("clientReference")),
            Map.entry("Unmasked.evidence", unmasked("evidence")),
            Map.entry(
                    "Unmasked.subject",
                    "mutation { unmaskOperator(id: \"$identity\", reason: INCIDENT) { ... on Unmasked { subject } } }"));

    private static String unmasked(String field) {
        return "mutation { unmaskMessage(unmask: {tenantId: \"$tenant\", id: \"$message\", reason: INCIDENT},"
                + " fields: [NUMBER]) { ... on Unmasked { " + field + " } } }";
    }

    /** What an administrator may not do either. */
    private static final Set<String> OF_THE_DPO_ALONE =
            Set.of("judgeClassification", "setRulePack", "setResidency", "issueDpoToken");

    @Autowired
    private RestSetup rest;

    @Autowired
    private GraphQlSource source;

    @Autowired
    private AccountAdministration accounts;

    @Autowired
    private SendingSetup sending;

    @Autowired
    private OperatorIdentities identities;

    @Autowired
    private FreshDatabase database;

    @Test
    void hasARuleForEachField() {
        assertThat(FieldRules.objects(source.schema()))
                .hasSizeGreaterThan(30)
                .allSatisfy(type -> assertThat(type.getFieldDefinitions())
                        .isNotEmpty()
                        .allSatisfy(field -> assertThat(FieldRules.of(type, field))
                                .as(type.getName() + "." + field.getName())
                                .isNotEmpty()));
    }

    @ParameterizedTest
    @EnumSource
    void refusesWhatARuleDoesNotGrant(Role role) {
        HttpGraphQlTester operator = rest.graphQl(rest.token(role));

        for (GraphQLObjectType root : roots().toList()) {
            for (GraphQLFieldDefinition field : root.getFieldDefinitions()) {
                String operation = root == source.schema().getMutationType() ? "mutation " : "";
                assertThat(isForbidden(operator, operation + "{ " + call(field) + " }"))
                        .as(role + " uses " + field.getName())
                        .isNotEqualTo(FieldRules.of(root, field).contains(role));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusesWhatARuleBelowTheRootsDoesNotGrant(Role role) {
        var id = TimeOrderedId.next().toString().substring(24);
        accounts.create(AccountDraft.of("matrix-" + id, "simulator", Map.of()), eu.aval.server.audit.Actor.SYSTEM)
                .block(Duration.ofSeconds(30));
        TenantId sender = sending.tenant();
        sending.deliver(sender, "+33639980000", 1);
        Map<String, String> ids = Map.of(
                "$tenant", sender.toString(),
                "$message",
                        String.valueOf(
                                database.value("select id from aval.message where tenant_id = ?", sender.value())),
                "$identity",
                        identities
                                .of("https://login.example.com", "somebody")
                                .map(identity -> identity.id().toString())
                                .blockOptional(Duration.ofSeconds(30))
                                .orElseThrow());
        HttpGraphQlTester operator = rest.graphQl(rest.token(role));

        ownRules()
                .forEach((name, roles) -> assertThat(isForbidden(operator, way(name, ids)))
                        .as(role + " uses " + name)
                        .isNotEqualTo(roles.contains(role)));
    }

    private static String way(String name, Map<String, String> ids) {
        String way = WAYS.getOrDefault(name, "");
        for (Map.Entry<String, String> id : ids.entrySet()) {
            way = way.replace(id.getKey(), id.getValue());
        }
        return way;
    }

    @Test
    void knowsAWayToEachRuleBelowTheRoots() {
        assertThat(WAYS.keySet()).isEqualTo(ownRules().keySet());
    }

    @Test
    void keepsPeopleFromWhomTheyDoNotConcern() {
        assertThat(roots().flatMap(type -> type.getFieldDefinitions().stream()
                        .filter(field -> field.getArguments().stream().anyMatch(RoleMatrixIntegrationTests::isLookUp))
                        .map(field -> FieldRules.of(type, field))))
                .isNotEmpty()
                .allSatisfy(roles -> assertThat(roles).containsExactlyInAnyOrder(Role.DPO, Role.SUPPORT));
    }

    @Test
    void keepsPlaintextFromAdministratorsAndFromThoseWhoSend() {
        var mutation = source.schema().getMutationType();

        assertThat(mutation.getFieldDefinitions().stream().filter(RoleMatrixIntegrationTests::unmasks))
                .hasSize(4)
                .allSatisfy(field -> assertThat(FieldRules.of(mutation, field))
                        .as(field.getName())
                        .doesNotContain(Role.ADMIN, Role.SENDER, Role.CAMPAIGN_MANAGER));
    }

    @Test
    void letsOnlyAdministratorsChangeThePlatformAndTheDpoTheLaw() {
        var mutation = source.schema().getMutationType();

        assertThat(mutation.getFieldDefinitions().stream().filter(field -> !unmasks(field)))
                .allSatisfy(field -> assertThat(FieldRules.of(mutation, field))
                        .as(field.getName())
                        .contains(OF_THE_DPO_ALONE.contains(field.getName()) ? Role.DPO : Role.ADMIN)
                        .doesNotContain(Role.AUDITOR, Role.SUPPORT, Role.SENDER, Role.CAMPAIGN_MANAGER));
        assertThat(mutation.getFieldDefinitions().stream()
                        .filter(field -> !unmasks(field))
                        .filter(field -> FieldRules.of(mutation, field).contains(Role.DPO))
                        .map(GraphQLFieldDefinition::getName))
                .containsExactlyInAnyOrder(
                        "declarePurpose",
                        "retirePurpose",
                        "excludeEventFields",
                        "judgeClassification",
                        "setRulePack",
                        "setResidency",
                        "issueDpoToken");
    }

    /** A change of who may do what shows in a review as a change of this file. */
    @Test
    void isWrittenDown() throws IOException {
        String matrix = matrix();
        Files.writeString(Path.of("target", "ROLES.md"), matrix);

        assertThat(WRITTEN).as("target/ROLES.md is how it is").hasContent(matrix);
    }

    private String matrix() {
        StringBuilder text = new StringBuilder("""
                # Who may use what over GraphQL

                Made from `@authorized` in the schema; a test holds it against the schema, and the server against it. A row of a type
                goes for its fields that have no row of their own.

                | field | SENDER | CAMPAIGN_MANAGER | SUPPORT | DPO | AUDITOR | ADMIN |
                |---|---|---|---|---|---|---|
                """);
        Map<String, Set<Role>> rows = new TreeMap<>();
        roots().forEach(type -> type.getFieldDefinitions()
                .forEach(field -> rows.put(type.getName() + "." + field.getName(), FieldRules.of(type, field))));
        rows.putAll(ownRules());
        for (GraphQLObjectType type : FieldRules.objects(source.schema())) {
            Set<Role> roles = FieldRules.own(type);
            if (roles != null) {
                rows.put(type.getName(), roles);
            }
        }
        rows.forEach((name, roles) -> text.append("| `")
                .append(name)
                .append("` |")
                .append(Arrays.stream(Role.values())
                        .map(role -> roles.contains(role) ? " yes |" : "  |")
                        .collect(Collectors.joining()))
                .append('\n'));
        return text.toString();
    }

    private Map<String, Set<Role>> ownRules() {
        Map<String, Set<Role>> rules = new TreeMap<>();
        List<GraphQLObjectType> roots = roots().toList();
        for (GraphQLObjectType type : FieldRules.objects(source.schema())) {
            for (GraphQLFieldDefinition field : type.getFieldDefinitions()) {
                Set<Role> own = FieldRules.own(field);
                if (own != null && !roots.contains(type)) {
                    rules.put(type.getName() + "." + field.getName(), own);
                }
            }
        }
        return rules;
    }

    private Stream<GraphQLObjectType> roots() {
        return Stream.of(source.schema().getQueryType(), source.schema().getMutationType());
    }

    /** It changes nothing but the journal. */
    private static boolean unmasks(GraphQLFieldDefinition field) {
        return ((GraphQLNamedType) GraphQLTypeUtil.unwrapAll(field.getType()))
                .getName()
                .equals("UnmaskResult");
    }

    private static boolean isLookUp(GraphQLArgument argument) {
        return ((GraphQLNamedType) GraphQLTypeUtil.unwrapAll(argument.getType()))
                .getName()
                .equals("LookUpInput");
    }

    private static boolean isForbidden(HttpGraphQlTester operator, String query) {
        return operator.document(query).execute().returnResponse().getErrors().stream()
                .anyMatch(error -> "FORBIDDEN".equals(error.getExtensions().get("code")));
    }

    /** A use of the field with arguments that fit and mean nothing. */
    private static String call(GraphQLFieldDefinition field) {
        String arguments = field.getArguments().stream()
                .filter(argument -> GraphQLTypeUtil.isNonNull(argument.getType()) && !argument.hasSetDefaultValue())
                .map(argument -> argument.getName() + ": " + literal(argument.getType()))
                .collect(Collectors.joining(", "));
        boolean hasFields = GraphQLTypeUtil.unwrapAll(field.getType()) instanceof GraphQLCompositeType;
        return field.getName()
                + (arguments.isEmpty() ? "" : "(" + arguments + ")")
                + (hasFields ? " { __typename }" : "");
    }

    private static String literal(GraphQLType type) {
        return switch (GraphQLTypeUtil.unwrapNonNull(type)) {
            case GraphQLList list -> "[]";
            case GraphQLEnumType values -> values.getValues().getFirst().getName();
            case GraphQLInputObjectType input ->
                input.getFieldDefinitions().stream()
                        .filter(RoleMatrixIntegrationTests::isRequired)
                        .map(field -> field.getName() + ": " + literal(field.getType()))
                        .collect(Collectors.joining(", ", "{", "}"));
            case GraphQLScalarType scalar ->
                switch (scalar.getName()) {
                    case "UUID" -> "\"00000000-0000-0000-0000-000000000000\"";
                    case "DateTime" -> "\"2030-01-01T00:00:00Z\"";
                    case "Boolean" -> "false";
                    case "Int", "Float" -> "0";
                    default -> "\"\"";
                };
            default -> throw new IllegalStateException(type.toString());
        };
    }

    private static boolean isRequired(GraphQLInputObjectField field) {
        return GraphQLTypeUtil.isNonNull(field.getType()) && !field.hasSetDefaultValue();
    }
}
