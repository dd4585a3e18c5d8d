// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.tck;

import eu.aval.spi.CarrierContext;
import eu.aval.spi.event.CarrierEvent;
import eu.aval.spi.event.CarrierEventSink;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * A host for one account, without a server: keeps the events it gets, and can hold them or fail as a database would.
 * Thread-safe. Of use beyond the kit, for an author's own tests.
 */
public final class TestingCarrierContext implements CarrierContext {

    private enum Store {
        WORKS,
        HANGS,
        FAILS
    }

    private final String accountName;
    private final List<CarrierEvent> events = new CopyOnWriteArrayList<>();
    private final List<CarrierEvent> offered = new CopyOnWriteArrayList<>();
    private final Map<String, Integer> counts = new ConcurrentHashMap<>();
    private final Map<String, Supplier<Number>> gauges = new ConcurrentHashMap<>();
    private final List<Runnable> held = new ArrayList<>();
    private Store store = Store.WORKS;

    public TestingCarrierContext(String accountName) {
        this.accountName = accountName;
    }

    @Override
    public String accountName() {
        return accountName;
    }

    @Override
    public Clock clock() {
        return Clock.systemUTC();
    }

    @Override
    public CarrierEventSink events() {
        return event -> Mono.defer(() -> offer(event));
    }

    @Override
    public void count(String name) {
        counts.merge(name, 1, Integer::sum);
    }

    @Override
    public void gauge(String name, Supplier<Number> value) {
        gauges.put(name, value);
    }

    /** The events that were stored, in order. */
    public List<CarrierEvent> stored() {
        return List.copyOf(events);
    }

    /** The events that were emitted, stored or not. */
    public List<CarrierEvent> emitted() {
        return List.copyOf(offered);
    }

    /** What was counted, by name. */
    public Map<String, Integer> counts() {
        return Map.copyOf(counts);
    }

    /** What is published, by name. */
    public Map<String, Supplier<Number>> gauges() {
        return Map.copyOf(gauges);
    }

    /** From now on storing takes until {@link #release()}. */
    public synchronized void hold() {
        store = Store.HANGS;
    }

    /** From now on storing fails, until {@link #release()}. */
    public synchronized void fail() {
        store = Store.FAILS;
    }

    /** Stores what was held, and everything from now on. */
    public void release() {
        List<Runnable> waiting;
        synchronized (this) {
            store = Store.WORKS;
            waiting = List.copyOf(held);
            held.clear();
        }
        waiting.forEach(Runnable::run);
    }

    private synchronized Mono<Void> offer(CarrierEvent event) {
        offered.add(event);
        return switch (store) {
            case WORKS -> {
                events.add(event);
                yield Mono.empty();
            }
            case FAILS -> Mono.error(new IllegalStateException("The store of the test fails"));
            case HANGS -> {
                Sinks.Empty<Void> stored = Sinks.empty();
                held.add(() -> {
                    events.add(event);
                    stored.tryEmitEmpty();
                });
                yield stored.asMono();
            }
        };
    }
}
