// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class MeasuredGaugesTests {

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final MeasuredGauges gauges =
            new MeasuredGauges(MultiGauge.builder("depth").register(registry));

    @Test
    void showWhatWasMeasuredLast() {
        gauges.show(Map.of(Tags.of("lane", "otp"), 1L, Tags.of("lane", "bulk"), 2L));
        gauges.show(Map.of(Tags.of("lane", "otp"), 3L));

        assertThat(registry.scrape()).contains("depth{lane=\"otp\"} 3.0").doesNotContain("bulk");
    }

    @Test
    void letAScrapeBeAtAnyMoment() throws InterruptedException {
        // so that it takes a while
        for (int i = 0; i < 300; i++) {
            registry.counter("other" + i);
        }
        AtomicBoolean ended = new AtomicBoolean();
        Thread measuring = Thread.ofPlatform().start(() -> {
            for (long value = 0; !ended.get(); value++) {
                gauges.show(Map.of(Tags.of("lane", "otp"), value));
            }
        });
        try {
            for (int i = 0; i < 2_000; i++) {
                registry.scrape();
            }
        } finally {
            ended.set(true);
            measuring.join();
        }
    }
}
