// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access.graphql;

import eu.aval.server.access.Operator.Role;
import graphql.schema.GraphQLDirectiveContainer;
import graphql.schema.GraphQLFieldDefinition;
import graphql.schema.GraphQLInterfaceType;
import graphql.schema.GraphQLObjectType;
import graphql.schema.GraphQLSchema;
import graphql.schema.GraphQLType;
import graphql.schema.GraphQLTypeUtil;
import graphql.schema.GraphQLUnionType;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who may use which field, as {@code @authorized} says. A rule on a field is enforced when the field is used. One on a type
 * needs no look at each of its fields, as long as nobody else has a way to the type: {@link #check} sees to that once, when
 * the server starts.
 */
final class FieldRules {

    private static final String DIRECTIVE = "authorized";

    private FieldRules() {}

    /** The rule on this field or type itself; null when there is none. */
    static @Nullable Set<Role> own(GraphQLDirectiveContainer element) {
        var directive = element.getAppliedDirective(DIRECTIVE);
        if (directive == null) {
            return null;
        }
        Collection<?> names = directive.getArgument("roles").getValue();
        return names == null
                ? Set.of()
                : names.stream()
                        .map(name -> Role.valueOf(String.valueOf(name)))
                        .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * The rule of a field: its own, else that of its type.
     *
     * @throws IllegalStateException when there is neither
     */
    static Set<Role> of(GraphQLObjectType type, GraphQLFieldDefinition field) {
        var own = own(field);
        var rule = own == null ? own(type) : own;
        if (rule == null || rule.isEmpty()) {
            throw new IllegalStateException("Nobody is @authorized to use " + type.getName() + "." + field.getName());
        }
        return rule;
    }

    /**
     * @throws IllegalStateException when a field has no rule, when somebody has a way to a type that is not for them, or when
     *     a field that can be refused by itself would take what stands beside it out of the answer
     */
    static void check(GraphQLSchema schema) {
        objects(schema)
                .forEach(type -> type.getFieldDefinitions().forEach(field -> {
                    var rule = of(type, field);
                    if (own(field) != null && GraphQLTypeUtil.isNonNull(field.getType())) {
                        throw new IllegalStateException(
                                type.getName() + "." + field.getName() + " has a rule of its own and cannot be null");
                    }
                    results(schema, field).forEach(result -> {
                        var reached = own(result);
                        if (reached != null && !reached.containsAll(rule)) {
                            throw new IllegalStateException(type.getName() + "." + field.getName() + " is for " + rule
                                    + " and " + result.getName() + ", to which it leads, for " + reached);
                        }
                    });
                }));
    }

    /** All types with fields, without those of the introspection. */
    static List<GraphQLObjectType> objects(GraphQLSchema schema) {
        return schema.getAllTypesAsList().stream()
                .filter(type ->
                        type instanceof GraphQLObjectType && !type.getName().startsWith("__"))
                .map(GraphQLObjectType.class::cast)
                .toList();
    }

    private static List<GraphQLObjectType> results(GraphQLSchema schema, GraphQLFieldDefinition field) {
        GraphQLType type = GraphQLTypeUtil.unwrapAll(field.getType());
        return switch (type) {
            case GraphQLObjectType object -> List.of(object);
            case GraphQLInterfaceType several -> schema.getImplementations(several);
            case GraphQLUnionType several ->
                several.getTypes().stream()
                        .filter(GraphQLObjectType.class::isInstance)
                        .map(GraphQLObjectType.class::cast)
                        .toList();
            default -> List.of();
        };
    }
}
