// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

@ExtendWith(OutputCaptureExtension.class)
final class TroubleTests {

    private static final Problem UNAVAILABLE =
            new Problem(ProblemType.STORE_UNAVAILABLE, "The database is not available.");

    private final AtomicLong nanos = new AtomicLong();
    private final Trouble trouble =
            new Trouble(LoggerFactory.getLogger(TroubleTests.class), "Counting sheep", nanos::get);

    @Test
    void isToldWhenItBeginsNowAndThenAndWhenItIsOver(CapturedOutput output) {
        trouble.worked();
        for (int second = 0; second < 150; second++) {
            trouble.failed(UNAVAILABLE);
            pass(Duration.ofSeconds(1));
        }
        pass(Trouble.CALM);
        trouble.worked();
        trouble.worked();

        assertThat(told(output))
                .containsExactly(
                        "Counting sheep does not work: STORE_UNAVAILABLE",
                        "Counting sheep still does not work, the last time: STORE_UNAVAILABLE. Failures: 60 in 60 s",
                        "Counting sheep still does not work, the last time: STORE_UNAVAILABLE. Failures: 60 in 60 s",
                        "Counting sheep works again. Failures: 150 in 149 s");
    }

    @Test
    void isToldAgainForAnotherReason(CapturedOutput output) {
        Problem other = new Problem(ProblemType.OVERLOADED, "Too much at once.");
        for (int i = 0; i < 10; i++) {
            trouble.failed(UNAVAILABLE);
            trouble.failed(other);
        }

        assertThat(told(output))
                .containsExactly(
                        "Counting sheep does not work: STORE_UNAVAILABLE", "Counting sheep does not work: OVERLOADED");
    }

    @Test
    void isOneTroubleWhileItWorksAndFailsByTurns(CapturedOutput output) {
        for (int second = 0; second < 30; second++) {
            trouble.failed(UNAVAILABLE);
            trouble.worked();
            pass(Duration.ofSeconds(1));
        }

        assertThat(told(output)).hasSize(1);
    }

    @Test
    void isToldWithItsPlaceAndWithoutItsMessageWhenNobodyExpectsIt(CapturedOutput output) {
        trouble.failed(new IllegalStateException("+33612345678"));

        assertThat(output)
                .contains(
                        "Counting sheep does not work: IllegalStateException", "at eu.aval.server.tenant.TroubleTests")
                .doesNotContain("612345678");
    }

    @Test
    void endsNothingAndIsCounted() {
        MeterRegistry registry = new SimpleMeterRegistry();
        Metrics.addRegistry(registry);
        try {
            Trouble counted = new Trouble(LoggerFactory.getLogger(TroubleTests.class), "Counting goats", nanos::get);
            AtomicInteger rounds = new AtomicInteger();
            counted.on(Flux.range(0, 3), () -> {
                if (rounds.getAndIncrement() == 0) {
                    throw new IllegalStateException("before it began");
                }
                return rounds.get() == 2 ? Mono.error(UNAVAILABLE) : Mono.empty();
            });

            assertThat(rounds).hasValue(3);
            assertThat(registry.get("aval.failures")
                            .tag("work", "counting-goats")
                            .counter()
                            .count())
                    .isEqualTo(2);
        } finally {
            Metrics.removeRegistry(registry);
        }
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private static List<String> told(CapturedOutput output) {
        return output.getAll()
                .lines()
                .filter(line -> line.contains("Counting sheep"))
                .map(line -> line.substring(line.indexOf("Counting sheep")))
                .toList();
    }
}
