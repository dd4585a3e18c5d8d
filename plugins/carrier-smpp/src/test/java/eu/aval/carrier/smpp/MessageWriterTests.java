// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.smpp;

import static eu.aval.carrier.smpp.Accounts.builder;
import static eu.aval.carrier.smpp.Accounts.outcome;
import static eu.aval.carrier.smpp.Accounts.submit;
import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.spi.Carrier;
import eu.aval.spi.text.Encoding;
import eu.aval.tck.TestingCarrierContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the peer reads, by the settings of the account. */
final class MessageWriterTests {

    private static final String TWO_PARTS = "0123456789".repeat(20);

    private final FakeSmsc smsc = FakeSmsc.start();
    private final List<Carrier> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(Accounts::close);
        smsc.close();
    }

    @Test
    void joinsPartsAsTheAccountSays() {
        submit(open("concatenation", "udh16"), TWO_PARTS);
        submit(open("concatenation", "sar"), TWO_PARTS);
        submit(open("concatenation", "payload"), TWO_PARTS);

        List<ShortMessage> submits = smsc.submits();
        assertThat(submits).hasSize(5);
        assertThat(submits.get(0).octets()).startsWith(6, 8, 4).hasSize(7 + 152);
        assertThat(submits.get(2).tlvs().findNumber(Tag.SAR_TOTAL, 0)).isEqualTo(2);
        assertThat(submits.get(2).esmClass()).isZero();
        assertThat(submits.get(2).octets()).hasSize(153);
        assertThat(submits.get(4).content()).hasSize(200);
        assertThat(submits.get(4).octets()).isEmpty();
    }

    @Test
    void sendsNoParametersToAnOldPeer() {
        smsc.withBindParameters(Tlvs.NONE);

        submit(open("concatenation", "sar"), TWO_PARTS);

        assertThat(smsc.submits()).hasSize(2).allSatisfy(part -> {
            assertThat(part.tlvs().isEmpty()).isTrue();
            assertThat(part.esmClass()).isEqualTo(ShortMessage.HEADER);
        });
    }

    @Test
    void writesInTheCarriersCharset() {
        submit(open(), "Café à 5€");
        submit(open("text-coding", "latin1"), "Café");
        submit(open("charset", "latin1"), "Café à 5€");
        outcome(open().submit(builder("ça").encoding(Encoding.UCS2).build()));

        List<ShortMessage> submits = smsc.submits();
        assertThat(submits).extracting(ShortMessage::dataCoding).containsExactly(0, 3, 8, 8);
        assertThat(submits.get(0).octets()).containsExactly(0x43, 0x61, 0x66, 5, 0x20, 0x7F, 0x20, 0x35, 0x1B, 0x65);
        assertThat(submits.get(1).octets()).containsExactly('C', 'a', 'f', 0xE9);
        assertThat(submits.get(3).octets()).containsExactly(0, 0xE7, 0, 'a');
    }

    @Test
    void writesAddressesValidityAndReceiptAsTheAccountSays() {
        Carrier carrier = open("number-prefix", "plus", "international-ton-npi", "1/0");
        outcome(carrier.submit(
                builder("Hello").validity(Duration.ofMinutes(90)).receipt(false).build()));
        submit(carrier, "Hello");

        ShortMessage first = smsc.submits().getFirst();
        assertThat(first.destination()).isEqualTo(new Pdu.Endpoint(1, 0, "+33639980001"));
        assertThat(first.source()).isEqualTo(new Pdu.Endpoint(5, 0, "AVAL"));
        assertThat(first.validity()).isEqualTo("000000013000000R");
        assertThat(first.registeredDelivery()).isZero();
        assertThat(smsc.submits().get(1).registeredDelivery()).isEqualTo(1);
    }

    private Carrier open(String... settings) {
        Carrier carrier = Accounts.bound(new TestingCarrierContext("test"), smsc.port(), settings);
        opened.add(carrier);
        return carrier;
    }
}
