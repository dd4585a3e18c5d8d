// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access.graphql;

import eu.aval.server.shared.ProblemType;
import graphql.analysis.FieldComplexityEnvironment;
import graphql.analysis.MaxQueryComplexityInstrumentation;
import graphql.analysis.MaxQueryDepthInstrumentation;
import graphql.execution.AbortExecutionException;
import graphql.execution.instrumentation.Instrumentation;
import java.util.Map;

/**
 * How much one query may ask for. A field costs one or what {@code @cost} says, and what a page holds costs once for each of its items: {@code first}
 * of them. Counted before anything is read.
 */
final class QueryLimits {

    /** Deep enough for the introspection of GraphiQL. */
    static final int DEPTH = 15;

    static final int COST = 5_000;

    private QueryLimits() {}

    static Instrumentation depth() {
        return new MaxQueryDepthInstrumentation(DEPTH) {
            @Override
            protected AbortExecutionException mkAbortException(int depth, int maximum) {
                return new TooMuch("The query is %d fields deep; the limit is %d".formatted(depth, maximum));
            }
        };
    }

    static Instrumentation cost() {
        return new MaxQueryComplexityInstrumentation(COST, QueryLimits::cost) {
            @Override
            protected AbortExecutionException mkAbortException(int cost, int maximum) {
                return new TooMuch("The query costs %d; the limit is %d".formatted(cost, maximum));
            }
        };
    }

    private static int cost(FieldComplexityEnvironment field, int children) {
        var items = field.getArguments().get("first") instanceof Integer first ? Math.max(1, first) : 1;
        var declared = field.getFieldDefinition().getAppliedDirective("cost");
        long own = declared != null && declared.getArgument("weight").getValue() instanceof Integer weight ? weight : 1;
        long cost = own + (long) children * items;
        return (int) Math.min(cost, Integer.MAX_VALUE / 2);
    }

    /** Refused before it began. */
    private static final class TooMuch extends AbortExecutionException {

        TooMuch(String message) {
            super(message);
        }

        @Override
        public Map<String, Object> getExtensions() {
            return Map.of("code", ProblemType.QUERY_TOO_COSTLY.name(), "retryable", false);
        }
    }
}
