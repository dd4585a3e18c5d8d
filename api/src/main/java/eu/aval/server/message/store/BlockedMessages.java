// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.store;

import eu.aval.server.shared.ProblemType;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;

/**
 * Counts what the gate did not let through, in {@code sms_blocked_total}: when it was handed over, when it was to leave, or
 * in between, by a STOP.
 */
public final class BlockedMessages {

    private BlockedMessages() {}

    public static void count(MeterRegistry meters, ProblemType reason, long messages) {
        meters.counter("sms.blocked", "reason", reason.name().toLowerCase(Locale.ROOT))
                .increment((double) messages);
    }
}
