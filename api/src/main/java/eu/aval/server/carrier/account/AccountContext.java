// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.account;

import eu.aval.server.carrier.CarrierEvents;
import eu.aval.server.carrier.plugin.PluginThread;
import eu.aval.spi.CarrierContext;
import eu.aval.spi.event.CarrierEvent;
import eu.aval.spi.event.CarrierEventSink;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** What one opened account sees of the host. After the account is closed nothing goes through it any more. */
final class AccountContext implements CarrierContext {

    private final UUID accountId;
    private final String accountName;
    private final Clock clock;
    private final CarrierEvents events;
    private final PluginThread thread;
    private final AccountMeters meters;
    private final Map<String, Supplier<Number>> gauges = new ConcurrentHashMap<>();
    private volatile boolean closed;

    AccountContext(
            UUID accountId,
            String accountName,
            Clock clock,
            CarrierEvents events,
            PluginThread thread,
            AccountMeters meters) {
        this.accountId = accountId;
        this.accountName = accountName;
        this.clock = clock;
        this.events = events;
        this.thread = thread;
        this.meters = meters;
    }

    @Override
    public String accountName() {
        return accountName;
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public CarrierEventSink events() {
        return this::emit;
    }

    private Mono<Void> emit(@Nullable CarrierEvent event) {
        return thread.serve(Mono.defer(() -> {
            if (event == null || closed) {
                return Mono.<Void>error(new IllegalStateException(
                        event == null ? "An event is null" : "The account " + accountName + " is closed"));
            }
            return events.accept(accountId, event);
        }));
    }

    @Override
    public void count(String name) {
        if (!closed) {
            meters.count(name);
        }
    }

    @Override
    public void gauge(String name, Supplier<Number> value) {
        if (!closed) {
            gauges.put(name, value);
        }
    }

    /** On the plugin's thread: reads the plugin's gauges. */
    void sample() {
        gauges.forEach((name, supplier) -> {
            try {
                @Nullable Number value = supplier.get();
                if (value != null && !closed) {
                    meters.gauge(name, value.doubleValue());
                }
            } catch (Throwable e) {
                thread.complain("gauge " + name, e);
            }
        });
    }

    Set<String> gaugeNames() {
        return Set.copyOf(gauges.keySet());
    }

    void close() {
        closed = true;
        gauges.clear();
    }
}
