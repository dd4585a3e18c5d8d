// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.spi.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

final class SegmentationPropertyTests {

    private static final String GSM7 =
            "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./09:;<=>?¡AZÄÖÑÜ§¿azäöñüà\f^{}\\[~]|€";

    private static final String NATIONAL = "ĞğİıŞşçÁáÍíÓóÚúêÔôÀÊÃãÕõÂâΦΓΩΠΨΣΘªº∞`";

    @Property
    void decodesWhatItEncoded(@ForAll("gsm7") String text) {
        assertThat(Gsm7.decode(Gsm7.encode(text))).isEqualTo(text);
        assertThat(Segmentation.of(text, SegmentationOptions.DEFAULT).units()).isEqualTo(Gsm7.encode(text).length);
    }

    @Property
    void decodesWhatItEncodedWithNationalTables(@ForAll("mixed") String text, @ForAll NationalShift table) {
        Segmentation segmentation = Segmentation.of(text, options(EncodingChoice.AUTO, Set.of(table), false));

        if (segmentation.encoding() == Encoding.GSM7 && segmentation.fits()) {
            for (Segment segment : segmentation.segments()) {
                Set<NationalShift> used =
                        segment.header(1).length == 0 || Gsm7.canEncode(text) ? Set.of() : Set.of(table);
                assertThat(Gsm7.decode(segment.octets(), used)).isEqualTo(segment.text());
            }
        }
    }

    @Property
    void joinsToTheText(
            @ForAll("mixed") String text,
            @ForAll EncodingChoice choice,
            @ForAll Set<NationalShift> tables,
            @ForAll boolean wide) {
        Segmentation segmentation = Segmentation.of(text, options(choice, tables, wide));

        if (segmentation.fits()) {
            StringBuilder joined = new StringBuilder();
            segmentation.segments().forEach(segment -> joined.append(segment.text()));
            assertThat(joined.toString()).isEqualTo(text);
            assertThat(segmentation.segments())
                    .extracting(Segment::number)
                    .isSorted()
                    .doesNotHaveDuplicates();
        }
    }

    @Property
    void keepsEachPartWithinOneShortMessage(
            @ForAll("mixed") String text,
            @ForAll EncodingChoice choice,
            @ForAll Set<NationalShift> tables,
            @ForAll boolean wide) {
        Segmentation segmentation = Segmentation.of(text, options(choice, tables, wide));

        if (segmentation.fits()) {
            for (Segment segment : segmentation.segments()) {
                int header = 8 * segment.header(1).length;
                int body = segment.encoding() == Encoding.GSM7
                        // The text starts at a septet boundary after the header
                        ? (header + 6) / 7 * 7 - header + 7 * segment.octets().length
                        : 8 * segment.octets().length;
                assertThat(header + body).isLessThanOrEqualTo(8 * 140);
            }
        }
    }

    @Property
    void leavesNoRoomForTheNextCharacter(@ForAll("mixed") String text, @ForAll EncodingChoice choice) {
        Segmentation segmentation = Segmentation.of(text, SegmentationOptions.of(choice));

        if (segmentation.fits() && segmentation.parts() > 1) {
            List<Segment> segments = segmentation.segments();
            for (int i = 0; i + 1 < segments.size(); i++) {
                String next = segments.get(i + 1).text();
                String more = segments.get(i).text() + next.substring(0, next.offsetByCodePoints(0, 1));
                boolean gsm7 = segmentation.encoding() == Encoding.GSM7;
                assertThat(gsm7 ? Gsm7.encode(more).length : more.length()).isGreaterThan(gsm7 ? 153 : 67);
            }
        }
    }

    @Property
    void splitsNoPair(@ForAll("mixed") String text, @ForAll EncodingChoice choice) {
        Segmentation segmentation = Segmentation.of(text, SegmentationOptions.of(choice));

        if (segmentation.fits()) {
            for (Segment segment : segmentation.segments()) {
                if (segment.encoding() == Encoding.GSM7) {
                    assertThat(HexFormat.of().formatHex(segment.octets())).doesNotEndWith("1b");
                } else if (!segment.text().isEmpty()) {
                    assertThat(Character.isLowSurrogate(segment.text().charAt(0)))
                            .isFalse();
                }
            }
        }
    }

