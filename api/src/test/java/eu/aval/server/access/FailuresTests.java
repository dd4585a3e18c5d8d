// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.shared.ProblemType;
import org.junit.jupiter.api.Test;
import reactor.netty.channel.AbortedException;

final class FailuresTests {

    @Test
    void takesAClientThatLeftForNoFaultOfTheServer() {
        assertThat(Failures.planned(AbortedException.beforeSend()).type()).isEqualTo(ProblemType.MALFORMED_REQUEST);
    }

    @Test
    void takesWhatItDoesNotKnowForAFault() {
        assertThat(Failures.planned(new IllegalStateException("x")).type()).isEqualTo(ProblemType.INTERNAL_ERROR);
    }
}
