// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.consent.store;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import eu.aval.server.shared.Problem;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SenderFormTests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "36180",
                "https://acme.example/stop",
                "https://acme.example",
                "https://a-b.example:8443/s?c=1&d=%20",
            })
    void takesShortCodesAndAddressesForARouteOfStops(String route) {
        assertThatCode(() -> SenderForm.checkStopRoute(route)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "STOP",
                "+33612345678",
                "http://acme.example/stop",
                "https://localhost/stop",
                "https://user@acme.example/stop",
                "https://acme.example/arrêt",
                "https://acme.example/stop now",
                "https://acme.example/stop.",
                "https://acme.example/s`",
                "https://acme.example/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            })
    void takesNothingElse(String route) {
        assertThatThrownBy(() -> SenderForm.checkStopRoute(route)).isInstanceOf(Problem.class);
    }
}
