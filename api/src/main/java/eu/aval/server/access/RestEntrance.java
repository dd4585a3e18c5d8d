// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.codec.HttpMessageReader;
import org.springframework.http.codec.HttpMessageWriter;
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.reactive.result.view.ViewResolver;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.adapter.DefaultServerWebExchange;
import org.springframework.web.server.i18n.AcceptHeaderLocaleContextResolver;
import org.springframework.web.server.i18n.LocaleContextResolver;
import org.springframework.web.server.session.WebSessionManager;
import reactor.core.publisher.Mono;

/**
 * The way into {@code /v1}: authenticate, find the operation, check its scope, count the request, handle it, tell what
 * went wrong. It stands in front of the filters, Spring Security and the dispatcher, which serve everything else: they
 * cost several times what accepting a message costs.
 */
@Component
final class RestEntrance implements HttpHandlerDecoratorFactory {

    static final String KEY_HEADER = "X-API-Key";

    private static final String PATH = "/v1";
    private static final String BEARER = "Bearer ";

    private final ApiKeys keys;
    private final RateLimits limits;
    private final RestTable table;
    private final ProblemResponses problems;
    private final RestTimers timers;
    private final ServerCodecConfigurer codecs;
    private final List<HttpMessageReader<?>> readers;
    private final ServerResponse.Context responses;
    private final LocaleContextResolver locales = new AcceptHeaderLocaleContextResolver();
    private final WebSessionManager noSessions =
            exchange -> Mono.error(() -> new IllegalStateException("The REST interface has no sessions"));

    RestEntrance(
            ApiKeys keys,
            RateLimits limits,
            List<RestRoutes> routes,
            ProblemResponses problems,
            MeterRegistry meters,
            ServerCodecConfigurer codecs) {
        this.keys = keys;
        this.limits = limits;
        this.table = new RestTable(routes);
        this.problems = problems;
        this.timers = new RestTimers(meters);
        this.codecs = codecs;
        this.readers = List.copyOf(codecs.getReaders());
        this.responses = new Responses(List.copyOf(codecs.getWriters()));
    }

    @Override
    public HttpHandler apply(HttpHandler others) {
        return new HttpHandler() {
            @Override
            public Mono<Void> handle(ServerHttpRequest request, ServerHttpResponse response) {
                var path = request.getURI().getRawPath();
                return path.startsWith(PATH) && (path.length() == PATH.length() || path.charAt(PATH.length()) == '/')
                        ? enter(new DefaultServerWebExchange(request, response, noSessions, codecs, locales))
                        : others.handle(request, response);
            }
        };
    }

    private Mono<Void> enter(ServerWebExchange exchange) {
        var response = exchange.getResponse();
        var headers = response.getHeaders();
        headers.set(HttpHeaders.CACHE_CONTROL, "no-store");
        headers.set("X-Content-Type-Options", "nosniff");
        var match = table.find(exchange.getRequest());
        long start = System.nanoTime();
        return answer(exchange, match)
                .onErrorResume(failure -> problems.write(exchange, failure))
                .doFinally(signal -> timers.record(exchange, match, System.nanoTime() - start))
                .then(Mono.defer(response::setComplete));
    }

    private Mono<Void> answer(ServerWebExchange exchange, RestTable.Match match) {
        var credential = credential(exchange.getRequest().getHeaders());
        return credential == null
                ? Mono.error(unauthenticated())
                : keys.verify(credential)
                        .switchIfEmpty(Mono.error(RestEntrance::unauthenticated))
                        .flatMap(application -> handle(exchange, match, credential, application))
                        .flatMap(response -> response.writeTo(exchange, responses));
    }

    private static Problem unauthenticated() {
        return new Problem(ProblemType.UNAUTHENTICATED, "A valid API key is required");
    }

    private static @Nullable Credential credential(HttpHeaders headers) {
        var value = headers.getFirst(HttpHeaders.AUTHORIZATION);
        var presented = value == null
                ? headers.getFirst(KEY_HEADER)
                : value.regionMatches(true, 0, BEARER, 0, BEARER.length()) ? value.substring(BEARER.length()) : null;
        var credential = presented == null ? null : Credential.parse(presented.strip());
        return credential == null || credential.kind().equals(OperatorTokens.KIND) ? null : credential;
    }

    private Mono<ServerResponse> handle(
            ServerWebExchange exchange, RestTable.Match match, Credential credential, Application application) {
        var headers = exchange.getResponse().getHeaders();
        var decision = limits.count(application);
        headers.set("RateLimit-Policy", decision.policy());
        headers.set(RateLimits.HEADER, decision.limit());
        if (!decision.allowed()) {
            return Mono.error(new Problem(
                    ProblemType.QUOTA_EXCEEDED,
                    "The key has no requests left",
                    List.of(),
                    Duration.ofSeconds(decision.retryAfterSeconds())));
        }
        var route = match.route();
        if (route == null) {
            return Mono.error(match.refusal(headers));
        }
        if (!application.scopes().contains(route.scope())) {
            return Mono.error(new Problem(
                    ProblemType.FORBIDDEN,
                    "The key needs the scope " + route.scope().value()));
        }
        if (!accepts(exchange.getRequest().getHeaders(), route.answer())) {
            return Mono.error(new Problem(
                    ProblemType.NOT_ACCEPTABLE, "The answer is " + route.answer() + ", and Accept excludes it"));
        }
        exchange.getAttributes().put(Application.ATTRIBUTE, application);
        exchange.getAttributes().put(Application.ENDED, keys.ended(credential));
        exchange.getAttributes().put(RouterFunctions.URI_TEMPLATE_VARIABLES_ATTRIBUTE, match.variables());
        return route.handler().handle(ServerRequest.create(exchange, readers));
    }

    private static boolean accepts(HttpHeaders headers, MediaType answer) {
        var value = headers.getFirst(HttpHeaders.ACCEPT);
        if (value == null || value.equals(MediaType.ALL_VALUE) || value.equals(answer.toString())) {
            return true;
        }
        return answer.equals(MediaType.APPLICATION_JSON)
                ? MediaTypes.isAccepted(headers, answer, MediaType.APPLICATION_NDJSON)
                : MediaTypes.isAccepted(headers, answer);
    }

    private record Responses(List<HttpMessageWriter<?>> messageWriters) implements ServerResponse.Context {

        @Override
        public List<ViewResolver> viewResolvers() {
            return List.of();
        }
    }
}
