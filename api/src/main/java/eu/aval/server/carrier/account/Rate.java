// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.account;

import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Duration;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How many parts an account may send in a second: the limit as configured, halved when the carrier throttles and raised
 * again little by little (additive increase, multiplicative decrease). Thread-safe.
 */
final class Rate {

    /** Longer than this nobody waits here: the message goes back to its queue. */
    static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    private static final double CYCLES_PER_SECOND = 20;
    private static final double LOWEST = 0.1;
    private static final double STEP = 0.05;
    private static final long SECOND = 1_000_000_000L;

    private final String name;
    private final LongSupplier nanoTime;

    private @Nullable RateLimiter limiter;
    /** As configured; 0 is no limit. */
    private double full;
    /** In force; 0 is no limit. */
    private double current;
    /** Measured when throttled without a limit. */
    private double measured;

    private long pausedUntil;
    /** The last complaint. */
    private long quietSince;
    /** The last time the rate went down. */
    private long lowered;

    private boolean paused;
    private long secondBegan;
    private long partsThisSecond;
    private double partsLastSecond;

    Rate(String name, LongSupplier nanoTime) {
        this.name = name;
        this.nanoTime = nanoTime;
        this.secondBegan = nanoTime.getAsLong();
        this.quietSince = secondBegan;
    }

    /** Sets the configured limit; 0 is none. An account that was throttled starts from what it had come down to. */
    synchronized void configure(double partsPerSecond) {
        if (partsPerSecond == full) {
            return;
        }
        boolean wasLowered = isLowered();
        full = partsPerSecond;
        apply(wasLowered && (full == 0 || current < full) ? current : full);
    }

    /** Takes permits for {@code parts}. The nanoseconds to wait before they count; negative if that would be too long. */
    synchronized long reserve(int parts) {
        long now = nanoTime.getAsLong();
        if (paused && now - pausedUntil < 0) {
            return -1;
        }
        paused = false;
        RateLimiter shaped = limiter;
        long wait = shaped == null ? 0 : shaped.reservePermission(parts);
        if (wait >= 0) {
            turn(now);
            partsThisSecond += parts;
        }
        return wait;
    }

    /** Parts that may go without waiting. */
    synchronized int free() {
        if (paused && nanoTime.getAsLong() - pausedUntil < 0) {
            return 0;
        }
        RateLimiter shaped = limiter;
        return shaped == null
                ? Integer.MAX_VALUE
                : Math.max(0, shaped.getMetrics().getAvailablePermissions());
    }

    /** How long to wait when {@link #reserve} refused. */
    synchronized Duration pause() {
        long left = paused ? pausedUntil - nanoTime.getAsLong() : 0;
        return left > 0 ? Duration.ofNanos(left) : LONGEST_WAIT;
    }

    /** The carrier said: too fast. Many messages on their way hear it at once, and it counts once a second. */
    synchronized void throttled(@Nullable Duration retryAfter) {
        long now = nanoTime.getAsLong();
        if (retryAfter != null && !retryAfter.isNegative()) {
            long until = now + Math.min(retryAfter.toNanos(), 60 * SECOND);
            pausedUntil = paused && pausedUntil - until > 0 ? pausedUntil : until;
            paused = true;
        }
        quietSince = now;
        if (isLowered() && now - lowered < SECOND) {
            return;
        }
        lowered = now;
        turn(now);
        if (current == 0) {
            measured = Math.max(1, Math.max(partsLastSecond, (double) partsThisSecond));
        }
        double before = current == 0 ? measured : current;
        apply(Math.max(LOWEST, before / 2));
    }

    /** Called once a second: without a complaint in the last two, goes up by a twentieth of the full rate. */
    synchronized void recover() {
        long now = nanoTime.getAsLong();
        turn(now);
        if (!isLowered() || now - quietSince < 2 * SECOND) {
            return;
        }
        double whole = full == 0 ? measured * 2 : full;
        double next = current + Math.max(whole * STEP, LOWEST);
        apply(next >= whole ? full : next);
    }

    /** Parts per second in force; 0 is no limit. */
    synchronized double current() {
        return current;
    }

    private boolean isLowered() {
        return current != full;
    }

    private void turn(long now) {
        if (now - secondBegan >= SECOND) {
            partsLastSecond = partsThisSecond * (double) SECOND / (now - secondBegan);
            partsThisSecond = 0;
            secondBegan = now;
        }
    }

    private void apply(double partsPerSecond) {
        RateLimiter before = limiter;
        current = partsPerSecond;
        if (partsPerSecond == 0) {
            limiter = null;
            return;
        }
        int permits = Math.max(1, (int) Math.round(partsPerSecond / CYCLES_PER_SECOND));
        var config = RateLimiterConfig.custom()
                .limitForPeriod(permits)
                .limitRefreshPeriod(Duration.ofNanos(Math.max(1, (long) (permits / partsPerSecond * SECOND))))
                .timeoutDuration(LONGEST_WAIT)
                .build();
        limiter = RateLimiter.of(name, config, Map.of(), nanoTime::getAsLong);
        // what was promised to those who wait still counts
        int owed = before == null ? 0 : -before.getMetrics().getAvailablePermissions();
        if (owed > 0) {
            long ignored = limiter.reservePermission(owed);
        }
    }
}
