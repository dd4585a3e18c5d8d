// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.shared;

import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.Map;

/**
 * Gauges by tags that are measured all at once, now and then: a scrape shows what was measured last. A gauge that stays is
 * not registered anew, as a {@link MultiGauge} that overwrites does: where it is the only one, a scrape of that moment
 * finds the old and the new, and Prometheus' registry fails on two of the same labels.
 */
public final class MeasuredGauges {

    private final MultiGauge gauges;
    private volatile Map<Tags, Long> measured = Map.of();

    public MeasuredGauges(MultiGauge gauges) {
        this.gauges = gauges;
    }

    /** Gauges with other tags end. Called by one thread at a time. */
    public void show(Map<Tags, Long> values) {
        measured = Map.copyOf(values);
        gauges.register(
                measured.keySet().stream()
                        .map(tags -> MultiGauge.Row.of(tags, this, own -> own.measured.getOrDefault(tags, 0L)))
                        .toList(),
                false);
    }
}
