// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import io.r2dbc.spi.R2dbcNonTransientResourceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

final class StoreFailuresTests {

    @Test
    void blamesTheDatabaseForAConnectionThatBroke() {
        Throwable translated = StoreFailures.translate(new IllegalStateException(new SocketException("reset")));

        assertThat(translated)
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.type()).isEqualTo(ProblemType.STORE_UNAVAILABLE));
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void tellsAnAdministratorWhatTheDatabaseLacks(CapturedOutput output) {
        StoreFailures.translate(new R2dbcNonTransientResourceException("values", "25006"));
        StoreFailures.translate(new R2dbcNonTransientResourceException("values", "53300"));
        StoreFailures.translate(new R2dbcNonTransientResourceException("values", "08P01"));

        assertThat(output)
                .contains("it is read-only", "all its connections are taken", "Connect to PostgreSQL itself")
                .doesNotContain("values");
    }

    @Test
    void doesNotBlameTheDatabaseForAFileOfTheServer() {
        IOException missing = new NoSuchFileException("kek.json");
        Throwable failure = new IllegalStateException(new UncheckedIOException("The key file cannot be read", missing));

        assertThat(StoreFailures.translate(failure)).isSameAs(failure);
    }
}
