// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.spi.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.HexFormat;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SegmentationTests {

    private static final SegmentationOptions WIDE = new SegmentationOptions(EncodingChoice.AUTO, Set.of(), true);

    @Test
    void holds160SeptetsAloneAnd153InEachOfSeveral() {
        assertThat(parts("a".repeat(160))).isEqualTo(1);
        assertThat(parts("a".repeat(161))).isEqualTo(2);
        assertThat(parts("a".repeat(306))).isEqualTo(2);
        assertThat(parts("a".repeat(307))).isEqualTo(3);
    }

    @Test
    void holds152SeptetsWithAWideReference() {
        assertThat(parts("a".repeat(160), WIDE)).isEqualTo(1);
        assertThat(parts("a".repeat(304), WIDE)).isEqualTo(2);
        assertThat(parts("a".repeat(305), WIDE)).isEqualTo(3);
    }

    @Test
    void holds70UnitsAloneAnd67InEachOfSeveral() {
        assertThat(parts("ж".repeat(70))).isEqualTo(1);
        assertThat(parts("ж".repeat(71))).isEqualTo(2);
        assertThat(parts("ж".repeat(134))).isEqualTo(2);
        assertThat(parts("ж".repeat(135))).isEqualTo(3);
    }

    @Test
    void holds66UnitsWithAWideReference() {
        assertThat(parts("ж".repeat(70), WIDE)).isEqualTo(1);
        assertThat(parts("ж".repeat(132), WIDE)).isEqualTo(2);
        assertThat(parts("ж".repeat(133), WIDE)).isEqualTo(3);
    }

    @Test
    void holds155And149SeptetsWithOneNationalTable() {
        SegmentationOptions single = tables(NationalShift.PORTUGUESE_SINGLE);
        SegmentationOptions locking = tables(NationalShift.TURKISH_LOCKING);

        assertThat(parts("ç" + "a".repeat(153), single)).isEqualTo(1);
        assertThat(parts("ç" + "a".repeat(154), single)).isEqualTo(2);
        assertThat(parts("ç" + "a".repeat(147 + 149), single)).isEqualTo(2);
        assertThat(parts("ç" + "a".repeat(147 + 150), single)).isEqualTo(3);
        assertThat(parts("ş" + "a".repeat(154), locking)).isEqualTo(1);
        assertThat(parts("ş" + "a".repeat(155), locking)).isEqualTo(2);
        assertThat(parts("ş" + "a".repeat(297), locking)).isEqualTo(2);
        assertThat(parts("ş" + "a".repeat(298), locking)).isEqualTo(3);
    }

    @Test
    void holds152And146SeptetsWithTwoNationalTables() {
        // ∞ is in the locking table only, Φ in the single shift only
        SegmentationOptions both = tables(NationalShift.PORTUGUESE_SINGLE, NationalShift.PORTUGUESE_LOCKING);

        assertThat(parts("∞Φ" + "a".repeat(149), both)).isEqualTo(1);
        assertThat(parts("∞Φ" + "a".repeat(150), both)).isEqualTo(2);
        assertThat(parts("∞Φ" + "a".repeat(143 + 146), both)).isEqualTo(2);
        assertThat(parts("∞Φ" + "a".repeat(143 + 147), both)).isEqualTo(3);
    }

    @Test
    void usesNoNationalTableWhereTheDefaultAlphabetWillDo() {
        Segmentation segmentation = Segmentation.of("a".repeat(160), tables(NationalShift.values()));

        assertThat(segmentation.parts()).isEqualTo(1);
        assertThat(segmentation.segments().get(0).header(7)).isEmpty();
    }

    @Test
    void choosesTheTableThatCostsTheFewestParts() {
        // 80 times ç: 160 septets by the single shift, 80 by the locking table
        Segmentation segmentation = Segmentation.of(
                "ç".repeat(80), tables(NationalShift.PORTUGUESE_SINGLE, NationalShift.PORTUGUESE_LOCKING));

        assertThat(segmentation.parts()).isEqualTo(1);
        assertThat(segmentation.units()).isEqualTo(80);
        assertThat(segmentation.segments().get(0).header(7)).containsExactly(3, 0x25, 1, 3);
    }

    @Test
    void neverSplitsAnEuroSign() {
        Segmentation alone = Segmentation.of("a".repeat(158) + "€", SegmentationOptions.DEFAULT);
        Segmentation over = Segmentation.of("a".repeat(159) + "€", SegmentationOptions.DEFAULT);
        Segmentation edge = Segmentation.of("a".repeat(152) + "€" + "a".repeat(151), SegmentationOptions.DEFAULT);

        assertThat(alone.parts()).isEqualTo(1);
        assertThat(over.parts()).isEqualTo(2);
        assertThat(over.units()).isEqualTo(161);
        // 305 septets in all, but the pair leaves one of the first part empty
        assertThat(edge.units()).isEqualTo(305);
        assertThat(edge.segments()).extracting(Segment::text).containsExactly("a".repeat(152), "€" + "a".repeat(151));
        assertThat(edge.segments().get(1).octets()).startsWith(0x1B, 0x65);
    }

    @Test
    void takesAThirdPartWhenSplitsLeaveGaps() {
        String text = "a".repeat(152) + "€" + "a".repeat(152);

        assertThat(Segmentation.of(text, SegmentationOptions.DEFAULT).units()).isEqualTo(306);
        assertThat(parts(text)).isEqualTo(3);
    }

    @Test
    void neverSplitsAnEmoji() {
        Segmentation alone = Segmentation.of("a".repeat(68) + "😀", SegmentationOptions.DEFAULT);
        Segmentation edge = Segmentation.of("a".repeat(66) + "😀" + "a".repeat(65), SegmentationOptions.DEFAULT);

        assertThat(alone.parts()).isEqualTo(1);
        assertThat(alone.units()).isEqualTo(70);
        assertThat(edge.segments()).extracting(Segment::text).containsExactly("a".repeat(66), "😀" + "a".repeat(65));
    }

    @Test
    void countsExtensionCharactersOnceInUcs2() {
        Segmentation segmentation = Segmentation.of("ж" + "€".repeat(69), SegmentationOptions.DEFAULT);

        assertThat(segmentation.encoding()).isEqualTo(Encoding.UCS2);
        assertThat(segmentation.units()).isEqualTo(70);
        assertThat(segmentation.parts()).isEqualTo(1);
    }

    @Test
    void namesOffendingCharactersWithPositionAndSuggestion() {
        Segmentation segmentation = Segmentation.of("C’est 😀 garçon", SegmentationOptions.DEFAULT);

        assertThat(segmentation.offendingCharacters())
                .containsExactly(
                        new OffendingCharacter(1, '’', "'"),
                        new OffendingCharacter(6, 0x1F600, null),
                        new OffendingCharacter(12, 'ç', "c"));
    }

    @Test
    void namesOnlyWhatTheBestPermittedTableLacks() {
        Segmentation segmentation = Segmentation.of("garçon naïf", tables(NationalShift.PORTUGUESE_SINGLE));

        assertThat(segmentation.offendingCharacters()).containsExactly(new OffendingCharacter(9, 'ï', "i"));
    }

    @Test
    void showsNothingOfTheTextInToString() {
        Segmentation segmentation = Segmentation.of("secret’s out", SegmentationOptions.DEFAULT);

        assertThat(segmentation.toString() + segmentation.segments() + segmentation.offendingCharacters())
                .doesNotContain("secret")
                .doesNotContain("’")
                .doesNotContain("8217");
    }

    @Test
    void doesNotFitWhenGsm7IsForcedAndCannotBe() {
        Segmentation segmentation = Segmentation.of("ж".repeat(71), SegmentationOptions.of(EncodingChoice.GSM7));

        assertThat(segmentation.fits()).isFalse();
        assertThat(segmentation.misfit()).isEqualTo(Segmentation.Misfit.NOT_IN_ALPHABET);
        assertThat(segmentation.encoding()).isEqualTo(Encoding.UCS2);
        assertThat(segmentation.parts()).isEqualTo(2);
        assertThatIllegalStateException().isThrownBy(segmentation::segments);
    }

    @Test
    void takesUcs2WhenForcedWhereGsm7WouldDo() {
        Segmentation segmentation = Segmentation.of("a".repeat(71), Encoding.UCS2);

        assertThat(segmentation.encoding()).isEqualTo(Encoding.UCS2);
        assertThat(segmentation.parts()).isEqualTo(2);
        assertThat(segmentation.offendingCharacters()).isEmpty();
    }

    @Test
    void reportsLoneSurrogates() {
        for (String text : new String[] {"a\uD83D", "\uDE00a", "\uD83Da", "\uDE00\uD83D"}) {
            for (EncodingChoice choice : EncodingChoice.values()) {
                Segmentation segmentation = Segmentation.of(text, SegmentationOptions.of(choice));

                assertThat(segmentation.misfit()).isEqualTo(Segmentation.Misfit.LONE_SURROGATE);
                assertThat(segmentation.offendingCharacters()).isNotEmpty();
            }
        }
        assertThat(Segmentation.of("a\uD83D", SegmentationOptions.DEFAULT).offendingCharacters())
                .containsExactly(new OffendingCharacter(1, 0xD83D, null));
    }

    @Test
    void takes255PartsAndNoMore() {
        Segmentation most = Segmentation.of("a".repeat(255 * 153), SegmentationOptions.DEFAULT);
        Segmentation more = Segmentation.of("a".repeat(255 * 153 + 1), SegmentationOptions.DEFAULT);

        assertThat(most.fits()).isTrue();
        assertThat(most.segments()).hasSize(255);
        assertThat(more.misfit()).isEqualTo(Segmentation.Misfit.TOO_MANY_PARTS);
        assertThat(more.parts()).isEqualTo(256);
    }

    @Test
    void takesOnePartForAnEmptyText() {
        assertThat(Segmentation.of("", SegmentationOptions.DEFAULT).segments())
                .singleElement()
                .satisfies(segment -> assertThat(segment.octets()).isEmpty());
    }

    @Test
    void writesTheHeaderOfEachPart() {
        String text = "a".repeat(161);

        assertThat(header(Segmentation.of(text, SegmentationOptions.DEFAULT), 2, 0x1CC))
                .isEqualTo("050003cc0202");
        assertThat(header(Segmentation.of(text, WIDE), 1, 0x1CC)).isEqualTo("06080401cc0201");
        assertThat(header(Segmentation.of("ç" + text, tables(NationalShift.SPANISH_SINGLE)), 1, 0xCC))
                .isEqualTo("080003cc0201240102");
        assertThat(header(
                        Segmentation.of(
                                "∞Φ" + text, tables(NationalShift.PORTUGUESE_SINGLE, NationalShift.PORTUGUESE_LOCKING)),
                        1,
                        0xCC))
                .isEqualTo("0b0003cc0201240103250103");
        assertThat(Segmentation.of("a", SegmentationOptions.DEFAULT)
                        .segments()
                        .get(0)
                        .header(1))
                .isEmpty();
    }

    @Test
    void encodesUcs2BigEndian() {
        Segmentation segmentation = Segmentation.of("Привет", SegmentationOptions.DEFAULT);

        assertThat(HexFormat.of().formatHex(segmentation.segments().get(0).octets()))
                .isEqualTo("041f04400438043204350442");
    }

    private static String header(Segmentation segmentation, int number, int reference) {
        return HexFormat.of().formatHex(segmentation.segments().get(number - 1).header(reference));
    }

    private static int parts(String text) {
        return parts(text, SegmentationOptions.DEFAULT);
    }

    private static int parts(String text, SegmentationOptions options) {
        Segmentation segmentation = Segmentation.of(text, options);
        assertThat(segmentation.segments()).hasSize(segmentation.parts());
        return segmentation.parts();
    }

    private static SegmentationOptions tables(NationalShift... tables) {
        return new SegmentationOptions(EncodingChoice.AUTO, Set.of(tables), false);
    }
}
