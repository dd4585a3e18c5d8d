// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.spi;

import java.time.Duration;
import java.util.Objects;

/**
 * How fast an account may be used.
 *
 * @param partsPerSecond parts, not messages: carriers meter what goes on the air; 0 is no limit
 * @param maximumInFlight submits under way at one time (for SMPP the window over all binds)
 * @param timeout within which a submit ends
 */
public record Throughput(double partsPerSecond, int maximumInFlight, Duration timeout) {

    public Throughput {
        if (!(partsPerSecond >= 0 && Double.isFinite(partsPerSecond)) || maximumInFlight < 1) {
            throw new IllegalArgumentException(
                    "partsPerSecond is 0 or a number above and maximumInFlight at least 1, not " + partsPerSecond
                            + " and " + maximumInFlight);
        }
        Objects.requireNonNull(timeout, "timeout");
    }
}
