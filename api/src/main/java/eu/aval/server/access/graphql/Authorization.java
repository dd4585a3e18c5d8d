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
import java.util.stream.Collectors;

/** Enforces {@code @authorized} on fields. */
final class Authorization implements SchemaDirectiveWiring {

    @Override
    public GraphQLFieldDefinition onField(SchemaDirectiveWiringEnvironment<GraphQLFieldDefinition> environment) {
        var roles = FieldRules.own(environment.getElement());
        if (roles == null) {
            return environment.getElement();
        }
        DataFetcher<?> fetcher = environment.getFieldDataFetcher();
        return environment.setFieldDataFetcher(request -> {
            Operator operator = request.getGraphQlContext().get(Operator.class);
            if (operator == null) {
                throw new Problem(ProblemType.UNAUTHENTICATED, "A valid token is required");
            }
            if (!operator.hasAny(roles)) {
                throw new Problem(
                        ProblemType.FORBIDDEN,
                        "The role "
                                + operator.roles().stream()
                                        .map(Enum::name)
                                        .sorted()
                                        .collect(Collectors.joining(", "))
                                + " may not use this field");
            }
            return fetcher.get(request);
        });
    }
}
