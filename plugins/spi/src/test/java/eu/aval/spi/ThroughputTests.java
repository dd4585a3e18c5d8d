// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.spi;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ThroughputTests {

    @ParameterizedTest
    @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
    void refusesARateThatIsNone(double partsPerSecond) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Throughput(partsPerSecond, 1, Duration.ofSeconds(1)));
    }

    @Test
    void takesZeroForNoLimit() {
        assertThatNoException().isThrownBy(() -> new Throughput(0, 1, Duration.ofSeconds(1)));
    }
}
