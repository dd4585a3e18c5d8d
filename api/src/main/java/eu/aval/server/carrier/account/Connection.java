// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.account;

import eu.aval.server.carrier.CarrierAccount.Breaker;
import eu.aval.server.carrier.CarrierEvents;
import eu.aval.server.carrier.plugin.Answer;
import eu.aval.server.carrier.plugin.LoadedPlugin;
import eu.aval.server.carrier.plugin.PluginThread;
import eu.aval.spi.Capability;
import eu.aval.spi.Carrier;
import eu.aval.spi.CarrierHealth;
import eu.aval.spi.CarrierHealth.Status;
import eu.aval.spi.Throughput;
import eu.aval.spi.config.CarrierConfiguration;
import eu.aval.spi.submit.Reconciliation;
import eu.aval.spi.submit.SubmitOutcome;
import eu.aval.spi.submit.SubmitRequest;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.core.IntervalFunction;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * An account opened with one version of its plugin and one version of its settings: the plugin's {@link Carrier}, its
 * thread, its circuit breaker and what it last told of itself. Replaced as a whole.
 */
final class Connection {

    private static final Duration TIME_TO_OPEN = Duration.ofSeconds(30);
    private static final Duration TIME_TO_TELL = Duration.ofSeconds(3);
    private static final Duration TIME_TO_RECONCILE = Duration.ofSeconds(30);

    /** The plugin's own timeout comes first: it knows more about how the submit ended. */
    private static final Duration GRACE_AFTER_TIMEOUT = Duration.ofMillis(500);

    private static final Duration SHORTEST_TIMEOUT = Duration.ofMillis(100);
    private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(5);

    private static final Duration DRAIN_TICK = Duration.ofMillis(20);
    private static final Duration TIME_TO_UNBIND = Duration.ofSeconds(3);

    /** How many submits a breaker that was open lets through to see whether it may close. */
    private static final int TRIALS = 5;

    private final LoadedPlugin plugin;
    private final PluginThread thread;
    private final AccountContext context;
    private final Carrier carrier;
    private final Set<Capability> capabilities;
    private final CircuitBreaker breaker;
    private final AtomicInteger inFlight = new AtomicInteger();

    private volatile Throughput throughput;
    private volatile CarrierHealth health = CarrierHealth.down("Not asked yet");
    private volatile boolean held;
    private volatile long heldSince;

    private Connection(
            LoadedPlugin plugin, PluginThread thread, AccountContext context, Opened opened, Opening opening) {
        this.plugin = plugin;
        this.thread = thread;
        this.context = context;
        this.carrier = opened.carrier();
        this.throughput = opened.throughput();
        this.capabilities = plugin.descriptor().capabilities().stream()
                .filter(opened.capabilities()::contains)
                .collect(Collectors.toUnmodifiableSet());
        this.breaker = CircuitBreaker.of(
                opening.name(),
                CircuitBreakerConfig.custom()
                        // no lock: outcomes arrive on threads that must not wait
                        .slidingWindow(
                                50, 10, SlidingWindowType.COUNT_BASED, SlidingWindowSynchronizationStrategy.LOCK_FREE)
                        .failureRateThreshold(50)
                        .permittedNumberOfCallsInHalfOpenState(TRIALS)
                        .waitIntervalFunctionInOpenState(IntervalFunction.ofExponentialBackoff(
                                opening.breakerWait(), 2, opening.breakerWait().multipliedBy(12)))
                        .automaticTransitionFromOpenToHalfOpenEnabled(true)
                        .recordResult(result -> result instanceof SubmitOutcome outcome
                                && Outcomes.weigh(outcome) == Outcomes.Weight.FAILURE)
                        .build());
        breaker.getEventPublisher()
                .onStateTransition(event -> opening.onChange().run());
    }

    /** What is needed to open an account. */
    record Opening(
            UUID id,
            String name,
            CarrierConfiguration configuration,
            Collection<String> secretValues,
            Clock clock,
            CarrierEvents events,
            AccountMeters meters,
            Duration breakerWait,
            Runnable onChange) {}

    private record Opened(Carrier carrier, Throughput throughput, Set<Capability> capabilities) {}

    private record Reading(CarrierHealth health, Throughput throughput) {}

    /** {@link NotOpened} when the plugin does not open it; nothing is left behind then. */
    static Mono<Connection> open(LoadedPlugin plugin, Opening opening) {
        return Mono.defer(() -> {
            if (!plugin.retain()) {
                return Mono.error(new NotOpened("The plugin is being replaced"));
            }
            var thread = plugin.newThread(opening.name());
            var context = new AccountContext(
                    opening.id(), opening.name(), opening.clock(), opening.events(), thread, opening.meters());
            return thread.<Opened>call(
                            () -> plugin.provider()
                                    .open(opening.configuration(), context)
                                    .map(carrier -> new Opened(
                                            carrier,
                                            Objects.requireNonNull(carrier.throughput()),
                                            Set.copyOf(carrier.capabilities()))),
                            TIME_TO_OPEN)
                    .map(answer -> {
                        var opened = opened(answer, opening.secretValues());
                        return new Connection(plugin, thread, context, opened, opening);
                    })
                    .doOnError(error -> {
                        context.close();
                        thread.dispose();
                        plugin.release();
                    });
        });
    }

    private static Opened opened(Answer<Opened> answer, Collection<String> secretValues) {
        return switch (answer) {
            case Answer.Value<Opened> value -> value.value();
            case Answer.Nothing<Opened> nothing -> throw new NotOpened("The plugin opened nothing");
            case Answer.Failed<Opened> failed -> {
                String complaint = failed.complaint();
                throw new NotOpened(
                        complaint == null
                                ? "The plugin failed to open it: " + failed.fault()
                                : scrub(complaint, secretValues));
            }
            case Answer.Silent<Opened> silent ->
                throw new NotOpened("The plugin did not open it within " + TIME_TO_OPEN.toSeconds() + " s");
        };
    }

