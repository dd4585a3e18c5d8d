// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.smpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import eu.aval.carrier.smpp.Pdu.Answer;
import eu.aval.carrier.smpp.Pdu.Bind;
import eu.aval.carrier.smpp.Pdu.Empty;
import eu.aval.carrier.smpp.Pdu.Endpoint;
import eu.aval.carrier.smpp.Pdu.Unreadable;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.CorruptedFrameException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.arbitraries.StringArbitrary;
import org.junit.jupiter.api.Test;

final class PduCodecTests {

    private static final String SUBMIT =
            "0000004d0000000400000000000000020005004d594252414e440001013333363132333435363738"
                    + "00000000003030303030303031303030303030305200010000000a43616605207f20351b65";

    private static final Endpoint BRAND = new Endpoint(5, 0, "MYBRAND");
    private static final Endpoint HANDSET = new Endpoint(1, 1, "33612345678");

    @Test
    void writesBind() {
        Pdu bind = Pdu.request(Command.BIND_TRANSCEIVER, 1, new Bind("user1", "secret", "", 0x34, 0, 0, ""));

        assertThat(hex(bind)).isEqualTo("00000022000000090000000000000001757365723100736563726574000034000000");
        assertThat(read(hex(bind))).isEqualTo(bind);
        assertThat(bind.toString()).doesNotContain("secret");
    }

    @Test
    void writesSubmitInGsm7WithValidity() {
        ShortMessage message = ShortMessage.of(BRAND, HANDSET)
                .withValidity("000000010000000R")
                .withRegisteredDelivery(1)
                .withOctets(0, ByteBufUtil.decodeHexDump("43616605207f20351b65"));

        assertThat(hex(Pdu.request(Command.SUBMIT_SM, 2, message))).isEqualTo(SUBMIT);
        assertThat(hex(read(SUBMIT))).isEqualTo(SUBMIT);
    }

    @Test
    void readsSubmitInUcs2() {
        String vector = "0000003f0000000400000000000000030005004d594252414e440001013333363132333435363738000000000000"
                + "010008000c041f04400438043204350442";

        ShortMessage message = (ShortMessage) read(vector).body();

        assertThat(DataCoding.decode(message.content(), message.dataCoding(), SmppConfiguration.Charset.GSM7))
                .isEqualTo("Привет");
        assertThat(hex(read(vector))).isEqualTo(vector);
    }

    @Test
    void readsPartWithHeader() {
        String vector = "0000003e0000000400000000000000040005004d594252414e440001013333363132333435363738004000000000"
                + "010000000b050003cc02014141414141";

        ShortMessage message = (ShortMessage) read(vector).body();

        assertThat(Concatenated.of(message)).isEqualTo(new Concatenated(0xCC, 2, 1));
        assertThat(Concatenated.text(message))
                .asString(StandardCharsets.US_ASCII)
                .isEqualTo("AAAAA");
        assertThat(hex(read(vector))).isEqualTo(vector);
    }

    @Test
    void writesSarParameters() {
        ByteBuf out = Unpooled.buffer();

        Tlvs.NONE
                .with(Tag.SAR_REFERENCE, (byte) 0, (byte) 0xCC)
                .with(Tag.SAR_TOTAL, (byte) 2)
                .with(Tag.SAR_NUMBER, (byte) 1)
                .write(out);

        assertThat(ByteBufUtil.hexDump(out)).isEqualTo("020c000200cc020e000102020f000101");
    }

    @Test
    void readsSubmitResponsesWithAndWithoutBody() {
        assertThat(read("0000001780000004000000000000000261316232633300"))
                .isEqualTo(new Pdu(Command.SUBMIT_SM_RESP, 0, 2, new Answer("a1b2c3", Tlvs.NONE)));
        assertThat(read("0000001180000004000000580000000200"))
                .isEqualTo(new Pdu(Command.SUBMIT_SM_RESP, 0x58, 2, new Answer("", Tlvs.NONE)));
        assertThat(read("00000010800000040000005800000002"))
                .isEqualTo(new Pdu(Command.SUBMIT_SM_RESP, 0x58, 2, new Answer("", Tlvs.NONE)));
        assertThat(read("00000010800000040000000000000002").body()).isEqualTo(Unreadable.BODY);
    }

    @Test
    void readsReceiptWithParameters() {
        ShortMessage receipt = (ShortMessage) read(Vectors.RECEIPT).body();

        assertThat(receipt.tlvs().findText(Tag.RECEIPTED_MESSAGE_ID)).isEqualTo("a1b2c3");
        assertThat(receipt.tlvs().findNumber(Tag.MESSAGE_STATE, -1)).isEqualTo(2);
        assertThat(hex(read(Vectors.RECEIPT))).isEqualTo(Vectors.RECEIPT);
    }

