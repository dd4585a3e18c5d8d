// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.inbound.reply;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

/** Holds the parser to {@code schema/inbound/replies.tsv}. */
final class ReplyReaderTests {

    /** One line of the corpus. */
    private record Line(String language, String text, Meaning meaning) {}

    private static final Pattern ESCAPE = Pattern.compile("\\\\(n|r|t|\\\\|u([0-9A-F]{4}))");

    private final List<Line> corpus = corpus();

    @Test
    void corpusIsLargeAndHasAllMeanings() {
        assertThat(corpus).hasSizeGreaterThan(700);
        assertThat(corpus.stream().map(Line::text)).doesNotHaveDuplicates();
        for (Meaning meaning : Meaning.values()) {
            assertThat(corpus.stream().filter(line -> line.meaning() == meaning))
                    .as(meaning.name())
                    .hasSizeGreaterThan(20);
        }
    }

    @Test
    void missesNoStop() {
        assertThat(corpus.stream()
                        .filter(line -> line.meaning() == Meaning.STOP)
                        .filter(line -> ReplyReader.read(line.text()).meaning() != Meaning.STOP))
                .isEmpty();
    }

    @Test
    void takesNothingElseForAStop() {
        assertThat(corpus.stream()
                        .filter(line -> line.meaning() != Meaning.STOP)
                        .filter(line -> ReplyReader.read(line.text()).meaning() == Meaning.STOP))
                .isEmpty();
    }

    @Test
    void readsEveryOtherLineAsItIsMeant() {
        assertThat(corpus.stream().filter(line -> ReplyReader.read(line.text()).meaning() != line.meaning()))
                .isEmpty();
    }

    @Test
    void noticesWhatIsToStop() {
        assertThat(ReplyReader.read("STOP ALL").everything()).isTrue();
        assertThat(ReplyReader.read("Arrêtez tout svp").everything()).isTrue();
        assertThat(ReplyReader.read("Stop tout de suite").everything()).isFalse();
        assertThat(ReplyReader.read("STOP").everything()).isFalse();
        assertThat(ReplyReader.read("STOP au 36 180 svp").number()).isEqualTo("36180");
        assertThat(ReplyReader.read("STOP 1").number()).isNull();
        assertThat(ReplyReader.read("STOP").number()).isNull();
    }

    @Test
    void noticesTheLanguage() {
        assertThat(ReplyReader.read("arrêt svp").language()).isEqualTo(Reply.Language.FRENCH);
        assertThat(ReplyReader.read("unsubscribe").language()).isEqualTo(Reply.Language.ENGLISH);
        assertThat(ReplyReader.read("STOP").language()).isNull();
    }

    @Test
    void showsNoNumber() {
        assertThat(ReplyReader.read("STOP 33612345678").toString()).doesNotContain("33612345678");
    }

    @Test
    void readsTheBeginningOfALetter() {
        assertThat(ReplyReader.read("STOP. " + "a ".repeat(100_000)).meaning()).isEqualTo(Meaning.STOP);
        assertThat(ReplyReader.read("\ud800".repeat(5_000) + " STOP").meaning()).isEqualTo(Meaning.NONE);
    }

    @Property(tries = 2_000)
    void neverFails(@ForAll @StringLength(max = 300) String text) {
        assertThat(ReplyReader.read(text)).isNotNull();
    }

    private static List<Line> corpus() {
        try (InputStream file = ReplyReaderTests.class.getResourceAsStream("/inbound/replies.tsv")) {
            return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("# ") && !line.startsWith("language\t"))
                    .map(line -> line.split("\t", -1))
                    .map(fields -> new Line(fields[0], written(fields[1]), Meaning.valueOf(fields[2])))
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String written(String field) {
        return ESCAPE.matcher(field).replaceAll(ReplyReaderTests::character);
    }

    private static String character(MatchResult escape) {
        return switch (escape.group(1).charAt(0)) {
            case 'n' -> "\n";
            case 'r' -> "\r";
            case 't' -> "\t";
            case '\\' -> "\\\\";
            default -> {
                char value = (char) Integer.parseInt(escape.group(2), 16);
                yield value == '\\' || value == '$' ? "\\" + value : String.valueOf(value);
            }
        };
    }
}
