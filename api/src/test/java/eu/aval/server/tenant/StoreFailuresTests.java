// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import io.r2dbc.spi.R2dbcNonTransientResourceException;
import io.r2dbc.spi.R2dbcPermissionDeniedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.nio.file.NoSuchFileException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StoreFailuresTests {

    @Test
    void blamesTheDatabaseForAConnectionThatBroke() {
        Throwable translated = StoreFailures.translate(new IllegalStateException(new SocketException("reset")));

        assertThat(translated)
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.type()).isEqualTo(ProblemType.STORE_UNAVAILABLE));
    }

    /** A password that was changed while the server runs, a database that is being restored, a process that was asleep. */
    @ParameterizedTest
    @ValueSource(strings = {"28P01", "28000", "3D000", "25P03", "53300", "57P01", "08006"})
    void askToComeAgain(String state) {
        assertThat(StoreFailures.translate(new R2dbcPermissionDeniedException("refused", state)))
                .isInstanceOfSatisfying(Problem.class, problem -> {
                    assertThat(problem.type()).isEqualTo(ProblemType.STORE_UNAVAILABLE);
                    assertThat(problem.retryAfter()).isPositive();
                });
    }

    @Test
    void tellsAnAdministratorWhatTheDatabaseLacks() {
        assertThat(Stream.of("25006", "53300", "08P01", "57P01")
                        .map(state ->
                                StoreFailures.description(new R2dbcNonTransientResourceException("values", state))))
                .satisfiesExactly(
                        readOnly -> assertThat(readOnly).contains("it is read-only"),
                        taken -> assertThat(taken).contains("all its connections are taken"),
                        pooler -> assertThat(pooler).contains("Connect to PostgreSQL itself"),
                        any -> assertThat(any).isEqualTo("R2dbcNonTransientResourceException 57P01"));
    }

    @Test
    void doesNotBlameTheDatabaseForAFileOfTheServer() {
        IOException missing = new NoSuchFileException("kek.json");
        Throwable failure = new IllegalStateException(new UncheckedIOException("The key file cannot be read", missing));

        assertThat(StoreFailures.translate(failure)).isSameAs(failure);
    }
}
