// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.dispatch;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import eu.aval.server.carrier.CarrierAccount;
import eu.aval.spi.failure.CarrierError;
import eu.aval.spi.submit.SubmitOutcome;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/**
 * Keeps one account busy: claims while there is room, submits while the window and the rate have room, and does nothing
 * at all otherwise. It moves when something happens (work was signalled, a claim came back, an outcome came), never by
 * looking again and again.
 */
final class AccountLoop {

    /** How the loop reaches the rest. */
    interface Outside {
        /** Claims and opens. Empty on error, after a pause. */
        Mono<List<OpenedMessage>> claim(CarrierAccount account, int atMost);

        /** What a carrier answered. */
        void outcome(CarrierAccount account, OpenedMessage message, SubmitOutcome outcome);

        /** Gives back what was not sent. */
        void release(OpenedMessage message);

        /** Whether what was answered is being written fast enough. */
        boolean keepsUp();
    }

    /** A lease older than this may have been given to another node: the node may have slept. */
    private static final long OLDEST_LEASE = Duration.ofSeconds(15).toNanos();

    /** Messages of one claim: what a transaction of a few milliseconds can hold. */
    private static final int LARGEST_CLAIM = 200;

    /** Claimed and not yet submitted; all of it is in doubt after a crash, so it is little. */
    private static final int LARGEST_RESERVE = 50;

    private static final int LANES = 3;
    private static final Duration RATE_PAUSE = Duration.ofMillis(10);

    /** Between claims that find what has only just come in: each costs as much as thirty messages in it. */
    private static final Duration CLAIM_PACE = Duration.ofMillis(20);

    private final CarrierAccount account;
    private final Outside outside;

    private final Object lock = new Object();
    private final List<ArrayDeque<OpenedMessage>> ready = new ArrayList<>();
    private int readyMessages;
    private int readyParts;
    private int inFlight;
    private int claiming;
    private int claims;
    /** Whether work may wait that no claim has looked for. */
    private boolean hungry = true;
    /** Whether the last claim got all it asked for. */
    private boolean deep;

    private long signals;
    private long claimedAt = System.nanoTime() - CLAIM_PACE.toNanos();
    private boolean paused;
    private boolean stopping;
    private final Sinks.Empty<Void> idle = Sinks.empty();

    AccountLoop(CarrierAccount account, Outside outside) {
        this.account = account;
        this.outside = outside;
        for (int lane = 0; lane < LANES; lane++) {
            ready.add(new ArrayDeque<>());
        }
    }

    CarrierAccount account() {
        return account;
    }

    /** Work may wait. */
    void wake() {
        synchronized (lock) {
            signals++;
            hungry = true;
        }
        step();
    }

    /** Whether it would not find out by itself that work waits. */
    boolean asleep() {
        synchronized (lock) {
            return !stopping && claims == 0 && !hungry;
        }
    }

    /** Claims no more, gives back what has not left, and completes when everything that left has an outcome. */
    Mono<Void> stop() {
        synchronized (lock) {
            stopping = true;
        }
        step();
        return idle.asMono();
    }

    /** Does what can be done now. Any thread, any time. */
    void step() {
        releaseIfClosed();
        for (OpenedMessage next = nextToSubmit(); next != null; next = nextToSubmit()) {
            submit(next);
        }
        int room = nextClaim();
        while (room > 0) {
            claim(room);
            room = nextClaim();
        }
    }

    private @Nullable OpenedMessage nextToSubmit() {
        synchronized (lock) {
            if (readyMessages == 0 || inFlight >= account.throughput().maximumInFlight() || account.freeSubmits() < 1) {
                return null;
            }
            ArrayDeque<OpenedMessage> lane =
                    ready.stream().filter(each -> !each.isEmpty()).findFirst().orElseThrow();
            int parts = lane.element().message().parts();
            if (account.freeParts() < parts && !isWholeRate(parts)) {
                waitForRate();
                return null;
            }
            OpenedMessage next = lane.remove();
            readyMessages--;
            readyParts -= parts;
            inFlight++;
            return next;
        }
    }

