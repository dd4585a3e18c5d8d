// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.shared.ProblemType;
import io.r2dbc.spi.R2dbcRollbackException;
import org.junit.jupiter.api.Test;
import reactor.netty.channel.AbortedException;

final class FailuresTests {

    @Test
    void takesAClientThatLeftForNoFaultOfTheServer() {
        assertThat(Failures.planned(AbortedException.beforeSend()).type()).isEqualTo(ProblemType.MALFORMED_REQUEST);
    }

    @Test
    void tellsToTryAgainWhenTheDatabaseHasRolledBack() {
        var failure = new IllegalStateException(new R2dbcRollbackException("deadlock detected", "40P01"));

        assertThat(Failures.planned(failure).type()).isEqualTo(ProblemType.STORE_UNAVAILABLE);
    }

    @Test
    void takesWhatItDoesNotKnowForAFault() {
        assertThat(Failures.planned(new IllegalStateException("x")).type()).isEqualTo(ProblemType.INTERNAL_ERROR);
    }
}
