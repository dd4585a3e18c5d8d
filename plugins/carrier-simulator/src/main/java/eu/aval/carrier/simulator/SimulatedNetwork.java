// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.simulator;

import eu.aval.spi.submit.SubmitRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * What the far side remembers: which messages it took, and how often each was tried. Bounded, and without numbers or
 * texts. Thread-safe: a test may share one between accounts.
 */
final class SimulatedNetwork {

    /** Some seconds of full load; what is uncertain is asked about within minutes, and is rare. */
    private static final int REMEMBERED = 50_000;

    private static final class Known {
        private int tries;
        private int looks;
        private boolean taken;
    }

    private final Consumer<SubmitRequest> onTaken;
    private final Map<UUID, Known> known = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Known> eldest) {
            return size() > REMEMBERED;
        }
    };
    private int submits;
    private volatile boolean reachable = true;

    SimulatedNetwork() {
        this(request -> {});
    }

    /** @param onTaken told of each message that is taken, once */
    SimulatedNetwork(Consumer<SubmitRequest> onTaken) {
        this.onTaken = onTaken;
    }

    boolean isReachable() {
        return reachable;
    }

    void reachable(boolean value) {
        reachable = value;
    }

    synchronized int submits() {
        return submits;
    }

    /** Counts one more try of this message; how many came before. */
    synchronized int tried(UUID messageId) {
        submits++;
        return known.computeIfAbsent(messageId, id -> new Known()).tries++;
    }

    synchronized boolean hasTaken(UUID messageId) {
        Known message = known.get(messageId);
        return message != null && message.taken;
    }

    synchronized void take(SubmitRequest request) {
        Known message = known.computeIfAbsent(request.messageId(), id -> new Known());
        if (!message.taken) {
            message.taken = true;
            onTaken.accept(request);
        }
    }

    /** Whether it is found by one who looks: only after this many looks in vain. */
    synchronized boolean find(UUID messageId, int looksInVain) {
        Known message = known.get(messageId);
        return message != null && message.taken && message.looks++ >= looksInVain;
    }
}
