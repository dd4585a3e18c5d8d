// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.rotation;

import eu.aval.server.rotation.KeyRotation.Kind;
import eu.aval.server.rotation.store.RotationRows.Open;
import eu.aval.server.shared.MeasuredGauges;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** How rotations come on. Labels are codes, never a tenant. */
final class RotationMetrics {

    private final Map<Kind, Counter> carried = new EnumMap<>(Kind.class);
    private final MeasuredGauges open;
    private final MeasuredGauges remaining;

    RotationMetrics(MeterRegistry registry) {
        for (Kind kind : Kind.values()) {
            carried.put(
                    kind,
                    Counter.builder("key_rotation_carried")
                            .description("Values that this node has put under a new key")
                            .tag("kind", tag(kind))
                            .register(registry));
        }
        this.open = new MeasuredGauges(MultiGauge.builder("key_rotation_open")
                .description("Rotations that have not ended")
                .register(registry));
        this.remaining = new MeasuredGauges(MultiGauge.builder("key_rotation_remaining")
                .description("Values that keep an earlier key, when they were last counted")
                .register(registry));
    }

    void carried(Kind kind, long values) {
        Counter counter = carried.get(kind);
        if (counter != null) {
            counter.increment((double) values);
        }
    }

    void open(List<Open> rotations) {
        open.show(rotations.stream().collect(Collectors.toMap(RotationMetrics::tags, Open::rotations)));
        remaining.show(rotations.stream().collect(Collectors.toMap(RotationMetrics::tags, Open::remaining)));
    }

    private static Tags tags(Open each) {
        return Tags.of("kind", tag(each.kind()), "state", each.state().name().toLowerCase(Locale.ROOT));
    }

    private static String tag(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
