// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.simulator;

/** Takes so many parts a second, saved up for at most one second. */
final class PartsLimit {

    private static final double NANOS = 1e9;

    private final double perSecond;
    private double saved;
    private long last;

    /** @param perSecond 0 is no limit */
    PartsLimit(double perSecond) {
        this.perSecond = perSecond;
        this.saved = Math.max(1, perSecond);
    }

    boolean take(int parts, long nanoTime) {
        if (perSecond == 0) {
            return true;
        }
        double most = Math.max(parts, perSecond);
        saved = last == 0 ? most : Math.min(most, saved + (nanoTime - last) / NANOS * perSecond);
        last = nanoTime;
        if (saved < parts) {
            return false;
        }
        saved -= parts;
        return true;
    }
}
