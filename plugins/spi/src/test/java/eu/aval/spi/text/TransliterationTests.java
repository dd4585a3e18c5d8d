// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.spi.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TransliterationTests {

    @Test
    void countsFrenchAsItIs() {
        assertThat(Gsm7.canEncode("àäæéèùüÄÆÇÉÜ€")).isTrue();
        for (char character : "âçêëîïôœûÿÀÂÈÊËÎÏÔŒÙÛŸ«»’“”…–—\u00A0\u202F".toCharArray()) {
            assertThat(Gsm7.canEncode(String.valueOf(character))).isFalse();
        }
    }

    @Test
    void replacesWhatGsm7Lacks() {
        assertThat(Transliteration.french("’‘“”«»…–—\u00A0\u202F")).isEqualTo("''\"\"\"\"...--  ");
        assertThat(Transliteration.french("œçâêëîïôûÿ")).isEqualTo("oecaeeiiouy");
        assertThat(Transliteration.french("ŒÀÂÈÊËÎÏÔÙÛŸ")).isEqualTo("OEAAEEEIIOUUY");
    }

    @Test
    void keepsWhatGsm7Has() {
        String text = "éèàùÉÇ äöüñßæø €{}[]";

        assertThat(Transliteration.french(text)).isSameAs(text);
    }

    @Test
    void keepsWhatItDoesNotKnow() {
        assertThat(Transliteration.french("ça 😀 ж")).isEqualTo("ca 😀 ж");
    }

    @Test
    void bringsAFrenchSentenceBackToOnePart() {
        String text = "Bonjour, votre commande n’est pas encore arrivée : « où êtes-vous ? » Le garçon naïf…"
                + " attend dès 8 h à l’hôtel.";

        assertThat(Segmentation.of(text, SegmentationOptions.DEFAULT).parts()).isEqualTo(2);
        assertThat(Segmentation.of(Transliteration.french(text), SegmentationOptions.DEFAULT)
                        .parts())
                .isEqualTo(1);
    }

    @Test
    void joinsAccentsThatStandApart() {
        assertThat(Transliteration.french("e\u0301te\u0301 franc\u0327ais")).isEqualTo("été francais");
        assertThat(Transliteration.french("œ\u0301")).isEqualTo("oé");
    }
}
