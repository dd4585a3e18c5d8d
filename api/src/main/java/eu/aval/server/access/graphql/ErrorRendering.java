// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access.graphql;

import eu.aval.server.access.Failures;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import eu.aval.server.shared.Unexpected;
import graphql.ErrorClassification;
import graphql.GraphQLError;
import graphql.GraphqlErrorBuilder;
import graphql.execution.AbortExecutionException;
import graphql.schema.DataFetchingEnvironment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.graphql.execution.DataFetcherExceptionResolver;
import org.springframework.graphql.execution.ErrorType;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Tells a caller of GraphQL what went wrong: the same codes as REST, in {@code extensions.code}. Of what nobody planned
 * it shows the execution id only, and logs kind and place.
 */
@Component
class ErrorRendering implements DataFetcherExceptionResolver {

    private static final Logger LOG = LoggerFactory.getLogger(ErrorRendering.class);

    @Override
    public Mono<List<GraphQLError>> resolveException(Throwable failure, DataFetchingEnvironment environment) {
        return Mono.fromSupplier(() -> List.of(error(failure, environment)));
    }

    private static GraphQLError error(Throwable failure, DataFetchingEnvironment environment) {
        var problem = Failures.planned(failure);
        if (problem.type() != ProblemType.INTERNAL_ERROR) {
            return error(problem, problem.detail(), environment);
        }
        var execution = environment.getExecutionId();
        if (!(failure instanceof AbortExecutionException)) {
            // The other kind is that the client has gone away: nobody reads the answer
            LOG.error("Unexpected, execution {}", execution, new Unexpected(failure));
        }
        return error(problem, "INTERNAL_ERROR for " + execution, environment);
    }

    private static GraphQLError error(Problem problem, String message, DataFetchingEnvironment environment) {
        var type = problem.type();
        Map<String, Object> extensions = new LinkedHashMap<>();
        extensions.put("code", type.name());
        extensions.put("retryable", type.isRetryable());
        if (!problem.fields().isEmpty()) {
            extensions.put(
                    "errors",
                    problem.fields().stream()
                            .map(field ->
                                    Map.of("pointer", field.pointer(), "code", field.code(), "detail", field.detail()))
                            .toList());
        }
        return GraphqlErrorBuilder.newError(environment)
                .message("%s", message)
                .errorType(classification(type))
                .extensions(extensions)
                .build();
    }

    private static ErrorClassification classification(ProblemType type) {
        return switch (type.status()) {
            case 401 -> ErrorType.UNAUTHORIZED;
            case 403 -> ErrorType.FORBIDDEN;
            case 404 -> ErrorType.NOT_FOUND;
            case 500, 503 -> ErrorType.INTERNAL_ERROR;
            default -> ErrorType.BAD_REQUEST;
        };
    }
}
