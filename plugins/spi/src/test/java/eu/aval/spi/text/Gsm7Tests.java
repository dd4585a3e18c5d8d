// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.spi.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HexFormat;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class Gsm7Tests {

    private static final String DEFAULT_TABLE = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
            + "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

    @Test
    void encodesTheWholeDefaultTableInItsOrder() {
        byte[] septets = Gsm7.encode(DEFAULT_TABLE);

        assertThat(septets).hasSize(127);
        for (int i = 0; i < septets.length; i++) {
            assertThat((int) septets[i]).isEqualTo(i < 0x1B ? i : i + 1);
        }
        assertThat(Gsm7.decode(septets)).isEqualTo(DEFAULT_TABLE);
    }

    @Test
    void encodesAnExtensionCharacterAsEscapeAndSeptet() {
        assertThat(hex("\f^{}\\[~]|€")).isEqualTo("1b0a1b141b281b291b2f1b3c1b3d1b3e1b401b65");
        assertThat(hex("Café à 5€")).isEqualTo("43616605207f20351b65");
    }

    @Test
    void encodesWithNationalTables() {
        assertThat(Gsm7.encode("ç", Set.of(NationalShift.PORTUGUESE_SINGLE))).containsExactly(0x1B, 0x09);
        assertThat(Gsm7.encode("ç", Set.of(NationalShift.PORTUGUESE_LOCKING))).containsExactly(0x09);
        assertThat(Gsm7.encode("İş", Set.of(NationalShift.TURKISH_SINGLE, NationalShift.TURKISH_LOCKING)))
                .containsExactly(0x40, 0x1D);
        assertThat(Gsm7.encode("€", Set.of(NationalShift.TURKISH_LOCKING))).containsExactly(0x04);
        assertThat(Gsm7.decode(new byte[] {0x40, 0x1B, 0x09}, Set.of(NationalShift.SPANISH_SINGLE)))
                .isEqualTo("¡ç");
    }

    @Test
    void keepsTheExtensionBesideANationalTable() {
        for (NationalShift table : NationalShift.values()) {
            assertThat(Gsm7.decode(Gsm7.encode("^{}\\[~]|€", Set.of(table)), Set.of(table)))
                    .isEqualTo("^{}\\[~]|€");
        }
    }

    @Test
    void refusesTwoTablesOfOneKind() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Gsm7.encode("x", Set.of(NationalShift.TURKISH_SINGLE, NationalShift.SPANISH_SINGLE)))
                .withMessageContaining("single");
    }

    @Test
    void saysWhereAndNotWhatItCannotEncode() {
        assertThat(Gsm7.canEncode("garçon")).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Gsm7.encode("garçon"))
                .withMessageContaining("position 3")
                .withMessageNotContaining("ç")
                .withMessageNotContaining("gar");
    }

    @Test
    void readsWhatPeersGetWrong() {
        assertThat(Gsm7.decode(new byte[] {0x1B, 0x61})).isEqualTo("a");
        assertThat(Gsm7.decode(new byte[] {0x61, 0x1B})).isEqualTo("a ");
        assertThat(Gsm7.decode(new byte[] {0x1B, 0x1B, 0x65})).isEqualTo(" e");
        assertThat(Gsm7.decode(new byte[] {(byte) 0xE9, 0x61})).isEqualTo("\uFFFDa");
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(Gsm7.encode(text));
    }
}
