// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.account;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many submits may be under way at once. A window that becomes smaller than what is under way waits for nothing: it
 * lets nobody in until enough have left.
 */
final class Window {

    private final AtomicInteger inside = new AtomicInteger();
    private volatile int size = 1;

    void resize(int newSize) {
        size = newSize;
    }

    boolean enter() {
        int most = size;
        return inside.getAndUpdate(n -> n < most ? n + 1 : n) < most;
    }

    void leave() {
        inside.decrementAndGet();
    }

    int inside() {
        return inside.get();
    }

    int free() {
        return Math.max(0, size - inside.get());
    }
}
