// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.accept;

import eu.aval.server.message.MessageStatus;
import eu.aval.server.policy.Verdict;
import eu.aval.server.shared.Money;
import eu.aval.server.shared.Problem;
import eu.aval.spi.text.Encoding;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What became of a request to send. */
public sealed interface Acceptance {

    /**
     * It is durable.
     *
     * @param scheduledFor null when it leaves at once
     * @param price what it is expected to cost; null is not known
     * @param deferred why it does not leave when it was asked to; null if it does
     * @param replayed it was accepted before, under the same idempotency key; the status is the present one
     */
    record Accepted(
            UUID id,
            MessageStatus status,
            Encoding encoding,
            int parts,
            @Nullable Instant scheduledFor,
            @Nullable Money price,
            Verdict.@Nullable Deferred deferred,
            boolean replayed)
            implements Acceptance {}

    /** Nothing was written. */
    record Refused(Problem problem) implements Acceptance {}
}
