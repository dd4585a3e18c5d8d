// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import eu.aval.spi.Carrier;
import eu.aval.spi.CarrierHealth;
import eu.aval.spi.Throughput;
import eu.aval.spi.event.CarrierEvent;
import eu.aval.spi.event.DeliveryState;
import eu.aval.spi.submit.SubmitOutcome;
import eu.aval.spi.submit.SubmitOutcome.Accepted;
import eu.aval.spi.submit.SubmitOutcome.Unavailable;
import eu.aval.spi.submit.SubmitOutcome.Uncertain;
import eu.aval.spi.submit.SubmitRequest;
import eu.aval.spi.text.Address;
import eu.aval.tck.CarrierFixture.Answer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Opening, losing and finding the far side, and closing. Rules R501 to R513. */
public interface LifecycleTck extends CarrierTckSetup {

    @Test
    default void required_R501_opensWhileTheFarSideIsAway(CarrierTrial trial) {
        assumeTrue(has(CarrierBehavior.RECOVERY));
        Address to = trial.fixture().recipient(Answer.UNREACHABLE);

        Carrier carrier = trial.open(trial.context());

        assertThat(trial.submit(carrier, trial.request(to).build())).isInstanceOf(Unavailable.class);
        trial.eventually(
                CarrierTrial.PATIENCE,
                () -> assertThat(trial.await(carrier.health()).status()).isNotEqualTo(CarrierHealth.Status.UP));
    }

    @Test
    default void required_R502_findsTheFarSideAgain(CarrierTrial trial) {
        assumeTrue(has(CarrierBehavior.RECOVERY));
        Carrier carrier = trial.open();
        trial.fixture().recipient(Answer.UNREACHABLE);
        trial.eventually(
                CarrierTrial.PATIENCE,
                () -> assertThat(trial.await(carrier.health()).status())
                        .as("health while the far side is away")
                        .isNotEqualTo(CarrierHealth.Status.UP));

        Address to = trial.fixture().recipient(Answer.ACCEPT);

        trial.awaitUp(carrier);
        assertThat(trial.submit(carrier, trial.request(to).build())).isInstanceOf(Accepted.class);
    }

    @Test
    default void required_R503_healthIsCheapAndSendsNothing(CarrierTrial trial) {
        Carrier carrier = trial.open();

        for (int i = 0; i < 10; i++) {
            assertThat(trial.await(carrier.health(), Duration.ofSeconds(1)).detail())
                    .isNotBlank();
        }

        assertThat(trial.fixture().submitsSeen()).isZero();
    }

    @Test
    default void required_R504_throughputIsSane(CarrierTrial trial) {
        Throughput throughput = trial.open().throughput();

        assertThat(throughput.timeout()).isBetween(Duration.ofMillis(50), Duration.ofMinutes(2));
        assertThat(throughput.maximumInFlight()).isPositive();
    }

    @Test
    default void required_R505_closesOnceHoweverOftenItIsAsked(CarrierTrial trial) {
        Carrier carrier = trial.open();
        Duration grace = Duration.ofSeconds(1);

        trial.complete(Mono.when(carrier.close(grace), carrier.close(grace)), CarrierTrial.PATIENCE);
        trial.complete(carrier.close(grace), CarrierTrial.PATIENCE);
    }

    @Test
    default void required_R506_closingLetsTheRestFinish(CarrierTrial trial) {
        Carrier carrier = trial.open();
        Address to = trial.fixture().recipient(Answer.ACCEPT_SLOWLY);
        CompletableFuture<@Nullable SubmitOutcome> underWay = start(trial, carrier, to);

        trial.complete(carrier.close(Duration.ofSeconds(5)), CarrierTrial.PATIENCE);

        assertThat(underWay).isCompletedWithValueMatching(Accepted.class::isInstance, "accepted");
    }

    @Test
    default void required_R507_closingEndsWhatDoesNotFinishAsUncertain(CarrierTrial trial) {
        Carrier carrier = trial.open();
        Address to = trial.fixture().recipient(Answer.SILENCE);
        CompletableFuture<@Nullable SubmitOutcome> underWay = start(trial, carrier, to);

        trial.complete(carrier.close(Duration.ofMillis(100)), CarrierTrial.PATIENCE);

        assertThat(underWay).isCompletedWithValueMatching(Uncertain.class::isInstance, "uncertain");
    }

