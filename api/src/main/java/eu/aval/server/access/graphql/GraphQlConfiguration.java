// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access.graphql;

import eu.aval.server.access.AccessSettings;
import eu.aval.server.access.Operator;
import graphql.ExecutionInput;
import graphql.execution.instrumentation.Instrumentation;
import graphql.introspection.Introspection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.graphql.execution.GraphQlSource;
import org.springframework.graphql.execution.RuntimeWiringConfigurer;
import org.springframework.graphql.server.WebGraphQlInterceptor;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;

/** Wires what all features' schemas share: scalars, {@code @authorized}, limits, and who is asking. */
@Configuration(proxyBeanMethods = false)
class GraphQlConfiguration {

    /** To the parser, to the validation, to the engine's own scalars, and to the execution. */
    private static final List<String> MISTAKES = List.of(
            "{ nothing(",
            "{ nothing }",
            "{ __type(name: 1) { name } }",
            "query($id: UUID!) { tenant(id: $id) { id } }");

    @Bean
    RuntimeWiringConfigurer conventions() {
        return wiring -> wiring.scalar(Scalars.ID).scalar(Scalars.DATE_TIME).directiveWiring(new Authorization());
    }

    @Bean
    SmartInitializingSingleton checkRules(GraphQlSource source) {
        return () -> FieldRules.check(source.schema());
    }

    @Bean
    Instrumentation depthLimit() {
        return QueryLimits.depth();
    }

    @Bean
    Instrumentation costLimit() {
        return QueryLimits.cost();
    }

    /**
     * Hands the operator to fields, as {@code @ContextValue Operator operator}. The engine speaks English whatever a client
     * prefers: {@link EngineErrors} knows what it says.
     */
    @Bean
    WebGraphQlInterceptor identify(AccessSettings settings, Environment environment) {
        boolean closed = !settings.showsGraphiql(environment);
        return (request, chain) -> ReactiveSecurityContextHolder.getContext()
                .mapNotNull(context -> operator(context.getAuthentication()))
                .flatMap(operator -> {
                    request.configureExecutionInput((input, builder) -> builder.locale(Locale.ENGLISH)
                            .graphQLContext(Map.of(
                                    Operator.class,
                                    operator,
                                    "operator",
                                    operator,
                                    Introspection.INTROSPECTION_DISABLED,
                                    closed))
                            .build());
                    return chain.next(request);
                });
    }

    /** The engine reads its texts from the class path at its first use: better now than while an event loop waits. */
    @Bean
    SmartInitializingSingleton readTexts(GraphQlSource source) {
        return () -> MISTAKES.forEach(query -> source.graphQl()
                .execute(ExecutionInput.newExecutionInput(query)
                        .locale(Locale.ENGLISH)
                        .build()));
    }

    private static @Nullable Operator operator(@Nullable Authentication authentication) {
        return authentication != null && authentication.getPrincipal() instanceof Operator operator ? operator : null;
    }
}
