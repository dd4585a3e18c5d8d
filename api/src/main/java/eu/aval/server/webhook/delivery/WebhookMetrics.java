// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.webhook.delivery;

import eu.aval.server.webhook.WebhookAttempt.Outcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntSupplier;

/** What is counted of webhooks. No label names an endpoint or a tenant. */
final class WebhookMetrics {

    private final Map<Outcome, Counter> attempts = new EnumMap<>(Outcome.class);
    private final Counter disabled;
    private final Counter relayed;
    private final Timer requests;

    WebhookMetrics(MeterRegistry meters, IntSupplier inFlight) {
        for (Outcome outcome : Outcome.values()) {
            attempts.put(
                    outcome,
                    Counter.builder("sms_webhook_attempts")
                            .description("Requests to endpoints, by what became of them")
                            .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                            .register(meters));
        }
        disabled = Counter.builder("sms_webhook_endpoints_disabled")
                .description("Endpoints that were disabled because they answered 410 or failed for too long")
                .register(meters);
        relayed = Counter.builder("sms_events_relayed")
                .description("Events that became visible to streams and endpoints")
                .register(meters);
        requests = Timer.builder("sms_webhook_request")
                .description("How long requests to endpoints take")
                .register(meters);
        Gauge.builder("sms_webhook_in_flight", inFlight::getAsInt)
                .description("Requests to endpoints that have no outcome yet, on this node")
                .register(meters);
    }

    void attempted(Outcome outcome, int milliseconds) {
        Counter counter = attempts.get(outcome);
        if (counter != null) {
            counter.increment();
        }
        requests.record(Duration.ofMillis(milliseconds));
    }

    void disabled() {
        disabled.increment();
    }

    void relayed(int events) {
        relayed.increment(events);
    }
}