    @Test
    default void required_R508_aClosedAccountIsUnavailable(CarrierTrial trial) {
        Carrier carrier = trial.open();
        SubmitRequest request =
                trial.request(trial.fixture().recipient(Answer.ACCEPT)).build();
        Mono<SubmitOutcome> assembled = carrier.submit(request);
        trial.complete(carrier.close(Duration.ofSeconds(1)), CarrierTrial.PATIENCE);

        assertThat(trial.await(assembled)).isInstanceOf(Unavailable.class);
        assertThat(trial.submit(carrier, request)).isInstanceOf(Unavailable.class);
        assertThat(trial.fixture().submitsSeen()).isZero();
    }

    @Test
    default void required_R509_leavesNoThread(CarrierTrial trial) {
        CarrierFixture fixture = trial.fixture();
        ThreadWatch threads = ThreadWatch.start();
        Carrier carrier = trial.open();
        trial.submit(carrier, trial.request(fixture.recipient(Answer.ACCEPT)).build());

        trial.complete(carrier.close(Duration.ofSeconds(1)), CarrierTrial.PATIENCE);
        // What the far side started for its connections ends with it
        fixture.close();

        trial.eventually(
                CarrierTrial.PATIENCE,
                () -> assertThat(threads.added()).as("threads after close").isEmpty());
    }

    @Test
    default void required_R510_tellsNothingAfterClose(CarrierTrial trial) {
        assumeTrue(has(CarrierBehavior.RECEIPTS));
        Carrier carrier = trial.open();
        Accepted accepted = (Accepted) trial.submit(
                carrier, trial.request(trial.fixture().recipient(Answer.ACCEPT)).build());
        trial.complete(carrier.close(Duration.ofSeconds(1)), CarrierTrial.PATIENCE);
        List<CarrierEvent> before = trial.context().emitted();

        trial.fixture().sendReceipt(accepted.carrierMessageIds().get(0), DeliveryState.DELIVERED, null);
        CarrierTrial.pause(Duration.ofMillis(500));

        assertThat(trial.context().emitted()).isEqualTo(before);
    }

    @Test
    default void required_R511_accountsDoNotTouchEachOther(CarrierTrial trial) {
        Carrier first = trial.open();
        Carrier second = trial.open(new TestingCarrierContext("tck-second"));
        trial.awaitUp(second);
        trial.complete(first.close(Duration.ofSeconds(1)), CarrierTrial.PATIENCE);

        assertThat(trial.submit(
                        second,
                        trial.request(trial.fixture().recipient(Answer.ACCEPT)).build()))
                .isInstanceOf(Accepted.class);
    }

    @Test
    default void required_R512_neverBlocks(CarrierTrial trial) {
        assertThat(BlockingCalls.failure())
                .as("BlockHound works; it needs -XX:+AllowRedefinitionToAddDeleteMethods")
                .isNull();
        trial.complete(
                Mono.<Void>fromRunnable(() -> CarrierTrial.pause(Duration.ofMillis(1)))
                        .onErrorComplete(),
                CarrierTrial.PATIENCE);
        assertThat(BlockingCalls.seen()).as("what the test did on purpose").hasSize(1);
        BlockingCalls.forget();

        Carrier carrier = trial.open();
        trial.submit(
                carrier, trial.request(trial.fixture().recipient(Answer.ACCEPT)).build());
        trial.await(Mono.fromSupplier(carrier::throughput));
        trial.await(Mono.defer(carrier::health));
        trial.complete(carrier.close(Duration.ofSeconds(1)), CarrierTrial.PATIENCE);
        // The trial looks at what was seen when it ends
    }

    @Test
    default void required_R513_opensAgainAfterClose(CarrierTrial trial) {
        for (int i = 0; i < 3; i++) {
            Carrier carrier = trial.open();
            Address to = trial.fixture().recipient(Answer.ACCEPT);

            assertThat(trial.submit(carrier, trial.request(to).build())).isInstanceOf(Accepted.class);
            trial.complete(carrier.close(Duration.ofSeconds(1)), CarrierTrial.PATIENCE);
        }
    }

    /** Starts a submit and waits until the far side has it. */
    private static CompletableFuture<@Nullable SubmitOutcome> start(CarrierTrial trial, Carrier carrier, Address to) {
        CompletableFuture<@Nullable SubmitOutcome> outcome = carrier.submit(
                        trial.request(to).build())
                .subscribeOn(trial.host())
                .toFuture();
        trial.eventually(
                CarrierTrial.PATIENCE,
                () -> assertThat(trial.fixture().submitsSeen()).isEqualTo(1));
        return outcome;
    }
}
