// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.dispatch;

import eu.aval.server.carrier.CarrierAccounts;
import eu.aval.server.encryption.Keys;
import eu.aval.server.routing.Routes;
import eu.aval.server.shared.AtStart;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** All that sends on this node, as one thing that starts and stops. */
final class DispatchNode {

    private final Dispatcher dispatcher;
    private final Upkeep upkeep;
    private final DispatchSignal signal;
    private final @Nullable Instant uncertainBefore;
    private @Nullable Disposable sweeping;

    DispatchNode(
            CarrierAccounts accounts,
            Routes routes,
            DispatchQueue queue,
            Doubts doubts,
            QueueSweeps sweeps,
            Keys keys,
            PendingIds pendingIds,
            DispatchSignal signal,
            List<SubmittedListener> submitted,
            List<OptOutListener> optOuts,
            DispatchSettings settings,
            MeterRegistry meters,
            Clock clock) {
        this.signal = signal;
        this.uncertainBefore = settings.uncertainBefore();
        DispatchMetrics metrics = new DispatchMetrics(meters);
        HeldAttempts held = new HeldAttempts();
        Opening opening = new Opening(keys);
        OutcomePolicy policy = new OutcomePolicy(
                settings.maximumAttempts(), () -> ThreadLocalRandom.current().nextDouble());
        Settling settling = new Settling(queue, pendingIds, held, submitted, metrics);
        this.dispatcher = new Dispatcher(
                accounts, routes, queue, opening, settling, policy, held, optOuts, metrics, settings, clock);
        this.upkeep = new Upkeep(
                sweeps,
                settling,
                policy,
                held,
                accounts,
                new DoubtResolution(doubts, accounts, opening, submitted, signal, settings.resendUncertain(), clock),
                new Replanning(queue, accounts, routes, opening, signal),
                new QueueGauges(queue, accounts, meters),
                clock);
    }

    void start() {
        if (uncertainBefore != null) {
            AtStart.await("messages that may have been sent", upkeep.abandon(uncertainBefore));
        }
        sweeping = upkeep.start();
        dispatcher.start(signal);
    }

    /** Completes when what has left has an outcome on record and what has not is free. */
    Mono<Void> stop() {
        return Mono.defer(() -> {
            if (sweeping != null) {
                sweeping.dispose();
            }
            return dispatcher.stop();
        });
    }

    /** A crash, for tests: nothing more is done about anything that was leased. */
    void abandon() {
        if (sweeping != null) {
            sweeping.dispose();
        }
        dispatcher.abandon();
    }

    Upkeep upkeep() {
        return upkeep;
    }
}
