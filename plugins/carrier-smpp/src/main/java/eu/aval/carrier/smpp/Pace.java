// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.smpp;

import java.time.Duration;

/**
 * How fast to go. When the peer says it is too fast, nothing is written for a pause, and the rate shown to the host is
 * halved; it comes back by a tenth of itself a second. Written by the account's thread, read by others.
 */
final class Pace {

    /** The rate does not sink below this. */
    private static final double SLOWEST = 1;

    private static final double RECOVERY_PER_SECOND = 1.1;

    /** Where no rate is configured, there is none again after this. */
    private static final Duration FORGOTTEN = Duration.ofMinutes(1);

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    /** Too short to measure a rate. */
    private static final long INSTANT = Duration.ofMillis(50).toNanos();

    private final double configured;
    private final long pauseNanos;
    private volatile double current;
    private boolean paused;
    private long pausedAt;
    private long recoveredAt;
    private long sentSince;
    private long countedAt;
    private double measured;

    /** @param partsPerSecond 0 is no limit */
    Pace(double partsPerSecond, Duration pause, long now) {
        this.configured = partsPerSecond;
        this.current = partsPerSecond;
        this.pauseNanos = pause.toNanos();
        this.countedAt = now;
    }

    /** Parts a second the host may hand over; 0 is no limit. */
    double partsPerSecond() {
        return current;
    }

    void sent() {
        sentSince++;
    }

    /** Whether to wait. */
    boolean isPaused(long now) {
        if (paused && now - pausedAt >= pauseNanos) {
            paused = false;
        }
        return paused;
    }

    /** The answers to what was written before the pause may say so again; that counts once. */
    void throttled(long now) {
        if (isPaused(now)) {
            return;
        }
        paused = true;
        pausedAt = now;
        recoveredAt = now;
        count(now, true);
        double from = current > 0 ? current : measured;
        current = Math.max(SLOWEST, from / 2);
    }

    /** Called a few times a second. */
    void tick(long now) {
        count(now, false);
        if (current == configured || isPaused(now) || now - recoveredAt < SECOND) {
            return;
        }
        recoveredAt = now;
        double next = current * RECOVERY_PER_SECOND;
        boolean recovered = configured > 0 ? next >= configured : now - pausedAt >= FORGOTTEN.toNanos();
        current = recovered ? configured : next;
    }

    private void count(long now, boolean early) {
        long nanos = now - countedAt;
        if (early || nanos >= SECOND) {
            measured = sentSince * 1e9 / Math.max(nanos, INSTANT);
            sentSince = 0;
            countedAt = now;
        }
    }
}
