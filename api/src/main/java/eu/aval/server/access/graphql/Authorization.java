// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access.graphql;

import eu.aval.server.access.Operator;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import graphql.schema.DataFetcher;
import graphql.schema.GraphQLFieldDefinition;
import graphql.schema.idl.SchemaDirectiveWiring;
import graphql.schema.idl.SchemaDirectiveWiringEnvironment;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;

/** Enforces {@code @authorized}. A field of Query or Mutation without it keeps the server from starting. */
final class Authorization implements SchemaDirectiveWiring {

    private static final String DIRECTIVE = "authorized";
    private static final Set<String> ROOTS = Set.of("Query", "Mutation", "Subscription");

    @Override
    public GraphQLFieldDefinition onField(SchemaDirectiveWiringEnvironment<GraphQLFieldDefinition> environment) {
        var field = environment.getElement();
        var directive = field.getAppliedDirective(DIRECTIVE);
        if (directive == null) {
            var type = environment.getFieldsContainer().getName();
            if (ROOTS.contains(type)) {
                throw new IllegalStateException("Nobody is @authorized to use " + type + "." + field.getName());
            }
            return field;
        }
        Collection<?> names = directive.getArgument("roles").getValue();
        var roles = names == null
                ? Set.<Operator.Role>of()
                : names.stream()
                        .map(name -> Operator.Role.valueOf(String.valueOf(name)))
                        .collect(Collectors.toUnmodifiableSet());
        DataFetcher<?> fetcher = environment.getFieldDataFetcher();
        return environment.setFieldDataFetcher(request -> {
            Operator operator = request.getGraphQlContext().get(Operator.class);
            if (operator == null) {
                throw new Problem(ProblemType.UNAUTHENTICATED, "A valid token is required");
            }
            if (!roles.contains(operator.role())) {
                throw new Problem(ProblemType.FORBIDDEN, "The role " + operator.role() + " may not use this field");
            }
            return fetcher.get(request);
        });
    }
}
