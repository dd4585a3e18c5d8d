// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.delivery;

import eu.aval.server.delivery.store.ReceiptRows.Bundle;
import eu.aval.server.delivery.store.ReceiptRows.ParkedReceipt;
import eu.aval.server.encryption.AssociatedData;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.shared.TimeOrderedId;
import eu.aval.spi.event.CarrierEvent.Delivery;
import eu.aval.spi.event.DeliveryState;
import eu.aval.spi.failure.CarrierError;
import eu.aval.spi.failure.FailureClass;
import eu.aval.spi.text.Text;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Receipts that wait, sealed under the keys of the platform: whose they are nobody knows yet. */
final class SealedReceipts {

    /** Carriers report for up to three days. */
    private static final Duration KEPT = Duration.ofDays(3);

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /**
     * What is sealed. The recipient is left out: it is not needed to find the message.
     *
     * @param id of the receipt; one that is parked alone may have none of its own
     * @param account of one in a bundle
     * @param receivedAt of one in a bundle
     */
    private record Event(
            @Nullable UUID id,
            @Nullable UUID account,
            @Nullable Instant receivedAt,
            List<String> ids,
            @Nullable UUID messageId,
            DeliveryState state,
            @Nullable FailureClass reason,
            @Nullable String code,
            @Nullable String text,
            Instant at,
            @Nullable String raw) {

        static Event of(Received received) {
            Delivery delivery = received.delivery();
            CarrierError error = delivery.error();
            Text raw = delivery.raw();
            return new Event(
                    received.id(),
                    received.accountId(),
                    received.at(),
                    delivery.carrierMessageIds(),
                    delivery.messageId(),
                    delivery.state(),
                    delivery.reason(),
                    error == null ? null : error.code(),
                    error == null ? null : error.text(),
                    delivery.at(),
                    raw == null ? null : raw.value());
        }

        Received received(UUID otherId, UUID otherAccount, Instant otherTime) {
            return new Received(
                    id == null ? otherId : id,
                    account == null ? otherAccount : account,
                    new Delivery(
                            ids,
                            messageId,
                            null,
                            state,
                            reason,
                            code == null ? null : new CarrierError(code, text),
                            at,
                            raw == null ? null : Text.of(raw)),
                    receivedAt == null ? otherTime : receivedAt);
        }
    }

    private SealedReceipts() {}

    static ParkedReceipt seal(Received received, TenantKeys platform) {
        UUID id = TimeOrderedId.next();
        return new ParkedReceipt(
                id,
                received.accountId(),
                received.waitsFor(),
                ByteBuffer.wrap(platform.seal(JSON.writeValueAsBytes(Event.of(received)), place(platform, id))),
                received.at(),
                received.at().plus(KEPT));
    }

    /**
     * Opens it.
     *
     * @throws eu.aval.server.encryption.SealBroken if its key is gone
     */
    static Received open(ParkedReceipt parked, TenantKeys platform) {
        byte[] event = platform.open(octets(parked.eventSealed()), place(platform, parked.id()));
        return JSON.readValue(event, Event.class).received(parked.id(), parked.accountId(), parked.receivedAt());
    }

    /** Seals what came together as one. */
    static Bundle seal(List<Received> together, TenantKeys platform) {
        UUID id = TimeOrderedId.next();
        byte[] events = JSON.writeValueAsBytes(together.stream().map(Event::of).toArray(Event[]::new));
        return new Bundle(id, ByteBuffer.wrap(platform.seal(events, bundlePlace(platform, id))));
    }

    /**
     * Opens it.
     *
     * @throws eu.aval.server.encryption.SealBroken if its key is gone
     */
    static List<Received> open(Bundle bundle, TenantKeys platform) {
        byte[] events = platform.open(octets(bundle.eventsSealed()), bundlePlace(platform, bundle.id()));
        return Arrays.stream(JSON.readValue(events, Event[].class))
                .map(event -> event.received(bundle.id(), bundle.id(), Instant.EPOCH))
                .toList();
    }

    private static byte[] octets(ByteBuffer buffer) {
        byte[] octets = new byte[buffer.remaining()];
        buffer.duplicate().get(octets);
        return octets;
    }

    private static AssociatedData bundlePlace(TenantKeys platform, UUID id) {
        return new AssociatedData(platform.tenant(), "receipt_bundle", "events_sealed", id);
    }

    private static AssociatedData place(TenantKeys platform, UUID id) {
        return new AssociatedData(platform.tenant(), "parked_receipt", "event_sealed", id);
    }
}
