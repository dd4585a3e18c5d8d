// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.io.buffer.DataBufferLimitException;

final class LineSplitterTests {

    /** Umlauts, so that a chunk ends in the middle of a character too. */
    private static final String TEXT = "{\"a\":\"é\"}\r\n\n  \n{\"b\":2}\n{\"c\":\"ü\"}";

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 100})
    void findsTheSameLinesHoweverTheyAreCut(int chunk) {
        assertThat(split(new LineSplitter(20), TEXT, chunk))
                .containsExactly("{\"a\":\"é\"}\r", "{\"b\":2}", "{\"c\":\"ü\"}");
    }

    @Test
    void hasNothingLeftAfterALineFeed() {
        assertThat(split(new LineSplitter(20), "1\n2\n", 2)).containsExactly("1", "2");
        assertThat(split(new LineSplitter(20), "", 1)).isEmpty();
    }

    @Test
    void takesLinesOfTheLimitAndNoLonger() {
        assertThat(split(new LineSplitter(4), "1234\n5678", 3)).containsExactly("1234", "5678");
        assertThatExceptionOfType(DataBufferLimitException.class)
                .isThrownBy(() -> split(new LineSplitter(4), "12345\n", 3));
        assertThatExceptionOfType(DataBufferLimitException.class)
                .isThrownBy(() -> split(new LineSplitter(4), "1\n2345678", 100));
    }

    private static List<String> split(LineSplitter splitter, String text, int chunk) {
        byte[] octets = text.getBytes(UTF_8);
        List<byte[]> lines = new ArrayList<>();
        for (int from = 0; from < octets.length; from += chunk) {
            lines.addAll(
                    splitter.add(java.util.Arrays.copyOfRange(octets, from, Math.min(octets.length, from + chunk))));
        }
        lines.addAll(splitter.rest());
        return lines.stream().map(line -> new String(line, UTF_8)).toList();
    }
}
