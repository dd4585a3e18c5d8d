// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.delivery.store;

import eu.aval.server.message.MessageStatus;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows that a batch of receipts reads and writes. */
public final class ReceiptRows {

    private ReceiptRows() {}

    /** What a receipt says of its message: an id of the carrier, or our own that it echoed. */
    public record Sought(
            int receipt,
            UUID accountId,
            List<String> carrierMessageIds,
            @Nullable UUID messageId) {}

    /** A message that receipts of the batch speak of. */
    public record KnownMessage(
            UUID id,
            UUID tenant,
            UUID subjectId,
            MessageStatus status,
            Instant statusAt,
            int parts,
            int partsDelivered,
            int attempts,
            @Nullable ByteBuffer wrappedKey,
            int keysetVersion,
            List<Integer> receipts,
            List<KnownPart> known) {}

    /** What is on record of a part; part 0 is the whole message. */
    public record KnownPart(
            int attempt,
            int part,
            UUID accountId,
            String carrierMessageId,
            @Nullable String state,
            @Nullable Instant at,
            @Nullable String failureClass,
            @Nullable String carrierCode) {}

    /** A part that moved from one state to another. */
    public record MovedPart(UUID messageId, KnownPart before, KnownPart after) {}

    /** A part the carrier told of by our own id, before any id of its own was known. */
    public record NewPart(UUID messageId, UUID tenant, KnownPart part) {}

    /** A message that moved, or of which more parts arrived. */
    public record MovedMessage(
            KnownMessage before,
            MessageStatus status,
            int partsDelivered,
            @Nullable String failureClass,
            @Nullable String carrierCode) {}

    /** A receipt as it came. */
    public record NewReceipt(
            UUID id,
            UUID messageId,
            UUID tenant,
            UUID accountId,
            String carrierMessageId,
            int part,
            String state,
            @Nullable String failureClass,
            @Nullable String carrierCode,
            Instant at,
            Instant receivedAt,
            boolean applied,
            @Nullable ByteBuffer rawSealed) {}

    /** A receipt whose message is not known yet. */
    public record ParkedReceipt(
            UUID id, UUID accountId, List<String> ids, ByteBuffer eventSealed, Instant receivedAt, Instant expiresAt) {}

    /** Receipts that came together, sealed as one. */
    public record Bundle(UUID id, ByteBuffer eventsSealed) {}
}
