// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.account;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The meters of one account, labelled {@code carrier} with its name; all of them go with it. Names that a plugin chooses
 * are checked and limited in number, and its gauges are read from the last value it told: a scrape never enters a plugin.
 */
final class AccountMeters {

    private static final Logger log = LoggerFactory.getLogger(AccountMeters.class);

    private static final int MAXIMUM_PLUGIN_METERS = 50;
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,39}");

    private final MeterRegistry registry;
    private final Tags tags;
    private final Set<Meter> own = ConcurrentHashMap.newKeySet();
    private final Map<String, Counter> counters = new ConcurrentHashMap<>();
    private final Map<String, Double> gauges = new ConcurrentHashMap<>();
    private final Map<String, Meter> gaugeMeters = new ConcurrentHashMap<>();
    private final Map<String, Counter> outcomes = new ConcurrentHashMap<>();
    private final Counter parts;
    private final Counter refusedEvents;
    private final Timer duration;

    AccountMeters(MeterRegistry registry, String account) {
        this.registry = registry;
        this.tags = Tags.of("carrier", account);
        this.parts = keep(Counter.builder("sms.submitted.parts")
                .description("Parts that carriers accepted")
                .tags(tags)
                .register(registry));
        this.refusedEvents = keep(Counter.builder("sms.account.events.refused")
                .description("Receipts and messages of people that were not taken because too many wait")
                .tags(tags)
                .register(registry));
        this.duration = keep(Timer.builder("sms.submit")
                .description("From handing a message to the plugin until its outcome")
                .tags(tags)
                .register(registry));
    }

    <T> void gauge(String name, String description, T source, ToDoubleFunction<T> value) {
        keep(Gauge.builder(name, source, value)
                .description(description)
                .tags(tags)
                .register(registry));
    }

    void submitted(String outcome, Duration took) {
        outcomes.computeIfAbsent(
                        outcome,
                        name -> keep(Counter.builder("sms.submits")
                                .description("Submits by outcome")
                                .tags(tags.and("outcome", name))
                                .register(registry)))
                .increment();
        duration.record(took);
    }

    void accepted(int count) {
        parts.increment(count);
    }

    void refusedEvent() {
        refusedEvents.increment();
    }

    /** For the plugin. */
    void count(String name) {
        Counter counter = counters.get(name);
        if (counter == null && isUsable(name)) {
            counter = counters.computeIfAbsent(
                    name,
                    given -> keep(
                            Counter.builder("sms.carrier." + given).tags(tags).register(registry)));
        }
        if (counter != null) {
            counter.increment();
        }
    }

    /** For the plugin: the value of a gauge as just told. */
    void gauge(String name, double value) {
        if (gauges.put(name, value) == null) {
            if (isUsable(name)) {
                gaugeMeters.put(
                        name,
                        keep(Gauge.builder("sms.carrier." + name, gauges, all -> all.getOrDefault(name, Double.NaN))
                                .tags(tags)
                                .register(registry)));
            } else {
                gauges.remove(name);
            }
        }
    }

    void removeGauge(String name) {
        gauges.remove(name);
        Meter meter = gaugeMeters.remove(name);
        if (meter != null) {
            own.remove(meter);
            registry.remove(meter);
        }
    }

    void close() {
        own.forEach(registry::remove);
        own.clear();
    }

    private boolean isUsable(String name) {
        boolean usable = NAME.matcher(name).matches()
                && counters.size() + gaugeMeters.size() < MAXIMUM_PLUGIN_METERS
                && !counters.containsKey(name)
                && !gaugeMeters.containsKey(name);
        if (!usable) {
            log.debug("A plugin's meter is ignored: its name does not fit, is taken, or there are too many");
        }
        return usable;
    }

    private <M extends Meter> M keep(M meter) {
        own.add(meter);
        return meter;
    }
}
