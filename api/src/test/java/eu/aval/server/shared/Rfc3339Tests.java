// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.DateTimeException;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class Rfc3339Tests {

    @Test
    void readsTimesWithTheirOffset() {
        assertThat(Rfc3339.parse("2026-12-01T09:00:00+01:00")).isEqualTo(Instant.parse("2026-12-01T08:00:00Z"));
        assertThat(Rfc3339.parse("2026-12-01t09:00:00z")).isEqualTo(Instant.parse("2026-12-01T09:00:00Z"));
    }

    @Test
    void keepsMicroseconds() {
        assertThat(Rfc3339.parse("2026-12-01T09:00:00.123456789Z"))
                .isEqualTo(Instant.parse("2026-12-01T09:00:00.123456Z"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2026-12-01",
                "2026-12-01T09:00:00",
                "2026-12-01T09:00:00+01:00[Europe/Paris]",
                "+10000-01-01T00:00:00Z",
                "+999999999-12-31T23:59:59-18:00",
                "-0001-01-01T00:00:00Z",
                "9999-12-31T23:59:59-01:00"
            })
    void refusesWhatNobodyCanKeep(String text) {
        assertThatExceptionOfType(DateTimeException.class).isThrownBy(() -> Rfc3339.parse(text));
    }
}
