// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.rotation;

import eu.aval.server.rotation.RotationSteps.LeaseLost;
import eu.aval.server.rotation.RotationSteps.Next;
import eu.aval.server.rotation.store.RotationRows;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.StartOrder;
import eu.aval.server.tenant.PlatformDatabase;
import eu.aval.server.tenant.Trouble;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * Works on rotations in the background, on one at a time. A lease says whose it is: while it lasts no other node touches
 * it, and when its node dies another goes on where it stopped.
 */
final class RotationNode implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(RotationNode.class);

    /** After that others have a turn. */
    private static final Duration SLICE = Duration.ofSeconds(10);

    private static final Duration AFTER_A_FAILURE = Duration.ofSeconds(10);

    private final UUID node;
    private final RotationSettings settings;
    private final PlatformDatabase database;
    private final RotationRows rows;
    private final RotationSteps steps;
    private final RotationMetrics metrics;
    private volatile @Nullable Disposable working;

    RotationNode(
            UUID node,
            RotationSettings settings,
            PlatformDatabase database,
            RotationRows rows,
            RotationSteps steps,
            RotationMetrics metrics) {
        this.node = node;
        this.settings = settings;
        this.database = database;
        this.rows = rows;
        this.steps = steps;
        this.metrics = metrics;
    }

    /** Works on everything that is due; completes when nothing is. */
    Mono<Void> work() {
        return database.in(client -> rows.claim(client, node, settings.lease()))
                .flatMap(claimed -> slice(claimed).thenReturn(claimed))
                .repeatWhen(turns -> turns.takeWhile(worked -> worked > 0))
                .then(database.in(rows::open))
                .doOnNext(metrics::open)
                .then();
    }

    private Mono<Void> slice(KeyRotation claimed) {
        long ends = System.nanoTime() + SLICE.toNanos();
        return Mono.just(new Next(claimed, false))
                .expand(before -> {
                    if (before.released()) {
                        return Mono.empty();
                    }
                    if (System.nanoTime() - ends > 0) {
                        return database.in(client -> rows.release(client, before.rotation(), Duration.ZERO))
                                .then(Mono.empty());
                    }
                    return steps.next(before.rotation()).delayElement(settings.rest());
                })
                .then()
                .onErrorResume(LeaseLost.class, lost -> Mono.empty())
                .onErrorResume(failure -> {
                    String reason = describe(failure);
                    log.warn("The rotation {} of keys cannot go on: {}", claimed.id(), reason);
                    return database.in(client -> rows.fail(client, claimed.id(), node, reason, AFTER_A_FAILURE));
                });
    }

    /** What an operator can act on, without a message that could quote a row. */
    private static String describe(Throwable failure) {
        return failure instanceof Problem
                        || failure instanceof IllegalStateException
                        || failure instanceof UncheckedIOException
                        || failure instanceof GeneralSecurityException
                ? String.valueOf(failure.getMessage())
                : failure.getClass().getSimpleName();
    }

    @Override
    public void start() {
        working = new Trouble(log, "Rotating keys").every(settings.poll(), this::work);
    }

    @Override
    public void stop() {
        stop(() -> {});
    }

    /** What it works on is another node's at once. */
    @Override
    public void stop(Runnable callback) {
        Disposable running = working;
        working = null;
        if (running == null) {
            callback.run();
            return;
        }
        running.dispose();
        database.in(client -> rows.releaseAll(client, node))
                .onErrorComplete()
                .doFinally(signal -> callback.run())
                .subscribe();
    }

    @Override
    public boolean isRunning() {
        return working != null;
    }

    @Override
    public int getPhase() {
        return StartOrder.SNAPSHOTS;
    }
}
