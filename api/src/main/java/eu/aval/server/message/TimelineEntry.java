// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happened to a message.
 *
 * @param type ACCEPTED, a decision's type, ATTEMPT, OUTCOME or {@link #RECEIPT}
 * @param raw the receipt as it came, with the number masked and without the text it repeats
 * @param detail JSON: codes and ids
 */
public record TimelineEntry(
        Instant at,
        String type,
        @Nullable Integer attempt,
        @Nullable Integer part,
        @Nullable UUID carrierAccountId,
        @Nullable String carrierMessageId,
        @Nullable String outcome,
        @Nullable String state,
        @Nullable Boolean applied,
        @Nullable String failureClass,
        @Nullable String carrierCode,
        @Nullable String raw,
        @Nullable String detail) {

    public static final String RECEIPT = "RECEIPT";
}
