// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.store;

import eu.aval.server.shared.ProblemType;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;

/**
 * Counts what the gate put off, in {@code sms_deferred_total}: when it was handed over, or when it was to leave. A message
 * may be put off more than once.
 */
public final class DeferredMessages {

    private DeferredMessages() {}

    public static void count(MeterRegistry meters, long messages) {
        meters.counter(
                        "sms.deferred",
                        "reason",
                        ProblemType.OUTSIDE_HOURS.name().toLowerCase(Locale.ROOT))
                .increment((double) messages);
    }
}
