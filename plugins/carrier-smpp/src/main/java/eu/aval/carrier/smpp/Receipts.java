// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.smpp;

import eu.aval.carrier.smpp.SmppConfiguration.Charset;
import eu.aval.carrier.smpp.SmppConfiguration.Reading;
import eu.aval.spi.event.CarrierEvent;
import eu.aval.spi.event.DeliveryState;
import eu.aval.spi.failure.CarrierError;
import eu.aval.spi.text.Text;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Reads receipts: optional parameters first, then the text. */
final class Receipts {

    private static final int KIND = 0x3C;
    private static final int FINAL = 0x04;
    private static final int INTERMEDIATE = 0x20;

    private final Reading reading;
    private final MessageIds ids;
    private final SmppOutcomes outcomes;
    private final Addresses addresses;
    private final Clock clock;

    Receipts(Reading reading, MessageIds ids, SmppOutcomes outcomes, Addresses addresses, Clock clock) {
        this.reading = reading;
        this.ids = ids;
        this.outcomes = outcomes;
        this.addresses = addresses;
        this.clock = clock;
    }

    /**
     * By {@code esm_class}, or where that names no kind by {@code receipted_message_id} with a state, which is a parameter or
     * in the text. By that parameter alone it is none: there are carriers that put it on what a person answers. Nor by
     * text alone: anyone can write that.
     */
    static boolean isReceipt(ShortMessage message) {
        int kind = message.esmClass() & KIND;
        return kind == FINAL
                || kind == INTERMEDIATE
                || (kind == 0
                        && message.tlvs().find(Tag.RECEIPTED_MESSAGE_ID) != null
                        && (message.tlvs().find(Tag.MESSAGE_STATE) != null
                                || text(message).isWhole()));
    }

    /** Null when the receipt does not say for which message it is. */
    CarrierEvent.@Nullable Delivery read(ShortMessage message) {
        ReceiptText text = text(message);
        String id = message.tlvs().findText(Tag.RECEIPTED_MESSAGE_ID);
        if (id == null || id.isBlank()) {
            id = text.id();
        }
        if (id == null || id.length() > MessageIds.LONGEST) {
            return null;
        }
        boolean intermediate = (message.esmClass() & KIND) == INTERMEDIATE;
        DeliveryState state = state(message.tlvs().findNumber(Tag.MESSAGE_STATE, -1), text.state());
        if (intermediate && state.isFinal()) {
            state = state == DeliveryState.DELIVERED ? DeliveryState.SENT : DeliveryState.BUFFERED;
        }
        byte[] networkError = message.tlvs().find(Tag.NETWORK_ERROR_CODE);
        String code = text.errorCode();
        if (code == null && networkError != null && networkError.length == 3) {
            code = Integer.toString(((networkError[1] & 0xFF) << 8) | (networkError[2] & 0xFF));
        }
        Instant now = clock.instant();
        Instant at = text.doneAt(reading.receiptZone());
        return new CarrierEvent.Delivery(
                ids.candidates(id),
                null,
                addresses.read(message.source()),
                state,
                outcomes.reason(state, code, networkError),
                code == null || SmppOutcomes.plainErrorCode(code).equals("0") ? null : CarrierError.of(code),
                // A receipt from the future is one with another time zone
                at == null || at.isAfter(now) ? now : at,
                Text.of(text.withoutExcerpt()));
    }

    /** Some peers leave the data_coding of the message on the receipt, and write that in ASCII all the same. */
    private static ReceiptText text(ShortMessage message) {
        // Not in the alphabet of data_coding 0: what the SMSC writes itself is ASCII, and ids hold underscores
        ReceiptText text = ReceiptText.of(DataCoding.decode(message.content(), message.dataCoding(), Charset.LATIN1));
        return text.isEmpty()
                ? ReceiptText.of(DataCoding.decode(message.content(), DataCoding.LATIN1, Charset.LATIN1))
                : text;
    }

    private static DeliveryState state(int number, @Nullable String word) {
        return switch (number) {
            case 0 -> DeliveryState.ACCEPTED;
            case 1, 6 -> DeliveryState.SENT;
            case 2 -> DeliveryState.DELIVERED;
            case 3 -> DeliveryState.EXPIRED;
            case 4 -> DeliveryState.CANCELLED;
            case 5, 9 -> DeliveryState.UNDELIVERED;
            case 7 -> DeliveryState.UNKNOWN;
            case 8 -> DeliveryState.REJECTED;
            default -> state(word == null ? "" : word);
        };
    }

    /** By the first letters: some peers write the words out, others cut them to seven. */
    private static DeliveryState state(String word) {
        if (word.startsWith("DELIV")) {
            return DeliveryState.DELIVERED;
        }
        if (word.startsWith("UNDEL") || word.startsWith("SKIP") || word.startsWith("FAIL")) {
            return DeliveryState.UNDELIVERED;
        }
        if (word.startsWith("EXPIR")) {
            return DeliveryState.EXPIRED;
        }
        if (word.startsWith("REJEC")) {
            return DeliveryState.REJECTED;
        }
        if (word.startsWith("DELET")) {
            return DeliveryState.CANCELLED;
        }
        if (word.startsWith("ENROU") || word.startsWith("ACCEP")) {
            return DeliveryState.SENT;
        }
        if (word.startsWith("BUFF")) {
            return DeliveryState.BUFFERED;
        }
        return word.startsWith("SCHED") ? DeliveryState.ACCEPTED : DeliveryState.UNKNOWN;
    }
}
