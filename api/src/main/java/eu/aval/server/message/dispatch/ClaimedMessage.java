// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.dispatch;

import eu.aval.server.shared.Money;
import eu.aval.server.shared.TenantId;
import eu.aval.spi.submit.MessageClass;
import eu.aval.spi.text.Encoding;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A message leased by this node, with what it takes to send it, still sealed.
 *
 * @param maxPrice what it may cost at most, on any route; null is anything
 * @param pinned an uncertain submit that is repeated under the same key: no other account may ever get it
 * @param refusedBy accounts whose carriers have refused it
 * @param wrappedKey the subject's key
 */
public record ClaimedMessage(
        Attempt attempt,
        UUID subjectId,
        int lane,
        int parts,
        @Nullable Money maxPrice,
        boolean pinned,
        boolean simulated,
        MessageClass messageClass,
        String sender,
        String country,
        Encoding encoding,
        Instant expiresAt,
        Set<UUID> refusedBy,
        ByteBuffer textSealed,
        ByteBuffer numberSealed,
        ByteBuffer wrappedKey) {

    /**
     * One try to send one message: on record before any byte leaves.
     *
     * @param number 1 for the first
     */
    public record Attempt(UUID messageId, int number, TenantId tenant, UUID accountId) {}
}
