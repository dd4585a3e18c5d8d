// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.webhook.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RetryScheduleTests {

    private final RetrySchedule even = new RetrySchedule(() -> 0.5);

    @Test
    void isAsPublished() {
        assertThat(IntStream.rangeClosed(1, 9)
                        .mapToObj(number -> Objects.requireNonNull(even.after(number, null)))
                        .toList())
                .containsExactly(
                        Duration.ofSeconds(5),
                        Duration.ofMinutes(5),
                        Duration.ofMinutes(30),
                        Duration.ofHours(2),
                        Duration.ofHours(5),
                        Duration.ofHours(10),
                        Duration.ofHours(14),
                        Duration.ofHours(20),
                        Duration.ofHours(24));
        assertThat(even.after(10, Duration.ofMinutes(1))).isNull();
    }

    @Test
    void variesByATenth() {
        assertThat(new RetrySchedule(() -> 0).after(2, null)).isEqualTo(Duration.ofSeconds(270));
        assertThat(new RetrySchedule(() -> 1).after(2, null)).isEqualTo(Duration.ofSeconds(330));
    }

    @Test
    void isNotSoonerThanTheEndpointAsked() {
        assertThat(even.after(1, Duration.ofHours(1))).isEqualTo(Duration.ofHours(1));
        assertThat(even.after(4, Duration.ofHours(1))).isEqualTo(Duration.ofHours(2));
    }
}
