// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.dispatch;

import eu.aval.spi.submit.SubmitOutcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** What the dispatcher counts. Labels are names of carrier accounts and of outcomes: nothing personal. */
final class DispatchMetrics {

    private record Key(String name, String account, String value) {}

    private final MeterRegistry meters;
    private final ConcurrentMap<Key, Counter> counters = new ConcurrentHashMap<>();
    private final Timer claims;
    private final Timer settles;

    DispatchMetrics(MeterRegistry meters) {
        this.meters = meters;
        this.claims = Timer.builder("sms_dispatch_claim").register(meters);
        this.settles = Timer.builder("sms_dispatch_settle").register(meters);
    }

    void ended(String account, SubmitOutcome outcome, int parts) {
        String kind = outcome.getClass().getSimpleName().toLowerCase(Locale.ROOT);
        counter("sms_submits", account, "outcome", kind).increment();
        if (outcome instanceof SubmitOutcome.Accepted) {
            counter("sms_submitted_parts", account, "", "").increment(parts);
        }
    }

    void rerouted(String account) {
        counter("sms_rerouted", account, "", "").increment();
    }

    void claimed(Duration took) {
        claims.record(took);
    }

    void settled(Duration took) {
        settles.record(took);
    }

    private Counter counter(String name, String account, String label, String value) {
        return counters.computeIfAbsent(new Key(name, account, value), key -> {
            Counter.Builder builder = Counter.builder(name).tag("carrier", account);
            return (label.isEmpty() ? builder : builder.tag(label, value)).register(meters);
        });
    }
}
