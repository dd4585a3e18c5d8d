// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access.graphql;

import eu.aval.server.access.MediaTypes;
import eu.aval.server.access.RequestBody;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.stereotype.Component;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.NotAcceptableStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.UnsupportedMediaTypeStatusException;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Only JSON is posted to {@code /graphql}, and JSON comes back; all else gets a problem as over REST. Spring would answer
 * some of it with nothing at all, and log the body of what is said to be {@code application/graphql}.
 */
@Component
final class RequestForm implements WebFilter {

    /** As routes are matched: a path has more than one way to be written. */
    private static final PathPattern PATH = PathPatternParser.defaultInstance.parse("/graphql");

    private static final MediaType[] ANSWERS = {MediaType.APPLICATION_JSON, MediaType.APPLICATION_GRAPHQL_RESPONSE};

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        var request = exchange.getRequest();
        if (!PATH.matches(request.getPath().pathWithinApplication())) {
            return chain.filter(exchange);
        }
        var refusal = refusal(request);
        return refusal == null
                ? chain.filter(exchange.mutate().request(new WithBody(request)).build())
                : Mono.error(refusal);
    }

    private static @Nullable Exception refusal(ServerHttpRequest request) {
        if (!request.getMethod().equals(HttpMethod.POST)) {
            return new MethodNotAllowedException(request.getMethod(), Set.of(HttpMethod.POST));
        }
        if (!MediaTypes.isSent(request.getHeaders(), MediaType.APPLICATION_JSON)
                || MediaTypes.isCompressed(request.getHeaders())) {
            return new UnsupportedMediaTypeStatusException("", List.of(MediaType.APPLICATION_JSON));
        }
        return MediaTypes.isAccepted(request.getHeaders(), ANSWERS)
                ? null
                : new NotAcceptableStatusException(List.of(ANSWERS));
    }

    /** Fails where there is no body, or one that is not UTF-8: no zero octet is in JSON as that. */
    private static final class WithBody extends ServerHttpRequestDecorator {

        WithBody(ServerHttpRequest request) {
            super(request);
        }

        @Override
        public Flux<DataBuffer> getBody() {
            return super.getBody()
                    .doOnNext(buffer -> {
                        if (buffer.indexOf(octet -> octet == 0, 0) >= 0) {
                            DataBufferUtils.release(buffer);
                            throw RequestBody.notUtf8();
                        }
                    })
                    .switchIfEmpty(
                            Flux.error(() -> new Problem(ProblemType.MALFORMED_REQUEST, "The request cannot be read")));
        }
    }
}