    @Test
    void readsEnquireLink() {
        assertThat(hex(Pdu.request(Command.ENQUIRE_LINK, 9, Empty.BODY))).isEqualTo("00000010000000150000000000000009");
        assertThat(read("00000010000000150000000000000009"))
                .isEqualTo(Pdu.request(Command.ENQUIRE_LINK, 9, Empty.BODY));
    }

    @Test
    void takesBodyThatEndsEarlyAsUnreadable() {
        String cut = "00000030" + SUBMIT.substring(8, 96);

        assertThat(read(cut).body()).isEqualTo(Unreadable.BODY);
    }

    @Test
    void refusesZeroWithinString() {
        Pdu pdu = Pdu.request(Command.SUBMIT_SM, 1, ShortMessage.of(new Endpoint(5, 0, "A\0B"), HANDSET));

        assertThatIllegalArgumentException().isThrownBy(() -> hex(pdu));
    }

    @Property
    void readsWhatItWrites(@ForAll("messages") ShortMessage message) {
        Pdu read = read(hex(Pdu.request(Command.SUBMIT_SM, 7, message)));

        assertThat(read.body()).usingRecursiveComparison().isEqualTo(message);
    }

    @Property
    void neverFailsOnAnyBody(@ForAll byte[] body, @ForAll int command) {
        ByteBuf in = Unpooled.buffer();
        in.writeInt(16 + body.length).writeInt(command).writeInt(0).writeInt(1).writeBytes(body);

        assertThat(PduCodec.read(in).command()).isEqualTo(command);
        assertThat(in.readableBytes()).isZero();
    }

    @Test
    void readsThousandsOfParametersAsFastAsOne() {
        ByteBuf parameters = Unpooled.buffer();
        for (int tag = 0; tag < 16_000; tag++) {
            parameters.writeShort(tag).writeShort(0);
        }

        Tlvs read = assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            Tlvs last = Tlvs.NONE;
            for (int i = 0; i < 500; i++) {
                last = Tlvs.read(parameters.resetReaderIndex(), parameters.writerIndex());
            }
            return last;
        });

        assertThat(read.find(15_999)).isEmpty();
        assertThat(read.find(16_000)).isNull();
    }

    @Test
    void readsFramesThatArriveOctetByOctet() {
        EmbeddedChannel channel = new EmbeddedChannel(new PduDecoder());
        byte[] two = ByteBufUtil.decodeHexDump(SUBMIT + "00000010000000150000000000000009");

        for (byte octet : two) {
            channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {octet}));
        }

        assertThat(channel.<Pdu>readInbound().command()).isEqualTo(Command.SUBMIT_SM);
        assertThat(channel.<Pdu>readInbound().command()).isEqualTo(Command.ENQUIRE_LINK);
    }

    @Test
    void refusesLengthsThatCannotBe() {
        for (String length : new String[] {"0000000f", "00010001", "ffffffff", "48545450"}) {
            EmbeddedChannel channel = new EmbeddedChannel(new PduDecoder());

            assertThatThrownBy(() -> channel.writeInbound(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(length))))
                    .isInstanceOf(CorruptedFrameException.class);
        }
    }

    @Provide
    Arbitrary<ShortMessage> messages() {
        StringArbitrary text = Arbitraries.strings().withCharRange('\u0001', '\u00FF');
        Arbitrary<Endpoint> endpoints = Combinators.combine(
                        Arbitraries.integers().between(0, 255),
                        Arbitraries.integers().between(0, 255),
                        text.ofMaxLength(20))
                .as(Endpoint::new);
        Arbitrary<byte[]> octets = Arbitraries.bytes().array(byte[].class).ofMaxSize(254);
        return Combinators.combine(
                        endpoints,
                        endpoints,
                        Arbitraries.integers().between(0, 255),
                        octets,
                        text.ofMaxLength(16),
                        octets)
                .as((from, to, number, content, validity, parameter) -> ShortMessage.of(from, to)
                        .withEsmClass(number)
                        .withRegisteredDelivery(255 - number)
                        .withValidity(validity)
                        .withOctets(number, content)
                        .withTlvs(Tlvs.NONE.with(number, parameter).with(0x1400, "x")));
    }

    private static Pdu read(String hex) {
        return PduCodec.read(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex)));
    }

    private static String hex(Pdu pdu) {
        ByteBuf out = Unpooled.buffer();
        PduCodec.write(out, pdu);
        return ByteBufUtil.hexDump(out);
    }
}
