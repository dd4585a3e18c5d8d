// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.delivery;

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
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** A receipt that waits for its message, sealed under the keys of the platform: whose it is nobody knows yet. */
final class SealedReceipts {

    /** Carriers report for up to three days. */
    private static final Duration KEPT = Duration.ofDays(3);

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** What is sealed. The recipient is left out: it is not needed to find the message. */
    private record Event(
            List<String> ids,
            @Nullable UUID messageId,
            DeliveryState state,
            @Nullable FailureClass reason,
            @Nullable String code,
            @Nullable String text,
            Instant at,
            @Nullable String raw) {}

    private SealedReceipts() {}

    static ParkedReceipt seal(Received received, TenantKeys platform) {
        UUID id = TimeOrderedId.next();
        Delivery delivery = received.delivery();
        CarrierError error = delivery.error();
        Text raw = delivery.raw();
        byte[] event = JSON.writeValueAsBytes(new Event(
                delivery.carrierMessageIds(),
                delivery.messageId(),
                delivery.state(),
                delivery.reason(),
                error == null ? null : error.code(),
                error == null ? null : error.text(),
                delivery.at(),
                raw == null ? null : raw.value()));
        return new ParkedReceipt(
                id,
                received.accountId(),
                received.waitsFor(),
                ByteBuffer.wrap(platform.seal(event, place(platform, id))),
                received.at(),
                received.at().plus(KEPT));
    }

    /**
     * Opens it.
     *
     * @throws eu.aval.server.encryption.SealBroken if its key is gone
     */
    static Received open(ParkedReceipt parked, TenantKeys platform) {
        byte[] sealed = new byte[parked.eventSealed().remaining()];
        parked.eventSealed().duplicate().get(sealed);
        Event event = JSON.readValue(platform.open(sealed, place(platform, parked.id())), Event.class);
        return new Received(
                parked.accountId(),
                new Delivery(
                        event.ids(),
                        event.messageId(),
                        null,
                        event.state(),
                        event.reason(),
                        event.code() == null ? null : new CarrierError(event.code(), event.text()),
                        event.at(),
                        event.raw() == null ? null : Text.of(event.raw())),
                parked.receivedAt());
    }

    private static AssociatedData place(TenantKeys platform, UUID id) {
        return new AssociatedData(platform.tenant(), "parked_receipt", "event_sealed", id);
    }
}
