// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import eu.aval.spi.CarrierProvider;
import eu.aval.spi.text.Address;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** The two rules that every test of the kit checks can fail. */
final class CarrierTrialTests {

    private final CarrierTrial trial = new CarrierTrial(new NoCarrier());

    @AfterEach
    void end() {
        trial.end();
        BlockingCalls.forget();
    }

    @Test
    void passesACarrierThatLogsIds() {
        LoggerFactory.getLogger("acme").info("Sent 7c0e");

        assertThatCode(trial::judge).doesNotThrowAnyException();
    }

    @Test
    void findsATextInTheLogAndDoesNotRepeatIt() {
        LoggerFactory.getLogger("acme").trace("Sending {}", CarrierTrial.CANARY);

        assertThatThrownBy(trial::judge)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("R601")
                .hasMessageContaining("acme")
                .hasMessageNotContaining(CarrierTrial.CANARY);
    }

    @Test
    void findsANumberInAnExceptionAndInNationalForm() {
        trial.remember(Address.e164("+33639980001"));
        LoggerFactory.getLogger("acme").warn("Failed", new IllegalStateException("no route to 0639980001"));

        assertThatThrownBy(trial::judge).isInstanceOf(AssertionError.class).hasMessageContaining("R601");
    }

    @Test
    void findsACallThatBlocksThoughItsErrorIsSwallowed() {
        BlockingCalls.detect();
        assertThat(BlockingCalls.failure()).isNull();

        Mono<Void> blocking = Mono.fromRunnable(() -> CarrierTrial.pause(java.time.Duration.ofMillis(1)));
        trial.complete(blocking.onErrorComplete(), CarrierTrial.PATIENCE);

        assertThatThrownBy(trial::judge).isInstanceOf(AssertionError.class).hasMessageContaining("R512");
    }

    private static final class NoCarrier implements CarrierTckSetup {

        @Override
        public CarrierProvider provider() {
            throw new UnsupportedOperationException("not needed");
        }

        @Override
        public CarrierFixture fixture() {
            throw new UnsupportedOperationException("not needed");
        }
    }
}
