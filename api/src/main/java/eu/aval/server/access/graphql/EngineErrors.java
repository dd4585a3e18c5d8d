// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access.graphql;

import eu.aval.server.shared.ProblemType;
import graphql.ErrorClassification;
import graphql.GraphQLError;
import graphql.GraphqlErrorBuilder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.graphql.ResponseError;
import org.springframework.graphql.server.WebGraphQlInterceptor;
import org.springframework.graphql.server.WebGraphQlRequest;
import org.springframework.graphql.server.WebGraphQlResponse;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * What the engine says of a query that it cannot read: with a code like everything else, and without the values that it
 * likes to repeat. A number that stands in the wrong place is not to come back in an error, which ends up in logs.
 */
@Component
class EngineErrors implements WebGraphQlInterceptor {

    /** From here on a message is about the value. */
    private static final Pattern VALUE = Pattern.compile(
            "(?s)( with value '.*?'(?= is not a valid)| - .*| No value found for name '.*| '.*'(?= at line)|, but it was .*)");

    private static final Pattern DIGITS = Pattern.compile("\\+?[0-9]{6,}");

    @Override
    public Mono<WebGraphQlResponse> intercept(WebGraphQlRequest request, Chain chain) {
        return chain.next(request)
                .map(response -> response.getErrors().stream().anyMatch(EngineErrors::isTheEngines)
                        ? response.transform(builder -> builder.errors(response.getErrors().stream()
                                .map(EngineErrors::told)
                                .toList()))
                        : response);
    }

    /** What is ours has a code. */
    private static boolean isTheEngines(ResponseError error) {
        return !error.getExtensions().containsKey("code");
    }

    private static GraphQLError told(ResponseError error) {
        boolean engines = isTheEngines(error);
        Map<String, Object> extensions = new LinkedHashMap<>(error.getExtensions());
        if (engines) {
            ProblemType type = type(error.getErrorType());
            extensions.put("code", type.name());
            extensions.put("retryable", type.isRetryable());
        }
        var builder = GraphqlErrorBuilder.newError()
                .message("%s", engines ? withoutValues(error.getMessage()) : String.valueOf(error.getMessage()))
                .errorType(error.getErrorType())
                .locations(error.getLocations())
                .extensions(extensions);
        return error.getParsedPath().isEmpty()
                ? builder.build()
                : builder.path(error.getParsedPath()).build();
    }

    static ProblemType type(ErrorClassification classification) {
        return switch (classification.toString()) {
            case "InvalidSyntax", "ValidationError", "OperationNotSupported" -> ProblemType.MALFORMED_REQUEST;
            // more of the schema, or more often, than a tool would ask for
            case "BadFaithIntrospection" -> ProblemType.QUERY_TOO_COSTLY;
            case "IntrospectionDisabled" -> ProblemType.FORBIDDEN;
            default -> ProblemType.INTERNAL_ERROR;
        };
    }

    /** Keeps what was expected, and drops what came. */
    static String withoutValues(@Nullable String message) {
        return DIGITS.matcher(VALUE.matcher(String.valueOf(message)).replaceAll(""))
                .replaceAll("*");
    }
}
