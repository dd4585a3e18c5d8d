// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.webhook.delivery;

import java.time.Duration;
import java.util.List;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * When what failed is tried again: ten tries within 75.6 hours, as the contract for partners publishes them. Each wait
 * is up to a tenth shorter or longer, so that what failed together does not come again together.
 */
final class RetrySchedule {

    private static final List<Duration> WAITS = List.of(
            Duration.ofSeconds(5),
            Duration.ofMinutes(5),
            Duration.ofMinutes(30),
            Duration.ofHours(2),
            Duration.ofHours(5),
            Duration.ofHours(10),
            Duration.ofHours(14),
            Duration.ofHours(20),
            Duration.ofHours(24));

    private final DoubleSupplier random;

    /** @param random from 0 to 1 */
    RetrySchedule(DoubleSupplier random) {
        this.random = random;
    }

    /**
     * How long to wait after a try.
     *
     * @param number of the try that failed, from 1
     * @param asked how long the endpoint asked to be left alone: it is not told sooner
     * @return null when there is no further try
     */
    @Nullable
    Duration after(int number, @Nullable Duration asked) {
        if (number > WAITS.size()) {
            return null;
        }
        Duration wait = WAITS.get(number - 1);
        Duration jittered = Duration.ofMillis((long) (wait.toMillis() * (0.9 + 0.2 * random.getAsDouble())));
        return asked != null && asked.compareTo(jittered) > 0 ? asked : jittered;
    }
}
