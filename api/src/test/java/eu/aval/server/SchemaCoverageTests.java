// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.shared.ProblemType;
import graphql.schema.GraphQLArgument;
import graphql.schema.GraphQLEnumType;
import graphql.schema.GraphQLFieldDefinition;
import graphql.schema.GraphQLFieldsContainer;
import graphql.schema.GraphQLInputObjectType;
import graphql.schema.GraphQLNamedSchemaElement;
import graphql.schema.GraphQLNamedType;
import graphql.schema.GraphQLScalarType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.graphql.execution.GraphQlSource;
import tools.jackson.databind.JsonNode;

@PlatformTest
final class SchemaCoverageTests {

    /** Only GraphQL answers with these. */
    private static final Set<ProblemType> NOT_IN_REST = Set.of(ProblemType.QUERY_TOO_COSTLY);

    @Autowired
    private SchemaInspection inspection;

    @Autowired
    private GraphQlSource source;

    @Test
    void servesEveryFieldAndNothingElse() {
        var report = inspection.report();

        assertThat(report.unmappedFields()).isEmpty();
        assertThat(report.unmappedRegistrations()).isEmpty();
        assertThat(report.unmappedArguments()).isEmpty();
        assertThat(report.skippedTypes()).isEmpty();
    }

    @Test
    void describesEverything() {
        List<String> silent = new ArrayList<>();
        for (var type : source.schema().getAllTypesAsList()) {
            if (type.getName().startsWith("__")) {
                continue;
            }
            if (!(type instanceof GraphQLScalarType)) {
                note(type.getName(), type, silent);
            }
            members(type).forEach(member -> {
                String name = type.getName() + "." + member.getName();
                note(name, member, silent);
                arguments(member).forEach(argument -> note(name + "." + argument.getName(), argument, silent));
            });
        }

        assertThat(silent).isEmpty();
    }

    @Test
    void namesTheSameProblemsInTheRestContract() {
        List<String> codes = new OpenApiContract()
                .document()
                .at("/components/schemas/ProblemCode/enum")
                .valueStream()
                .map(JsonNode::asString)
                .toList();

        assertThat(codes)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(ProblemType.values())
                        .filter(type -> !NOT_IN_REST.contains(type))
                        .map(ProblemType::name)
                        .toList());
    }

    private static List<? extends GraphQLNamedSchemaElement> members(GraphQLNamedType type) {
        return switch (type) {
            case GraphQLFieldsContainer fields -> fields.getFieldDefinitions();
            case GraphQLInputObjectType input -> input.getFieldDefinitions();
            case GraphQLEnumType values -> values.getValues();
            default -> List.of();
        };
    }

    private static List<GraphQLArgument> arguments(GraphQLNamedSchemaElement member) {
        return member instanceof GraphQLFieldDefinition field ? field.getArguments() : List.of();
    }

    private static void note(String name, GraphQLNamedSchemaElement element, List<String> silent) {
        if (element.getDescription() == null || element.getDescription().isBlank()) {
            silent.add(name);
        }
    }
}
