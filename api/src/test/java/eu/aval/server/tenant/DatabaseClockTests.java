// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

final class DatabaseClockTests {

    private static final Instant OWN = Instant.parse("2026-03-01T12:00:00Z");

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final DatabaseClock clock = new DatabaseClock(() -> OWN, meters);

    @Test
    void followsTheDatabase() {
        heard(Duration.ofHours(1), Duration.ZERO);
        assertThat(clock.instant()).isEqualTo(OWN.plus(Duration.ofHours(1)));

        heard(Duration.ofMinutes(-5), Duration.ZERO);
        assertThat(clock.instant()).isEqualTo(OWN.minus(Duration.ofMinutes(5)));
        assertThat(meters.get("node.clock.difference").gauge().value()).isEqualTo(-300);
    }

    @Test
    void isItsOwnWhileBothAgreeWithinASecond() {
        heard(Duration.ofHours(1), Duration.ZERO);
        heard(Duration.ofMillis(900), Duration.ZERO);

        assertThat(clock.instant()).isEqualTo(OWN);
        assertThat(meters.get("node.clock.difference").gauge().value()).isEqualTo(0.9);
    }

    @Test
    void takesHalfOfTheRoundTripForTheWayBack() {
        heard(Duration.ofMinutes(1).plusMillis(200), Duration.ofMillis(400));

        assertThat(clock.instant()).isEqualTo(OWN.plus(Duration.ofMinutes(1)));
    }

    @Test
    void learnsNothingFromASlowAnswer() {
        heard(Duration.ofMinutes(1), Duration.ZERO);
        heard(Duration.ofMinutes(2), DatabaseClock.SLOWEST_ANSWER.plusMillis(1));

        assertThat(clock.instant()).isEqualTo(OWN.plus(Duration.ofMinutes(1)));
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void warnsOnceOfADifference(CapturedOutput output) {
        heard(Duration.ofSeconds(-3600), Duration.ZERO);
        heard(Duration.ofMillis(-3600_100), Duration.ZERO);

        assertThat(output).containsOnlyOnce("The clock of this node is 3600 s ahead of the database's");
    }

    /** @param took how long the answer took, by the own clock */
    private void heard(Duration ahead, Duration took) {
        clock.heard(OWN, OWN.plus(ahead), OWN.plus(took));
    }
}
