// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.limit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What one recipient was sent in the last 24 hours; what was cancelled or blocked does not count.
 *
 * @param hourSince the oldest of the last hour; null if there is none
 * @param daySince the oldest of them all; null if there is none
 * @param lastOtp the newest one-time code; null if there is none
 */
public record RecentMessages(
        int lastHour,
        int lastDay,
        @Nullable Instant hourSince,
        @Nullable Instant daySince,
        @Nullable Instant lastOtp) {

    public static final RecentMessages NONE = new RecentMessages(0, 0, null, null, null);
}
