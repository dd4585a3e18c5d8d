// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.smpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import eu.aval.carrier.smpp.Pdu.Endpoint;
import eu.aval.spi.config.CarrierConfiguration;
import eu.aval.spi.event.CarrierEvent.Delivery;
import eu.aval.spi.event.DeliveryState;
import eu.aval.spi.failure.CarrierError;
import eu.aval.spi.failure.FailureClass;
import eu.aval.spi.text.Address;
import eu.aval.spi.text.Text;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ReceiptsTests {

    private static final Instant NOW = Instant.parse("2026-01-15T14:00:00Z");

    @Test
    void readsParameters() {
        ShortMessage vector =
                (ShortMessage) PduCodec.read(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(Vectors.RECEIPT)))
                        .body();

        Delivery delivery = read(vector);

        assertThat(delivery.carrierMessageIds()).first().isEqualTo("a1b2c3");
        assertThat(delivery.state()).isEqualTo(DeliveryState.DELIVERED);
        assertThat(delivery.at()).isEqualTo(Instant.parse("2026-01-15T13:01:00Z"));
        assertThat(delivery.recipient()).isEqualTo(Address.e164("+33612345678"));
        assertThat(delivery.reason()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "id:a1b2c3 sub:001 dlvrd:001 submit date:2601151300 done date:2601151301 stat:DELIVRD err:000 text:Hello",
                "ID:A1B2C3 SUB:001 DLVRD:001 SUBMIT DATE:2601151300 DONE DATE:260115130100 STAT:DELIVRD ERR:000 TEXT:",
                "stat:delivrd err:0 done date:20260115130100 id:00a1b2c3",
                "err: id: a1b2c3 stat: DELIVRD done_date:2601151301",
                "id:a1b2c3 done date:202601151301 stat:DELIVERED text:stat:UNDELIV id:ffff"
            })
    void readsTextInAnyOrderAndCase(String text) {
        Delivery delivery = read(receipt(text));

        assertThat(delivery.carrierMessageIds()).first().isEqualTo("a1b2c3");
        assertThat(delivery.state()).isEqualTo(DeliveryState.DELIVERED);
        assertThat(delivery.at()).isEqualTo(Instant.parse("2026-01-15T13:01:00Z"));
    }

    @Test
    void doesNotTakeTheZeroAtTheEndForPartOfTheLastValue() {
        Delivery delivery = read(receipt("id:a1b2c3 stat:UNDELIV err:003\0"));

        assertThat(delivery.error()).isEqualTo(CarrierError.of("003"));
        assertThat(read(receipt("stat:DELIVRD id:a1b2c3\0")).carrierMessageIds())
                .first()
                .isEqualTo("a1b2c3");
    }

    @Test
    void readsAsciiThatIsCalledUnicode() {
        ShortMessage called =
                receipt("").withOctets(DataCoding.UCS2, "id:a1b2c3 stat:DELIVRD".getBytes(StandardCharsets.US_ASCII));
        ShortMessage really =
                receipt("").withOctets(DataCoding.UCS2, "id:a1b2c3 stat:DELIVRD".getBytes(StandardCharsets.UTF_16BE));

        assertThat(List.of(read(called), read(really))).allSatisfy(delivery -> {
            assertThat(delivery.carrierMessageIds()).first().isEqualTo("a1b2c3");
            assertThat(delivery.state()).isEqualTo(DeliveryState.DELIVERED);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "ENROUTE, SENT",
        "ACCEPTD, SENT",
        "DELIVRD, DELIVERED",
        "EXPIRED, EXPIRED",
        "DELETED, CANCELLED",
        "UNDELIV, UNDELIVERED",
        "UNKNOWN, UNKNOWN",
        "REJECTD, REJECTED",
        "SKIPPED, UNDELIVERED",
        "SCHEDULED, ACCEPTED",
        "NONSENSE, UNKNOWN"
    })
    void readsEveryState(String word, DeliveryState state) {
        assertThat(read(receipt("id:1 stat:" + word)).state()).isEqualTo(state);
    }

    @ParameterizedTest
    @CsvSource({
        "0, ACCEPTED",
        "1, SENT",
        "2, DELIVERED",
        "3, EXPIRED",
        "4, CANCELLED",
        "5, UNDELIVERED",
        "6, SENT",
        "7, UNKNOWN",
        "8, REJECTED",
        "9, UNDELIVERED"
    })
    void prefersTheParameter(byte number, DeliveryState state) {
        ShortMessage message = receipt("id:1 stat:DELIVRD").withTlvs(Tlvs.NONE.with(Tag.MESSAGE_STATE, number));

        assertThat(read(message).state()).isEqualTo(state);
    }

    @Test
    void cutsTheExcerpt() {
        Delivery delivery = read(receipt("id:1 stat:DELIVRD err:000 Text:Your code is 4711"));

        assertThat(delivery.raw()).isEqualTo(Text.of("id:1 stat:DELIVRD err:000 Text:"));
    }

    @Test
    void isSilentAboutAReceiptWithoutId() {
        assertThat(maybe(receipt("stat:DELIVRD"))).isNull();
        assertThat(maybe(receipt("id:" + "1".repeat(250) + "123456 stat:DELIVRD")))
                .isNull();
    }

    @Test
    void takesIntermediateNotificationsAsNotFinal() {
        Delivery waiting = read(receipt("id:1 stat:UNDELIV").withEsmClass(0x20));

        assertThat(waiting.state()).isEqualTo(DeliveryState.BUFFERED);
        assertThat(waiting.reason()).isNull();
    }

    @Test
    void readsDatesInTheCarriersZone() {
        Delivery delivery = read(receipt("id:1 stat:DELIVRD done date:2601151301"), "receipt-zone", "Europe/Paris");

        assertThat(delivery.at()).isEqualTo(Instant.parse("2026-01-15T12:01:00Z"));
        assertThat(read(receipt("id:1 stat:DELIVRD done date:2601151900")).at()).isEqualTo(NOW);
        assertThat(read(receipt("id:1 stat:DELIVRD done date:2613451900")).at()).isEqualTo(NOW);
    }

    @Test
    void tellsReasonAndCode() {
        Delivery delivery = read(receipt("id:1 stat:UNDELIV err:053"), "receipt-codes", "53=OPTED_OUT");

        assertThat(delivery.reason()).isEqualTo(FailureClass.OPTED_OUT);
        assertThat(delivery.error()).extracting("code").isEqualTo("053");
    }

    @Test
    void doesNotBelieveATextThatLooksLikeAReceipt() {
        assertThat(Receipts.isReceipt(receipt("id:1 stat:DELIVRD").withEsmClass(0)))
                .isFalse();
        assertThat(Receipts.isReceipt(receipt("").withEsmClass(0x44))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        // What a receipt alone has, with or without words
        "true, '', true",
        "true, 'id:a1b2c3 stat:DELIVRD', true",
        // The state is in the text only
        "false, 'id:a1b2c3 sub:001 dlvrd:001 stat:DELIVRD err:000 text:STOP', true",
        "false, ' stat:DELIVRD id:a1b2c3', true",
        // What a person answers, where the carrier says to what
        "false, 'STOP', false",
        "false, '', false",
        "false, 'STOP id:a1b2c3 stat:DELIVRD', false",
        "false, 'id: 12', false",
        "false, 'Stat: 5 of 9', false"
    })
    void tellsAReceiptFromAnAnswerWhereTheClassNamesNeither(boolean withState, String text, boolean receipt) {
        Tlvs tlvs = Tlvs.NONE.with(Tag.RECEIPTED_MESSAGE_ID, "a1b2c3");
        ShortMessage message =
                receipt(text).withEsmClass(0).withTlvs(withState ? tlvs.with(Tag.MESSAGE_STATE, (byte) 2) : tlvs);

        assertThat(Receipts.isReceipt(message)).isEqualTo(receipt);
        assertThat(Receipts.isReceipt(message.withEsmClass(0x40))).isEqualTo(receipt);
        assertThat(Receipts.isReceipt(message.withEsmClass(0x10))).isFalse();
    }

    @Test
    void masksNumbersAndText() {
        assertThat(receipt("id:1 text:Hello").toString()).doesNotContain("336").doesNotContain("Hello");
        assertThat(read(receipt("id:1 stat:DELIVRD")))
                .extracting(Delivery::raw, type(Text.class))
                .hasToString("Text[17 chars]");
    }

    private static ShortMessage receipt(String text) {
        return ShortMessage.of(new Endpoint(1, 1, "33639980001"), new Endpoint(5, 0, "AVAL"))
                .withEsmClass(0x04)
                .withOctets(0, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static Delivery read(ShortMessage message, String... settings) {
        Delivery delivery = maybe(message, settings);
        assertThat(delivery).isNotNull();
        return delivery;
    }

    private static @Nullable Delivery maybe(ShortMessage message, String... settings) {
        CarrierConfiguration configuration = Accounts.configuration(2775, settings);
        SmppConfiguration.Reading reading = SmppConfiguration.of(configuration).reading();
        return new Receipts(
                        reading,
                        new MessageIds(reading.messageIdFormat()),
                        SmppOutcomes.with(reading.vendorCodes(), reading.receiptCodes()),
                        new Addresses(""),
                        Clock.fixed(NOW, ZoneOffset.UTC))
                .read(message);
    }
}
