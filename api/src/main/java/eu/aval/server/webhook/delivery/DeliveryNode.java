// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.webhook.delivery;

import eu.aval.server.shared.AtStart;
import eu.aval.server.shared.StartOrder;
import eu.aval.server.tenant.PlatformDatabase;
import eu.aval.server.tenant.StoreFailures;
import eu.aval.server.tenant.Trouble;
import eu.aval.server.webhook.WebhookSettings;
import eu.aval.server.webhook.store.DeliveryRows;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** All that tells tenants' systems on this node: moves events, sends them, replays ranges, and drops what is old. */
final class DeliveryNode implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(DeliveryNode.class);
    /** A row is in no partition; or breaks another check, which no event can. */
    private static final String NO_PARTITION = "23514";

    private final Relay relay;
    private final DeliveryLoop loop;
    private final DeliveryRows rows;
    private final PlatformDatabase database;
    private final WebhookSettings settings;
    private final WebhookMetrics metrics;
    private final Sinks.Many<Boolean> nudges = Sinks.many().multicast().directBestEffort();
    private volatile Disposable running = Disposables.disposed();

    DeliveryNode(
            Relay relay,
            DeliveryLoop loop,
            DeliveryRows rows,
            PlatformDatabase database,
            WebhookSettings settings,
            WebhookMetrics metrics) {
        this.relay = relay;
        this.loop = loop;
        this.rows = rows;
        this.database = database;
        this.settings = settings;
        this.metrics = metrics;
    }

    @Override
    public void start() {
        AtStart.await("the partitions of events", retain());
        if (!settings.enabled()) {
            running = every(Duration.ofHours(1), "Retention of events", this::retain);
            return;
        }
        running = Disposables.composite(
                every(settings.poll(), "Moving events", this::move),
                new Trouble(LOG, "Telling endpoints")
                        .on(
                                Flux.merge(Flux.interval(settings.poll()), nudges.asFlux()),
                                () -> loop.round(this::nudge).then()),
                every(Duration.ofSeconds(1), "Replaying events", this::replay),
                every(Duration.ofHours(1), "Retention of events", this::retain));
    }

    @Override
    public void stop() {
        running.dispose();
    }

    /** What is on its way has its outcome on record, or is told again by another node after its lease. */
    @Override
    public void stop(Runnable callback) {
        stop();
        loop.drain(Duration.ofSeconds(12)).subscribe(done -> {}, failure -> callback.run(), callback);
    }

    @Override
    public boolean isRunning() {
        return !running.isDisposed();
    }

    @Override
    public int getPhase() {
        return StartOrder.WEBHOOKS;
    }

    private Mono<Void> move() {
        return relay.move()
                // As after a clock that was far ahead: until the next round of retention nothing would go on
                .onErrorResume(
                        DeliveryNode::hasNoPartition,
                        failure -> database.in(rows::ensurePartitions).then(relay.move()))
                .doOnNext(events -> {
                    if (events > 0) {
                        metrics.relayed(events);
                        nudge();
                    }
                })
                .repeat()
                .takeUntil(events -> events < Relay.BATCH)
                .then();
    }

    private Mono<Void> replay() {
        return database.in(rows::replay)
                .doOnNext(events -> nudge())
                .repeat(20)
                .takeUntil(events -> events == 0)
                .then();
    }

    private Mono<Void> retain() {
        // Each by itself: until the end of its transaction a drop holds up all who use the table
        return database.in(rows::ensurePartitions)
                .then(database.in(client -> rows.dropEvents(client, settings.eventRetention(), Instant.now())))
                .then(database.in(client -> rows.dropAttempts(client, settings.attemptRetention(), Instant.now())));
    }

    private static boolean hasNoPartition(Throwable failure) {
        return NO_PARTITION.equals(StoreFailures.sqlState(failure));
    }

    /** Whoever comes at the same time says the same. */
    private void nudge() {
        nudges.tryEmitNext(true);
    }

    private static Disposable every(Duration pace, String what, Supplier<Mono<Void>> work) {
        return new Trouble(LOG, what).every(pace, work);
    }
}
