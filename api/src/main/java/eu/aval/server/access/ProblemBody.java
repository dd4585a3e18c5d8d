// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import eu.aval.server.shared.TimeOrderedId;
import java.net.URI;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.http.server.reactive.ServerHttpRequest;

/** A problem as JSON: the members of RFC 9457 and ours. For the items of a batch; whole answers are written for you. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ProblemBody(
        URI type,
        String title,
        int status,
        String detail,
        String instance,
        String code,
        boolean retryable,
        String traceId,
        List<Problem.Field> errors,
        @JsonProperty("violated-policies") List<String> violatedPolicies) {

    private static final Pattern TRACE_PARENT =
            Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}.*");
    private static final Pattern HARMLESS =
            Pattern.compile("v1|[A-Za-z-]+|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
    private static final String NO_TRACE = "0".repeat(32);

    public static ProblemBody of(Problem problem, ServerHttpRequest request, String traceId) {
        return of(problem, instance(request), traceId);
    }

    /** Of a request whose path is not known. */
    static ProblemBody ofUnreadable(Problem problem) {
        return of(problem, "/*", newTraceId());
    }

    private static ProblemBody of(Problem problem, String instance, String traceId) {
        var type = problem.type();
        return new ProblemBody(
                type.uri(),
                type.title(),
                type.status(),
                problem.detail(),
                instance,
                type.name(),
                type.isRetryable(),
                traceId,
                problem.fields(),
                type == ProblemType.QUOTA_EXCEEDED ? List.of("requests") : List.of());
    }

    /** The trace of a request as its {@code traceparent} names it, or a new one. */
    public static String traceId(ServerHttpRequest request) {
        var parent = request.getHeaders().getFirst("traceparent");
        if (parent != null) {
            var matcher = TRACE_PARENT.matcher(parent);
            if (matcher.matches() && !matcher.group(1).equals(NO_TRACE)) {
                return matcher.group(1);
            }
        }
        return newTraceId();
    }

    private static String newTraceId() {
        return TimeOrderedId.next().toString().replace("-", "");
    }

    /** The path, without segments that somebody may have put a number or a secret into. */
    private static String instance(ServerHttpRequest request) {
        var instance = new StringBuilder();
        for (var segment : request.getURI().getRawPath().split("/", -1)) {
            instance.append(instance.isEmpty() && segment.isEmpty() ? "" : "/");
            if (!segment.isEmpty()) {
                instance.append(HARMLESS.matcher(segment).matches() ? segment : "*");
            }
        }
        return instance.isEmpty() ? "/" : instance.toString();
    }
}
