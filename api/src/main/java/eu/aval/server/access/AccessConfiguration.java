// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import eu.aval.server.access.oidc.OidcTokens;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.config.web.server.SecurityWebFiltersOrder;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.authentication.AuthenticationWebFilter;
import org.springframework.security.web.server.context.NoOpServerSecurityContextRepository;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Mono;

/**
 * Everything but {@code /v1}: operators come with a bearer token, there are no sessions, no cookies and no forms, and
 * what is not named here is closed.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({AccessSettings.class, DocsSettings.class, HttpSettings.class})
class AccessConfiguration {

    private static final String[] HEALTH = {"/actuator/health", "/actuator/health/**"};
    private static final String BEARER = "Bearer ";
    private static final Pattern JWT = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]*){2,4}");

    @Bean
    SecurityWebFilterChain closedByDefault(
            ServerHttpSecurity http,
            OperatorTokens tokens,
            OidcTokens issued,
            ProblemResponses problems,
            AccessSettings settings,
            DocsSettings docs,
            Environment environment) {
        return http.csrf(ServerHttpSecurity.CsrfSpec::disable)
                .httpBasic(ServerHttpSecurity.HttpBasicSpec::disable)
                .formLogin(ServerHttpSecurity.FormLoginSpec::disable)
                .logout(ServerHttpSecurity.LogoutSpec::disable)
                .requestCache(ServerHttpSecurity.RequestCacheSpec::disable)
                .securityContextRepository(NoOpServerSecurityContextRepository.getInstance())
                .addFilterAt(bearer(tokens, issued, problems), SecurityWebFiltersOrder.AUTHENTICATION)
                .exceptionHandling(failures ->
                        failures.authenticationEntryPoint(problems::write).accessDeniedHandler(problems::write))
                .authorizeExchange(exchanges -> {
                    exchanges
                            .pathMatchers(HttpMethod.GET, HEALTH)
                            .permitAll()
                            .pathMatchers(HttpMethod.HEAD, HEALTH)
                            .permitAll()
                            .pathMatchers(HttpMethod.GET, docs.paths())
                            .permitAll()
                            .pathMatchers(HttpMethod.HEAD, docs.paths())
                            .permitAll();
                    if (settings.publicMetrics()) {
                        exchanges
                                .pathMatchers(HttpMethod.GET, "/actuator/prometheus")
                                .permitAll();
                    }
                    if (settings.showsGraphiql(environment)) {
                        exchanges
                                .pathMatchers(HttpMethod.GET, "/graphiql", "/graphiql/**")
                                .permitAll();
                    }
                    exchanges
                            .pathMatchers("/graphql")
                            .authenticated()
                            .pathMatchers(HttpMethod.GET, "/actuator/**")
                            .access((who, where) -> who.map(AccessConfiguration::mayWatchThePlatform))
                            .anyExchange()
                            .denyAll();
                })
                .build();
    }

    /** Every failure outside {@code /v1} that nobody has answered. */
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    WebExceptionHandler answerWithProblems(ProblemResponses problems) {
        return problems::write;
    }

    /** What the server tells of itself is about every tenant. */
    private static AuthorizationResult mayWatchThePlatform(Authentication authentication) {
        return new AuthorizationDecision(authentication.getPrincipal() instanceof Operator operator
                && operator.tenants() == null
                && operator.hasAny(Set.of(Operator.Role.ADMIN, Operator.Role.AUDITOR)));
    }

    private static AuthenticationWebFilter bearer(OperatorTokens tokens, OidcTokens issued, ProblemResponses problems) {
        ReactiveAuthenticationManager recognised = Mono::just;
        var filter = new AuthenticationWebFilter(recognised);
        filter.setServerAuthenticationConverter(exchange -> authentication(exchange, tokens, issued));
        filter.setSecurityContextRepository(NoOpServerSecurityContextRepository.getInstance());
        filter.setAuthenticationFailureHandler((exchange, failure) -> problems.write(exchange.getExchange(), failure));
        return filter;
    }

    /** Ours have a prefix; whatever else has the form of a JWT is for its issuer to vouch for. */
    private static Mono<Authentication> authentication(
            ServerWebExchange exchange, OperatorTokens tokens, OidcTokens issued) {
        var value = exchange.getRequest().getHeaders().getFirst(HttpHeaders.AUTHORIZATION);
        if (value == null || !value.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return Mono.empty();
        }
        var token = value.substring(BEARER.length()).strip();
        if (JWT.matcher(token).matches()) {
            return issued.verify(token).map(OperatorAuthentication::new);
        }
        var credential = Credential.parse(token);
        return credential == null || !credential.kind().equals(OperatorTokens.KIND)
                ? Mono.empty()
                : tokens.verify(credential).map(OperatorAuthentication::new);
    }
}
