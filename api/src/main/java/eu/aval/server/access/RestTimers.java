// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.springframework.http.HttpMethod;
import org.springframework.web.server.ServerWebExchange;

/** {@code http.server.requests} as Spring would record it, without an observation for each request. */
final class RestTimers {

    private record Series(HttpMethod method, String uri, int status) {}

    private final MeterRegistry meters;
    private final Map<Series, Timer> timers = new ConcurrentHashMap<>();

    RestTimers(MeterRegistry meters) {
        this.meters = meters;
    }

    void record(ServerWebExchange exchange, RestTable.Match match, long nanos) {
        var route = match.route();
        var status = exchange.getResponse().getStatusCode();
        var series = new Series(
                // any token may stand for a method: those that exist, and no more series
                route == null ? HttpMethod.OPTIONS : route.method(),
                route == null ? "NOT_FOUND" : route.path().getPatternString(),
                status == null ? 200 : status.value());
        timers.computeIfAbsent(series, this::timer).record(nanos, TimeUnit.NANOSECONDS);
    }

    private Timer timer(Series series) {
        return Timer.builder("http.server.requests")
                .tag("error", "none")
                .tag("exception", "none")
                .tag(
                        "method",
                        series.method().equals(HttpMethod.OPTIONS)
                                ? "OTHER"
                                : series.method().name())
                .tag("outcome", outcome(series.status()))
                .tag("status", Integer.toString(series.status()))
                .tag("uri", series.uri())
                .register(meters);
    }

    private static String outcome(int status) {
        return switch (status / 100) {
            case 2 -> "SUCCESS";
            case 4 -> "CLIENT_ERROR";
            default -> "SERVER_ERROR";
        };
    }
}
