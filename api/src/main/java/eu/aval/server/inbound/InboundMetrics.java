// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.inbound;

import eu.aval.server.inbound.reply.Meaning;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import org.springframework.stereotype.Component;

/** What is counted of what people write. */
@Component
class InboundMetrics {

    private final MeterRegistry meters;
    private final Timer latency;
    private final Counter duplicates;
    private final Counter confirmations;
    private final Counter optedIn;
    private final Counter parts;
    private final Counter duplicateParts;
    private final Counter incomplete;
    private final Counter withheld;

    InboundMetrics(MeterRegistry meters) {
        this.meters = meters;
        this.latency = Timer.builder("sms_inbound_latency")
                .description("From the carrier's word to its effect, both durable")
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(1))
                .maximumExpectedValue(Duration.ofSeconds(30))
                .register(meters);
        this.duplicates = meters.counter("sms_inbound_duplicates");
        this.confirmations = meters.counter("sms_opt_out_confirmations");
        this.optedIn = meters.counter("sms_opted_in");
        this.parts = meters.counter("sms_inbound_parts");
        this.duplicateParts = meters.counter("sms_inbound_duplicate_parts");
        this.incomplete = meters.counter("sms_inbound_incomplete");
        this.withheld = meters.counter("sms_inbound_withheld");
    }

    void received(Meaning meaning, Duration took) {
        meters.counter("sms_inbound", "meaning", meaning.name()).increment();
        latency.record(took);
    }

    void duplicate() {
        duplicates.increment();
    }

    void part() {
        parts.increment();
    }

    void duplicatePart() {
        duplicateParts.increment();
    }

    /** Handed on though parts were missing. */
    void incomplete() {
        incomplete.increment();
    }

    /** Left with the carrier: it may be for a tenant whose keys do not open. */
    void withheld() {
        withheld.increment();
    }

    void ownerless(Meaning meaning) {
        meters.counter("sms_inbound_unknown_recipient", "meaning", meaning.name())
                .increment();
    }

    void optedOut(String source, int entries) {
        if (entries > 0) {
            meters.counter("sms_opted_out", "source", source).increment();
        }
    }

    void optedIn(int entries) {
        if (entries > 0) {
            optedIn.increment();
        }
    }

    void confirmed() {
        confirmations.increment();
    }
}
