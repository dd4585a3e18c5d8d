// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class RateTests {

    private long now = 1_000_000_000_000L;

    private final Rate rate = new Rate("test", () -> now);

    @Test
    void letsEverythingThroughWithoutALimit() {
        assertThat(rate.reserve(1000)).isZero();
        assertThat(rate.free()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void countsPartsNotMessages() {
        rate.configure(100);

        assertThat(sentInTenSeconds(1)).isCloseTo(1000, within(30));
        assertThat(sentInTenSeconds(4) * 4).isCloseTo(1000, within(30));
    }

    @Test
    void holdsRatesBelowOne() {
        rate.configure(0.5);

        assertThat(sentInTenSeconds(1)).isBetween(5, 6);
    }

    @Test
    void halvesOnceASecondWhenThrottled() {
        rate.configure(100);

        for (int i = 0; i < 20; i++) {
            rate.throttled(null);
        }
        assertThat(rate.current()).isEqualTo(50);

        advance(Duration.ofSeconds(1));
        rate.throttled(null);
        assertThat(rate.current()).isEqualTo(25);
    }

    @Test
    void recoversLittleByLittle() {
        rate.configure(100);
        rate.throttled(null);

        recover(3);
        assertThat(rate.current()).isBetween(50.0, 65.0);
        recover(20);
        assertThat(rate.current()).isEqualTo(100);
    }

    @Test
    void pausesAsLongAsTheCarrierAsks() {
        rate.configure(100);
        rate.throttled(Duration.ofSeconds(5));

        assertThat(rate.reserve(1)).isNegative();
        assertThat(rate.free()).isZero();
        assertThat(rate.pause()).isEqualTo(Duration.ofSeconds(5));

        advance(Duration.ofSeconds(6));
        assertThat(rate.reserve(1)).isNotNegative();
    }

    @Test
    void limitsAnUnlimitedAccountThatIsThrottledByWhatItSent() {
        for (int i = 0; i < 40; i++) {
            rate.reserve(1);
        }
        rate.throttled(null);

        assertThat(rate.current()).isEqualTo(20);
        recover(30);
        assertThat(rate.current()).isZero();
    }

    private int sentInTenSeconds(int parts) {
        int sent = 0;
        long end = now + Duration.ofSeconds(10).toNanos();
        while (now < end) {
            if (rate.free() >= 1 && rate.reserve(parts) >= 0) {
                sent++;
            } else {
                advance(Duration.ofMillis(1));
            }
        }
        return sent;
    }

    private void recover(int seconds) {
        for (int i = 0; i < seconds; i++) {
            advance(Duration.ofSeconds(1));
            rate.recover();
        }
    }

    private void advance(Duration time) {
        now += time.toNanos();
    }
}
