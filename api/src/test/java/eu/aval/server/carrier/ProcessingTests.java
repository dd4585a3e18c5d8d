// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.carrier.Processing.Transfer;
import eu.aval.server.shared.Problem;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ProcessingTests {

    @Test
    void asksForATransferMechanismOutsideTheEea() {
        assertThat(new Processing(Set.of("FR", "US"), null).defects())
                .extracting(Problem.Field::pointer)
                .containsExactly("/transferMechanism");
        assertThat(new Processing(Set.of("FR", "US"), Transfer.ADEQUACY_DECISION).defects())
                .isEmpty();
    }

    @Test
    void asksForNoneWithinTheEea() {
        assertThat(new Processing(Set.of("FR", "NO"), null).defects()).isEmpty();
    }

    @Test
    void knowsCountriesOnly() {
        assertThat(new Processing(Set.of("EEA"), null).defects())
                .extracting(Problem.Field::pointer)
                .containsExactly("/processingCountries");
    }

    @Test
    void mayBeLeftUndeclared() {
        assertThat(Processing.UNDECLARED.defects()).isEmpty();
    }
}
