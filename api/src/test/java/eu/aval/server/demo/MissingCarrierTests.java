// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.demo;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.carrier.CarrierPlugin;
import eu.aval.server.shared.CannotStart;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MissingCarrierTests {

    private static final Path DIRECTORY = Path.of("/srv/aval/carriers");
    private static final Problem UNKNOWN = new Problem(
            ProblemType.INVALID_REQUEST,
            "The account has invalid fields.",
            List.of(new Problem.Field("/carrierId", "UNKNOWN", "Is not there")));

    @Test
    void namesTheCarrierAndTheDirectoryWhenThereIsNoJarAtAll() {
        CannotStart failure = MissingCarrier.of("simulator", List.of(), DIRECTORY, UNKNOWN);

        assertThat(failure.reason()).contains("'simulator'", "class path", "/srv/aval/carriers", "found none.");
        assertThat(failure.remedy()).contains("./mvnw package", "AVAL_DEMO=false");
    }

    @Test
    void saysWhatBecameOfEachJarThatIsThere() {
        CarrierPlugin refused = new CarrierPlugin(
                "carrier-simulator.jar",
                "ab".repeat(32),
                true,
                CarrierPlugin.State.REFUSED,
                "simulator",
                "9.0.0",
                "It needs another version of the SPI",
                null);
        CarrierPlugin revoked = new CarrierPlugin(
                "old.jar", "cd".repeat(32), false, CarrierPlugin.State.REVOKED, null, null, null, null);

        CannotStart failure = MissingCarrier.of("simulator", List.of(refused, revoked), DIRECTORY, UNKNOWN);

        assertThat(failure.reason())
                .contains("carrier-simulator.jar (REFUSED: It needs another version of the SPI), old.jar (REVOKED).");
    }

    @Test
    void leavesOtherFailuresAlone() {
        assertThat(MissingCarrier.isMeant(UNKNOWN)).isTrue();
        assertThat(MissingCarrier.isMeant(new Problem(ProblemType.CONFLICT, "Taken")))
                .isFalse();
        assertThat(MissingCarrier.isMeant(new IllegalStateException())).isFalse();
    }
}
