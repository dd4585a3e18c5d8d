// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** How late a thread of this process comes at worst, while it is open: a machine that is held up holds up all of them. */
final class Pauses implements AutoCloseable {

    private static final Duration EVERY = Duration.ofMillis(20);

    private volatile boolean open = true;
    private volatile long worst;

    Pauses() {
        Thread.ofPlatform().daemon().start(this::measure);
    }

    private void measure() {
        long last = System.nanoTime();
        while (open) {
            LockSupport.parkNanos(EVERY.toNanos());
            long now = System.nanoTime();
            worst = Math.max(worst, now - last - EVERY.toNanos());
            last = now;
        }
    }

    /** So far. */
    Duration worst() {
        return Duration.ofNanos(worst);
    }

    @Override
    public void close() {
        open = false;
    }
}