    private static String scrub(String complaint, Collection<String> secretValues) {
        String scrubbed = complaint;
        for (String secret : secretValues) {
            scrubbed = secret.isEmpty() ? scrubbed : scrubbed.replace(secret, "***");
        }
        return scrubbed.length() > 200 ? scrubbed.substring(0, 200) : scrubbed;
    }

    LoadedPlugin plugin() {
        return plugin;
    }

    /** What the carrier and this account's settings both allow. */
    Set<Capability> capabilities() {
        return capabilities;
    }

    Throughput throughput() {
        return throughput;
    }

    /** What a breaker that is half open lets through now; {@link Integer#MAX_VALUE} while it is closed. */
    int trials() {
        return switch (breakerState()) {
            case CLOSED -> Integer.MAX_VALUE;
            case HALF_OPEN -> Math.max(0, TRIALS - inFlight.get());
            case OPEN -> 0;
        };
    }

    Breaker breakerState() {
        return switch (breaker.getState()) {
            case CLOSED, DISABLED, METRICS_ONLY -> Breaker.CLOSED;
            case HALF_OPEN -> Breaker.HALF_OPEN;
            case OPEN, FORCED_OPEN -> Breaker.OPEN;
        };
    }

    CarrierHealth health() {
        return held
                ? new CarrierHealth(Status.HOLD, "The carrier refuses the account; waits until its health is up")
                : health;
    }

    boolean isHealthy() {
        Status status = health().status();
        return status == Status.UP || status == Status.DEGRADED;
    }

    boolean isHeld() {
        return health().status() == Status.HOLD;
    }

    int inFlight() {
        return inFlight.get();
    }

    /** Breaker, timeout, plugin. Never errors. */
    Mono<SubmitOutcome> submit(SubmitRequest request) {
        return Mono.defer(() -> {
            if (!breaker.tryAcquirePermission()) {
                return Mono.just(Outcomes.breakerOpen());
            }
            long began = System.nanoTime();
            return Mono.using(
                    inFlight::incrementAndGet,
                    count -> thread.call(() -> carrier.submit(request), timeout())
                            .map(Outcomes::of)
                            .doOnNext(outcome -> record(outcome, System.nanoTime() - began))
                            .doOnCancel(breaker::releasePermission),
                    count -> inFlight.decrementAndGet());
        });
    }

    private void record(SubmitOutcome outcome, long took) {
        if (Outcomes.weigh(outcome) == Outcomes.Weight.NONE) {
            breaker.releasePermission();
        } else {
            breaker.onResult(took, TimeUnit.NANOSECONDS, outcome);
        }
        if (outcome instanceof SubmitOutcome.Rejected rejected
                && rejected.reason().holdsAccount()) {
            heldSince = System.nanoTime();
            held = true;
        }
    }

    private Duration timeout() {
        Duration told = throughput.timeout();
        Duration timeout = told.compareTo(SHORTEST_TIMEOUT) < 0 ? SHORTEST_TIMEOUT : told;
        return (timeout.compareTo(LONGEST_TIMEOUT) > 0 ? LONGEST_TIMEOUT : timeout).plus(GRACE_AFTER_TIMEOUT);
    }

    Mono<Reconciliation> reconcile(SubmitRequest sent) {
        return thread.call(() -> carrier.reconcile(sent), TIME_TO_RECONCILE)
                .map(answer -> answer instanceof Answer.Value<Reconciliation> value
                        ? value.value()
                        : new Reconciliation.Unsupported());
    }

    /** Asks for health, throughput and gauges. Never errors. */
    Mono<Void> poll() {
        return Mono.defer(() -> {
            long began = System.nanoTime();
            return thread.<Reading>call(
                            () -> {
                                context.sample();
                                Throughput told = Objects.requireNonNull(carrier.throughput());
                                return carrier.health().map(state -> new Reading(state, told));
                            },
                            TIME_TO_TELL)
                    .doOnNext(answer -> take(answer, began))
                    .then();
        });
    }

    private void take(Answer<Reading> answer, long began) {
        health = switch (answer) {
            case Answer.Value<Reading> value -> {
                throughput = value.value().throughput();
                yield value.value().health();
            }
            case Answer.Nothing<Reading> nothing -> CarrierHealth.down("The plugin does not tell its health");
            case Answer.Failed<Reading> failed -> CarrierHealth.down("The plugin failed: " + failed.fault());
            case Answer.Silent<Reading> silent -> CarrierHealth.down("The plugin does not answer");
        };
        // only what was asked after the refusal can lift it
        if (held && health.status() == Status.UP && began - heldSince > 0) {
            held = false;
        }
    }

    Set<String> gaugeNames() {
        return context.gaugeNames();
    }

    /**
     * Lets what is under way end for {@code grace}, then ends the rest as uncertain, and lets go of the plugin. Completes
     * when nothing of it is used any more; never errors.
     */
    Mono<Void> close(Duration grace) {
        return drained(grace)
                .then(Mono.defer(
                        () -> thread.call(() -> carrier.close(TIME_TO_UNBIND), TIME_TO_UNBIND.multipliedBy(2))))
                .then(Mono.fromRunnable(() -> {
                    context.close();
                    thread.dispose();
                    plugin.release();
                }));
    }

    /** The host waits itself: not every plugin does. */
    private Mono<Long> drained(Duration grace) {
        return Flux.interval(DRAIN_TICK, Schedulers.parallel())
                .onBackpressureDrop()
                .filter(tick -> inFlight.get() == 0)
                .next()
                .timeout(grace.plus(DRAIN_TICK), Mono.empty());
    }
}
