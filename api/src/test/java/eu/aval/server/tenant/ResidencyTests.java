// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

final class ResidencyTests {

    @Test
    void coversTheCountriesOfTheEeaAndNoOthers() {
        assertThat(Residency.STANDARD.covers(Set.of("FR", "NO", "IS", "LI"))).isTrue();
        assertThat(Residency.STANDARD.covers(Set.of("FR", "CH"))).isFalse();
        assertThat(Residency.STANDARD.covers(Set.of("GB"))).isFalse();
    }

    @Test
    void doesNotCoverWhatIsNotDeclared() {
        assertThat(Residency.STANDARD.covers(Set.of())).isFalse();
    }

    @Test
    void addsCountriesToTheEea() {
        assertThat(new Residency(Set.of("EEA", "CH")).covers(Set.of("CH", "DE")))
                .isTrue();
    }

    @Test
    void canBeNarrowerThanTheEea() {
        assertThat(new Residency(Set.of("FR")).covers(Set.of("FR", "DE"))).isFalse();
    }

    @Test
    void isMadeOfCountries() {
        assertThat(Residency.STANDARD.isValid()).isTrue();
        assertThat(new Residency(Set.of()).isValid()).isFalse();
        assertThat(new Residency(Set.of("EU")).isValid()).isFalse();
    }
}
