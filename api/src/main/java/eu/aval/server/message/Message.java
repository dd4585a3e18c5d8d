// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message;

import eu.aval.server.shared.Money;
import eu.aval.server.shared.TenantId;
import eu.aval.spi.submit.MessageClass;
import eu.aval.spi.text.Encoding;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A message as it may be shown: the number masked, no text.
 *
 * @param to masked
 * @param clientReference given back to the application that gave it; never shown to others
 * @param simulated sent with a test key
 * @param price what it was expected to cost when it was accepted; null was not known
 * @param verdict JSON
 */
public record Message(
        UUID id,
        TenantId tenant,
        MessageStatus status,
        Instant statusAt,
        String to,
        String country,
        String from,
        String purpose,
        MessageClass messageClass,
        @Nullable String clientReference,
        Encoding encoding,
        int parts,
        int partsDelivered,
        int attempts,
        boolean simulated,
        Instant acceptedAt,
        @Nullable Instant sendAt,
        Instant expiresAt,
        @Nullable String failureClass,
        @Nullable String carrierCode,
        @Nullable Money price,
        String verdict) {

    /** Whether it has not left yet, as far as the record tells: a claim may be faster than a cancellation. */
    public boolean isCancellable() {
        return status == MessageStatus.SCHEDULED || status == MessageStatus.QUEUED;
    }

    @Override
    public String toString() {
        return "Message[" + id + ", " + status + "]";
    }
}
