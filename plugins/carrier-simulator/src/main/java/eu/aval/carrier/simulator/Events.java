// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.simulator;

import eu.aval.spi.CarrierContext;
import eu.aval.spi.event.CarrierEvent;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/**
 * What the network has still to tell the host. An event that the host cannot store is told again, later and later, until
 * it is stored or the account ends. Used on the account's thread only.
 */
final class Events {

    private static final Logger LOG = LoggerFactory.getLogger(Events.class);

    private static final Duration FIRST_REPEAT = Duration.ofSeconds(1);

    private static final Duration LAST_REPEAT = Duration.ofMinutes(1);

    /** What became of one event that is told only once. */
    interface Told {
        void stored();

        void refused();
    }

    private final CarrierContext context;
    private final Scheduler scheduler;
    private final Runnable onChange;
    private final Set<Outgoing> waiting = new LinkedHashSet<>();
    private boolean hurried;
    private boolean dropped;

    /** @param onChange run whenever something was told */
    Events(CarrierContext context, Scheduler scheduler, Runnable onChange) {
        this.context = context;
        this.scheduler = scheduler;
        this.onChange = onChange;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Tells this after a time, or at once when the account is closing. */
    void after(Duration delay, Supplier<CarrierEvent> event) {
        Outgoing outgoing = new Outgoing(event);
        waiting.add(outgoing);
        outgoing.schedule(delay);
    }

    /** Tells this now and once, whatever comes of it. */
    void once(CarrierEvent event, Told told) {
        if (!dropped) {
            context.events().emit(event).subscribe(null, error -> told.refused(), told::stored);
        }
    }

    /** Tells everything now: the account is closing. */
    void hurry() {
        hurried = true;
        List.copyOf(waiting).forEach(Outgoing::hurry);
    }

    /** Forgets what was not told. */
    void drop() {
        dropped = true;
        if (!waiting.isEmpty()) {
            LOG.info("Account {} closed with {} events untold", context.accountName(), waiting.size());
        }
        List.copyOf(waiting).forEach(Outgoing::drop);
    }

    private final class Outgoing {

        private final Supplier<CarrierEvent> event;
        private final Disposable.Swap work = Disposables.swap();
        private Duration repeat = FIRST_REPEAT;
        private boolean telling;

        private Outgoing(Supplier<CarrierEvent> event) {
            this.event = event;
        }

        private void schedule(Duration delay) {
            Duration wait = hurried ? Duration.ZERO : delay;
            work.update(scheduler.schedule(this::tell, wait.toNanos(), TimeUnit.NANOSECONDS));
        }

        private void tell() {
            if (dropped || telling) {
                return;
            }
            telling = true;
            work.update(context.events()
                    .emit(event.get())
                    .publishOn(scheduler)
                    .subscribe(null, error -> again(), this::done));
        }

        private void again() {
            telling = false;
            if (hurried) {
                // A host that closes and cannot store will not be asked again
                done();
                return;
            }
            context.count("redelivered");
            Duration wait = repeat;
            repeat = repeat.multipliedBy(2).compareTo(LAST_REPEAT) > 0 ? LAST_REPEAT : repeat.multipliedBy(2);
            schedule(wait);
        }

        private void hurry() {
            if (!telling) {
                schedule(Duration.ZERO);
            }
        }

        private void done() {
            if (waiting.remove(this)) {
                onChange.run();
            }
        }

        private void drop() {
            work.dispose();
            waiting.remove(this);
        }
    }
}