    /** Whether a message has more parts than the rate ever lets through at once; then it goes with a full allowance. */
    private boolean isWholeRate(int parts) {
        return parts > account.throughput().partsPerSecond() && account.freeParts() > 0;
    }

    private void waitForRate() {
        pause(RATE_PAUSE.toNanos());
    }

    private void pause(long nanos) {
        if (!paused) {
            paused = true;
            Schedulers.parallel()
                    .schedule(
                            () -> {
                                synchronized (lock) {
                                    paused = false;
                                }
                                step();
                            },
                            nanos,
                            NANOSECONDS);
        }
    }

    private void submit(OpenedMessage next) {
        if (System.nanoTime() - next.claimedAt() > OLDEST_LEASE) {
            finish();
            outside.release(next);
            return;
        }
        account.submit(next.request(), next.message().parts())
                .defaultIfEmpty(bug())
                .onErrorResume(error -> Mono.just(bug()))
                .subscribe(outcome -> {
                    outside.outcome(account, next, outcome);
                    finish();
                    step();
                });
    }

    private static SubmitOutcome bug() {
        return SubmitOutcome.uncertain(SubmitOutcome.Uncertain.Cause.PLUGIN_ERROR, CarrierError.of("NO_OUTCOME"));
    }

    private void finish() {
        synchronized (lock) {
            inFlight--;
            tellIfIdle();
        }
    }

    private int nextClaim() {
        synchronized (lock) {
            if (stopping || !hungry || claims > (deep ? 1 : 0) || !account.available() || !outside.keepsUp()) {
                return 0;
            }
            int window = account.throughput().maximumInFlight();
            int held = inFlight + readyMessages + claiming;
            int room = window + Math.min(window, LARGEST_RESERVE) - held;
            int rate = account.freeParts() - readyParts - claiming;
            if (rate < room) {
                room = rate;
                if (room < 1) {
                    waitForRate();
                }
            }
            // While enough is at hand a larger claim costs less than two small ones
            if (room < 1 || (held > 0 && room < Math.min(window / 2, LARGEST_RESERVE) && deep)) {
                return 0;
            }
            long now = System.nanoTime();
            long early = CLAIM_PACE.toNanos() - (now - claimedAt);
            if (early > 0 && !deep) {
                pause(early);
                return 0;
            }
            claimedAt = now;
            int messages = Math.min(room, LARGEST_CLAIM);
            claiming += messages;
            claims++;
            return messages;
        }
    }

    private void claim(int messages) {
        long seen;
        synchronized (lock) {
            seen = signals;
        }
        outside.claim(account, messages)
                .defaultIfEmpty(List.of())
                .subscribe(claimed -> claimed(messages, claimed, seen), error -> claimed(messages, List.of(), seen));
    }

    private void claimed(int asked, List<OpenedMessage> messages, long seen) {
        synchronized (lock) {
            claims--;
            claiming -= asked;
            deep = messages.size() >= asked;
            if (!deep && signals == seen && claims == 0) {
                hungry = false;
            }
            for (OpenedMessage message : messages) {
                ready.get(Math.clamp(message.message().lane(), 0, LANES - 1)).add(message);
                readyMessages++;
                readyParts += message.message().parts();
            }
            tellIfIdle();
        }
        step();
    }

    private void releaseIfClosed() {
        List<OpenedMessage> released = new ArrayList<>();
        synchronized (lock) {
            if (readyMessages > 0 && (stopping || !account.available())) {
                ready.forEach(lane -> {
                    released.addAll(lane);
                    lane.clear();
                });
                readyMessages = 0;
                readyParts = 0;
            }
            tellIfIdle();
        }
        released.forEach(outside::release);
    }

    private void tellIfIdle() {
        if (stopping && claims == 0 && inFlight == 0 && readyMessages == 0) {
            idle.tryEmitEmpty();
        }
    }
}
