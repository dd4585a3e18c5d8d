// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.smpp;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.carrier.smpp.SmppConfiguration.MessageIdFormat;
import org.junit.jupiter.api.Test;

final class MessageIdsTests {

    @Test
    void comparesWithoutCaseAndLeadingZeros() {
        MessageIds ids = new MessageIds(MessageIdFormat.AS_IS);

        assertThat(ids.submitted("00A1B2")).isEqualTo("a1b2");
        assertThat(ids.candidates("a1b2 ")).containsExactly("a1b2");
        assertThat(ids.submitted("000")).isEqualTo("0");
        assertThat(ids.submitted("01M-Xyz")).isEqualTo("01m-xyz");
    }

    @Test
    void turnsDecimalReceiptsIntoHexadecimal() {
        MessageIds ids = new MessageIds(MessageIdFormat.SUBMIT_HEX_RECEIPT_DEC);

        assertThat(ids.candidates("1749746255")).containsExactly("684b024f", "1749746255");
        assertThat(ids.candidates("01749746255")).first().isEqualTo("684b024f");
        assertThat(ids.candidates("340282366920938463463374607431768211455"))
                .containsExactly("340282366920938463463374607431768211455");
    }

    @Test
    void turnsHexadecimalReceiptsIntoDecimal() {
        MessageIds ids = new MessageIds(MessageIdFormat.SUBMIT_DEC_RECEIPT_HEX);

        assertThat(ids.candidates("684B024F")).containsExactly("1749746255", "684b024f");
        assertThat(ids.candidates("not-a-number")).containsExactly("not-a-number");
    }

    @Test
    void learnsWhichWayTheCarrierWrites() {
        MessageIds ids = new MessageIds(MessageIdFormat.AUTO);
        ids.submitted("684b024f");

        assertThat(ids.candidates("1749746255")).first().isEqualTo("684b024f");
        // From then on also for one it does not remember
        assertThat(ids.candidates("16")).first().isEqualTo("10");
    }

    @Test
    void takesIdsAsTheyAreUntilItKnowsBetter() {
        MessageIds ids = new MessageIds(MessageIdFormat.AUTO);

        assertThat(ids.candidates("16")).containsExactly("16", "10", "22");
    }
}
