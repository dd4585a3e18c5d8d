// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.delivery;

import eu.aval.server.delivery.store.ReceiptRows.KnownMessage;
import eu.aval.server.delivery.store.ReceiptRows.KnownPart;
import eu.aval.server.delivery.store.ReceiptRows.MovedMessage;
import eu.aval.server.delivery.store.ReceiptRows.MovedPart;
import eu.aval.server.delivery.store.ReceiptRows.NewPart;
import eu.aval.server.delivery.store.ReceiptRows.NewReceipt;
import eu.aval.server.encryption.AssociatedData;
import eu.aval.server.encryption.SealBroken;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.message.MessageStatus;
import eu.aval.spi.event.CarrierEvent.Delivery;
import eu.aval.spi.event.DeliveryState;
import eu.aval.spi.failure.FailureClass;
import eu.aval.spi.text.Text;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What follows from receipts for the messages they speak of; nothing is read or written here. */
final class ReceiptBatch {

    final List<MovedPart> parts = new ArrayList<>();
    final List<NewPart> newParts = new ArrayList<>();
    final List<MovedMessage> messages = new ArrayList<>();
    final List<NewReceipt> receipts = new ArrayList<>();

    /** The key of a part. */
    private record Place(int attempt, int part) {}

    /**
     * Takes the receipts of one message in the order in which they came.
     *
     * @param keys of its tenant; null if they do not open
     */
    void add(KnownMessage message, List<Received> received, @Nullable TenantKeys keys) {
        Map<Place, KnownPart> before = new LinkedHashMap<>();
        message.known().forEach(part -> before.put(new Place(part.attempt(), part.part()), part));
        Map<Place, KnownPart> after = new LinkedHashMap<>(before);
        for (Received one : received) {
            Delivery delivery = one.delivery();
            KnownPart part = partOf(after.values(), one);
            if (part == null) {
                String id = delivery.carrierMessageIds().isEmpty()
                        ? String.valueOf(message.id())
                        : delivery.carrierMessageIds().getFirst();
                part = new KnownPart(Math.max(1, message.attempts()), 0, one.accountId(), id, null, null, null, null);
            }
            PartState known = state(part);
            PartState moved = known.after(new PartState(
                    delivery.state(),
                    delivery.at(),
                    delivery.reason(),
                    delivery.error() == null ? null : delivery.error().code()));
            boolean applied = !moved.equals(known);
            if (applied) {
                after.put(new Place(part.attempt(), part.part()), with(part, moved));
            }
            receipts.add(receipt(message, one, part, applied, keys));
        }
        after.forEach((place, part) -> {
            KnownPart old = before.get(place);
            if (old == null) {
                newParts.add(new NewPart(message.id(), message.tenant(), part));
            } else if (!old.equals(part)) {
                parts.add(new MovedPart(message.id(), old, part));
            }
        });
        move(message, after.values());
    }

    private void move(KnownMessage message, Collection<KnownPart> parts) {
        Progress progress = parts.stream().collect(Collectors.groupingBy(KnownPart::attempt)).values().stream()
                .map(attempt -> Progress.of(
                        attempt.stream().map(ReceiptBatch::state).toList(),
                        attempt.stream().anyMatch(part -> part.part() == 0),
                        message.parts()))
                .reduce(Progress::or)
                .orElseThrow();
        boolean moves = progress.moves(message.status());
        int delivered = Math.max(message.partsDelivered(), progress.partsDelivered());
        if (!moves && delivered == message.partsDelivered()) {
            return;
        }
        MessageStatus status = moves && progress.status() != null ? progress.status() : message.status();
        messages.add(new MovedMessage(
                message,
                status,
                delivered,
                progress.reason() == null ? null : progress.reason().name(),
                progress.carrierCode()));
    }

    /** Of several parts with the same id the first that the receipt would move: a carrier gave one id to all. */
    private static @Nullable KnownPart partOf(Collection<KnownPart> parts, Received received) {
        for (String id : received.delivery().carrierMessageIds()) {
            List<KnownPart> named = parts.stream()
                    .filter(part -> part.accountId().equals(received.accountId())
                            && part.carrierMessageId().equals(id))
                    .toList();
            if (!named.isEmpty()) {
                int rank = received.delivery().state().rank();
                return named.stream()
                        .filter(part -> part.state() == null
                                || DeliveryState.valueOf(part.state()).rank() < rank)
                        .findFirst()
                        .orElse(named.getLast());
            }
        }
        // Echoed by our own id: the only part there is, if there is only one
        return parts.size() == 1 ? parts.iterator().next() : null;
    }

    private static NewReceipt receipt(
            KnownMessage message, Received received, KnownPart part, boolean applied, @Nullable TenantKeys keys) {
        Delivery delivery = received.delivery();
        UUID id = received.id();
        return new NewReceipt(
                id,
                message.id(),
                message.tenant(),
                received.accountId(),
                part.carrierMessageId(),
                part.part(),
                delivery.state().name(),
                delivery.reason() == null ? null : delivery.reason().name(),
                delivery.error() == null ? null : delivery.error().code(),
                delivery.at(),
                received.at(),
                applied,
                sealed(delivery.raw(), message, id, keys));
    }

    /** Of a person who was erased nothing is kept, and nothing that could only be kept in clear. */
    private static @Nullable ByteBuffer sealed(
            @Nullable Text raw, KnownMessage message, UUID receiptId, @Nullable TenantKeys keys) {
        ByteBuffer wrapped = message.wrappedKey();
        if (raw == null || wrapped == null || keys == null) {
            return null;
        }
        byte[] key = new byte[wrapped.remaining()];
        wrapped.duplicate().get(key);
        try {
            return ByteBuffer.wrap(keys.subjectKey(message.subjectId(), key)
                    .seal(
                            raw.value().getBytes(StandardCharsets.UTF_8),
                            new AssociatedData(keys.tenant(), "receipt", "raw_sealed", receiptId)));
        } catch (SealBroken e) {
            return null;
        }
    }

    private static PartState state(KnownPart part) {
        return part.state() == null
                ? PartState.SILENT
                : new PartState(
                        DeliveryState.valueOf(part.state()),
                        part.at(),
                        part.failureClass() == null ? null : FailureClass.valueOf(part.failureClass()),
                        part.carrierCode());
    }

    private static KnownPart with(KnownPart part, PartState state) {
        return new KnownPart(
                part.attempt(),
                part.part(),
                part.accountId(),
                part.carrierMessageId(),
                state.state() == null ? null : state.state().name(),
                state.at(),
                state.reason() == null ? null : state.reason().name(),
                state.carrierCode());
    }
}
