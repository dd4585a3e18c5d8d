// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.simulator;

/** Takes so many parts a second, saved up for at most one second. */
final class PartsLimit {

    private static final double NANOS = 1e9;

    private final double perSecond;
    private double saved;
    private long last;
    private boolean started;

    /** @param perSecond 0 is no limit */
    PartsLimit(double perSecond) {
        this.perSecond = perSecond;
    }

    boolean take(int parts, long nanoTime) {
        if (perSecond == 0) {
            return true;
        }
        // A text of more parts than a second's worth is taken when there is nothing else
        double most = Math.max(parts, perSecond);
        saved = started ? Math.min(most, saved + (nanoTime - last) / NANOS * perSecond) : most;
        started = true;
        last = nanoTime;
        if (saved < parts) {
            return false;
        }
        saved -= parts;
        return true;
    }
}
