// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.store;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;

/**
 * Where the next claim of an account begins in each lane. Rows that have left stay in the index until a vacuum takes
 * them away, so a claim that always began at the front would read more of them from minute to minute. What comes in
 * behind the cursor (a transaction that was slow to commit, a retry, a message from another account) is found by the
 * next claim that begins at the front.
 */
final class ClaimCursor {

    static final int LANES = 3;

    private static final OffsetDateTime FRONT = OffsetDateTime.parse("2000-01-01T00:00:00Z");

    /** A transaction that queues messages commits within this time of the instant it writes, or is found later. */
    private static final Duration SLOW_COMMIT = Duration.ofSeconds(5);

    private static final long FRONT_EVERY = Duration.ofSeconds(1).toNanos();

    private final OffsetDateTime[] claimed = new OffsetDateTime[LANES];
    private final Clock clock;
    private long nextFront = System.nanoTime();

    ClaimCursor(Clock clock) {
        this.clock = clock;
        Arrays.fill(claimed, FRONT);
    }

    /** One for each lane. */
    synchronized OffsetDateTime[] next() {
        OffsetDateTime[] from = new OffsetDateTime[LANES];
        if (System.nanoTime() - nextFront >= 0) {
            nextFront = System.nanoTime() + FRONT_EVERY;
            Arrays.fill(from, FRONT);
            return from;
        }
        OffsetDateTime latest = Columns.time(clock.instant().minus(SLOW_COMMIT));
        for (int lane = 0; lane < LANES; lane++) {
            from[lane] = claimed[lane].isAfter(latest) ? latest : claimed[lane];
        }
        return from;
    }

    synchronized void claimed(int lane, Instant due) {
        OffsetDateTime at = Columns.time(due);
        if (lane >= 0 && lane < LANES && at.isAfter(claimed[lane])) {
            claimed[lane] = at;
        }
    }

    /** A claim took this long. Those from the front are the rarer the longer they take. */
    synchronized void took(OffsetDateTime[] since, Duration took) {
        if (FRONT.equals(since[0])) {
            nextFront = System.nanoTime() + Math.max(FRONT_EVERY, took.toNanos() * 20);
        }
    }

    /** The next claim begins at the front: messages came in behind. */
    synchronized void reset() {
        nextFront = System.nanoTime();
    }
}
