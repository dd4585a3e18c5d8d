// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.accept;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.spi.submit.MessageClass;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the signs to {@code schema/classification/texts.tsv}. */
class PromotionalSignsTests {

    record Line(String label, String text) {}

    static Stream<Line> texts() throws IOException {
        try (InputStream file = PromotionalSignsTests.class.getResourceAsStream("/classification/texts.tsv")) {
            return new String(Objects.requireNonNull(file).readAllBytes(), UTF_8)
                    .lines()
                    .map(line -> line.split("\t", 2))
                    .map(cells -> new Line(cells[0], cells[1]));
        }
    }

    @ParameterizedTest
    @MethodSource("texts")
    void tellsPromotionsFromTheRest(Line line) {
        assertThat(PromotionalSigns.of(MessageClass.TRANSACTIONAL, line.text()).isEmpty())
                .isEqualTo(line.label().equals("OTHER"));
    }

    @ParameterizedTest
    @EnumSource(
            value = MessageClass.class,
            names = {"MARKETING", "SURVEY"})
    void leavesAloneWhatIsMeantToPromote(MessageClass promotional) {
        assertThat(PromotionalSigns.of(promotional, "Soldes : -50% sur tout, STOP 36180"))
                .isEmpty();
    }
}