    @Property
    void neverThrowsAndSaysWhyNot(
            @ForAll String text, @ForAll EncodingChoice choice, @ForAll Set<NationalShift> tables) {
        Segmentation segmentation = Segmentation.of(text, options(choice, tables, false));

        boolean paired = text.codePoints().noneMatch(point -> point >= 0xD800 && point <= 0xDFFF);
        assertThat(segmentation.misfit() == Segmentation.Misfit.LONE_SURROGATE).isEqualTo(!paired);
        assertThat(segmentation.parts()).isPositive();
    }

    @Property
    void isInGsm7WithoutTheOffendingCharacters(@ForAll("mixed") String text, @ForAll Set<NationalShift> tables) {
        SegmentationOptions options = options(EncodingChoice.AUTO, tables, false);
        StringBuilder rest = new StringBuilder(text);
        List<OffendingCharacter> offending = Segmentation.of(text, options).offendingCharacters();
        for (int i = offending.size() - 1; i >= 0; i--) {
            OffendingCharacter character = offending.get(i);
            assertThat(text.codePointAt(character.position())).isEqualTo(character.codePoint());
            rest.delete(character.position(), character.position() + Character.charCount(character.codePoint()));
        }

        assertThat(Segmentation.of(rest.toString(), options).encoding()).isEqualTo(Encoding.GSM7);
    }

    @Property
    void costsNoMorePartsThanUcs2(@ForAll("mixed") String text, @ForAll Set<NationalShift> tables) {
        assertThat(Segmentation.of(text, options(EncodingChoice.AUTO, tables, false))
                        .parts())
                .isLessThanOrEqualTo(Segmentation.of(text, Encoding.UCS2).parts());
    }

    @Property
    void splitsAlikeByOptionsAndByTheEncodingTheyChose(@ForAll("mixed") String text) {
        Segmentation counted = Segmentation.of(text, SegmentationOptions.DEFAULT);
        Segmentation sent = Segmentation.of(text, counted.encoding());

        assertThat(sent.parts()).isEqualTo(counted.parts());
        assertThat(sent.fits()).isEqualTo(counted.fits());
        if (sent.fits()) {
            assertThat(sent.segments())
                    .extracting(Segment::text)
                    .isEqualTo(counted.segments().stream().map(Segment::text).toList());
        }
    }

    @Property
    void transliteratesOnceAndForAll(@ForAll String text) {
        String plain = Transliteration.french(text);

        assertThat(Transliteration.french(plain)).isEqualTo(plain);
    }

    @Provide
    Arbitrary<String> gsm7() {
        return Arbitraries.strings().withChars(GSM7.toCharArray()).ofMaxLength(700);
    }

    /** Mostly GSM-7 with pairs of both kinds around the edges of parts, so that the edges are met. */
    @Provide
    Arbitrary<String> mixed() {
        Arbitrary<String> run = Arbitraries.integers().between(0, 160).map("a"::repeat);
        Arbitrary<String> piece = Arbitraries.frequencyOf(
                Tuple.of(4, run),
                Tuple.of(3, Arbitraries.strings().withChars(GSM7.toCharArray()).ofMaxLength(8)),
                Tuple.of(
                        1,
                        Arbitraries.strings().withChars(NATIONAL.toCharArray()).ofMaxLength(4)),
                Tuple.of(1, Arbitraries.of("😀", "👩‍👩‍👧", "ж", "’", "")));
        return piece.list().ofMaxSize(8).map(pieces -> String.join("", pieces));
    }

    private static SegmentationOptions options(EncodingChoice choice, Set<NationalShift> tables, boolean wide) {
        return new SegmentationOptions(choice, tables, wide);
    }
}
