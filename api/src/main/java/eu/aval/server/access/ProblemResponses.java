// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import eu.aval.server.shared.Unexpected;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.ErrorResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tells a caller what went wrong, by RFC 9457. Whatever is not planned is an internal error of which the caller sees a
 * trace id only, and the log the kind and the place: messages of exceptions may quote what somebody wrote.
 */
@Component
class ProblemResponses {

    private static final Logger LOG = LoggerFactory.getLogger(ProblemResponses.class);

    private final JsonMapper json;

    ProblemResponses(JsonMapper json) {
        this.json = json;
    }

    /** Answers with a problem; passes the failure on when an answer is on its way already. */
    Mono<Void> write(ServerWebExchange exchange, Throwable failure) {
        var response = exchange.getResponse();
        if (response.isCommitted()) {
            return Mono.error(failure);
        }
        var problem = Failures.planned(failure);
        var request = exchange.getRequest();
        var traceId = ProblemBody.traceId(request);
        if (problem.type() == ProblemType.INTERNAL_ERROR) {
            LOG.error("Unexpected, trace {}", traceId, new Unexpected(failure));
        }
        var headers = response.getHeaders();
        headers.remove(HttpHeaders.LOCATION);
        addHeaders(headers, request, problem, failure);
        response.setRawStatusCode(problem.type().status());
        byte[] body = json.writeValueAsBytes(ProblemBody.of(problem, request, traceId));
        headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        headers.setContentLength(body.length);
        return response.writeWith(
                Mono.fromSupplier(() -> response.bufferFactory().wrap(body)));
    }

    private static void addHeaders(HttpHeaders headers, ServerHttpRequest request, Problem problem, Throwable failure) {
        if (problem.type() == ProblemType.UNAUTHENTICATED) {
            // RFC 6750 section 3.1: whoever brought nothing is not told of an error
            headers.set(
                    HttpHeaders.WWW_AUTHENTICATE,
                    request.getHeaders().getFirst(HttpHeaders.AUTHORIZATION) == null
                            ? "Bearer realm=\"aval\""
                            : "Bearer realm=\"aval\", error=\"invalid_token\"");
        }
        var retryAfter = problem.retryAfter();
        if (retryAfter != null) {
            headers.set(HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, retryAfter.toSeconds())));
        }
        if (failure instanceof ErrorResponse planned) {
            var allow = planned.getHeaders().getFirst(HttpHeaders.ALLOW);
            if (allow != null) {
                headers.set(HttpHeaders.ALLOW, allow);
            }
        }
    }
}
