// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.tenant;

import eu.aval.server.shared.Unexpected;
import io.micrometer.core.instrument.Metrics;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What goes wrong with one kind of work that is done again and again. In an outage it fails many times a second, so the log
 * has a line when that begins or has another reason, one a minute with how often, and one when it is over; {@code aval_failures_total{work}}
 * counts each.
 */
public final class Trouble {

    static final Duration SUMMARY = Duration.ofMinutes(1);

    /** So long without a failure is the end: what works and fails by turns has not got over it. */
    static final Duration CALM = Duration.ofSeconds(5);

    private static final int MOST_REASONS = 5;

    private final Logger log;
    private final String work;
    private final LongSupplier nanos;

    private final Set<String> reasons = new HashSet<>();
    private volatile boolean failing;
    private long since;
    private long toldAt;
    private long lastAt;
    private long untold;
    private long count;

    /** @param work as a sentence about it begins: "Moving events" */
    public Trouble(Logger log, String work) {
        this(log, work, System::nanoTime);
    }

    Trouble(Logger log, String work, LongSupplier nanos) {
        this.log = log;
        this.work = work;
        this.nanos = nanos;
    }

    /** Does it on each occasion, once at a time; a failure ends nothing. */
    public Disposable on(Flux<?> occasions, Supplier<Mono<Void>> task) {
        return occasions
                .onBackpressureLatest()
                .concatMap(occasion -> watch(Mono.defer(task)).onErrorComplete(), 1)
                .subscribe();
    }

    /** The same, at a pace. */
    public Disposable every(Duration pace, Supplier<Mono<Void>> task) {
        return on(Flux.interval(pace), task);
    }

    /** The same task, whose end is noticed here. */
    public <T> Mono<T> watch(Mono<T> task) {
        return task.doOnError(this::failed).doOnSuccess(done -> worked());
    }

    /** It has failed. */
    public void failed(Throwable failure) {
        failed(failure, StoreFailures.describe(failure));
    }

    /** @param why what the log may know of the failure */
    synchronized void failed(Throwable failure, String why) {
        long now = nanos.getAsLong();
        // Kinds of work are constants of the classes that do it, as loggers are
        Metrics.counter("aval.failures", "work", work.toLowerCase(Locale.ROOT).replace(' ', '-'))
                .increment();
        count++;
        untold++;
        lastAt = now;
        if (!failing) {
            failing = true;
            since = now;
        }
        if (reasons.size() < MOST_REASONS && reasons.add(why)) {
            told(now);
            if (StoreFailures.isOfTheStore(failure)) {
                log.warn("{} does not work: {}", work, why);
            } else {
                log.warn("{} does not work: {}", work, why, new Unexpected(failure));
            }
        } else if (now - toldAt >= SUMMARY.toNanos()) {
            log.warn(
                    "{} still does not work, the last time: {}. Failures: {} in {} s",
                    work,
                    why,
                    untold,
                    seconds(now - toldAt));
            told(now);
        }
    }

    /** It has worked, perhaps between failures. */
    public void worked() {
        if (failing) {
            calm();
        }
    }

    private synchronized void calm() {
        if (failing && nanos.getAsLong() - lastAt >= CALM.toNanos()) {
            failing = false;
            log.info("{} works again. Failures: {} in {} s", work, count, seconds(lastAt - since));
            count = 0;
            reasons.clear();
        }
    }

    private void told(long now) {
        toldAt = now;
        untold = 0;
    }

    private static long seconds(long nanos) {
        return Math.round(nanos / 1e9);
    }
}
