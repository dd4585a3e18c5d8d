// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import eu.aval.spi.Carrier;
import eu.aval.spi.failure.FailureClass;
import eu.aval.spi.submit.SubmitOutcome;
import eu.aval.spi.submit.SubmitOutcome.Accepted;
import eu.aval.spi.submit.SubmitOutcome.Rejected;
import eu.aval.spi.submit.SubmitOutcome.Throttled;
import eu.aval.spi.submit.SubmitOutcome.Unavailable;
import eu.aval.spi.submit.SubmitOutcome.Uncertain;
import eu.aval.spi.submit.SubmitRequest;
import eu.aval.spi.text.Address;
import eu.aval.spi.text.Encoding;
import eu.aval.spi.text.Text;
import eu.aval.tck.CarrierFixture.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** One message, and the one outcome it has. Rules R101 to R115. */
public interface SubmitTck extends CarrierTckSetup {

    /** More than a window of four, less than what a stub can count. */
    int MANY = 50;

    @Test
    default void required_R101_sendsNothingBeforeSubscription(CarrierTrial trial) {
        Carrier carrier = trial.open();

        Mono<SubmitOutcome> submit = carrier.submit(
                trial.request(trial.fixture().recipient(Answer.ACCEPT)).build());
        CarrierTrial.pause(Duration.ofMillis(200));

        assertThat(trial.fixture().submitsSeen()).isZero();
        assertThat(trial.await(submit)).isInstanceOf(Accepted.class);
    }

    @Test
    default void required_R102_acceptedHasTheCarriersId(CarrierTrial trial) {
        Carrier carrier = trial.open();

        SubmitOutcome outcome = trial.submit(
                carrier, trial.request(trial.fixture().recipient(Answer.ACCEPT)).build());

        assertThat(outcome).isInstanceOfSatisfying(Accepted.class, accepted -> {
            assertThat(accepted.carrierMessageIds()).isNotEmpty().doesNotHaveDuplicates();
            assertThat(accepted.carrierMessageIds())
                    .allSatisfy(id -> assertThat(id).isNotBlank());
        });
    }

    @Test
    default void required_R103_whatIsSentArrives(CarrierTrial trial) {
        assumeTrue(has(CarrierBehavior.SHOWS_MESSAGES));
        Carrier carrier = trial.open();
        Address to = trial.fixture().recipient(Answer.ACCEPT);
        String gsm7 = CarrierTrial.CANARY + " à 5€ {[~^\\|]} ÄÖÑÜ é @£$";
        String ucs2 = CarrierTrial.CANARY + " « ça » 😀 жизнь";

        trial.submit(carrier, trial.request(to, gsm7).encoding(Encoding.GSM7).build());
        trial.submit(carrier, trial.request(to, ucs2).encoding(Encoding.UCS2).build());

        Address from = trial.fixture().sender();
        trial.eventually(
                CarrierTrial.PATIENCE,
                () -> assertThat(trial.fixture().messagesSeen())
                        .containsExactlyInAnyOrder(
                                new CarrierFixture.SeenMessage(to, from, gsm7),
                                new CarrierFixture.SeenMessage(to, from, ucs2)));
    }

    @Test
    default void required_R104_timeoutAfterWriteIsUncertain(CarrierTrial trial) {
        Carrier carrier = trial.open();

        SubmitOutcome outcome = trial.submit(
                carrier,
                trial.request(trial.fixture().recipient(Answer.SILENCE)).build());

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Uncertain.class,
                        uncertain -> assertThat(uncertain.cause()).isEqualTo(Uncertain.Cause.TIMEOUT));
        assertThat(trial.fixture().submitsSeen())
                .as("never sent again by the plugin")
                .isEqualTo(1);
    }

    @Test
    default void required_R105_connectionLostAfterWriteIsUncertain(CarrierTrial trial) {
        Carrier carrier = trial.open();

        SubmitOutcome outcome = trial.submit(
                carrier,
                trial.request(trial.fixture().recipient(Answer.CUT_AFTER_WRITE)).build());

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Uncertain.class,
                        uncertain -> assertThat(uncertain.cause()).isEqualTo(Uncertain.Cause.CONNECTION_LOST));
        assertThat(trial.fixture().submitsSeen())
                .as("never sent again by the plugin")
                .isEqualTo(1);
    }

    @Test
    default void required_R106_nothingWrittenIsUnavailable(CarrierTrial trial) {
        Carrier carrier = trial.open();
        Address to = trial.fixture().recipient(Answer.UNREACHABLE);
        // A connection that is being cut may still take a write: what counts is what comes once it is gone
        CarrierTrial.pause(Duration.ofMillis(500));

        SubmitOutcome outcome = trial.submit(carrier, trial.request(to).build());

        assertThat(outcome).isInstanceOf(Unavailable.class);
        assertThat(trial.fixture().submitsSeen()).isZero();
    }

    @Test
    default void required_R107_unreadableAnswerIsUncertain(CarrierTrial trial) {
        assumeTrue(has(CarrierBehavior.UNREADABLE_ANSWER));
        Carrier carrier = trial.open();

        SubmitOutcome outcome = trial.submit(
                carrier,
                trial.request(trial.fixture().recipient(Answer.UNREADABLE)).build());

        assertThat(outcome).isInstanceOf(Uncertain.class);
        assertThat(trial.fixture().submitsSeen())
                .as("never sent again by the plugin")
                .isEqualTo(1);
    }

    @Test
    default void required_R108_refusalHasItsClassAndTheCarriersCode(CarrierTrial trial) {
        Set<FailureClass> refusals = trial.fixture().refusals();
        assertThat(refusals).as("a far side that cannot refuse is no carrier").isNotEmpty();
        Carrier carrier = trial.open();

        for (FailureClass reason : refusals) {
            SubmitOutcome outcome = trial.submit(
                    carrier,
                    trial.request(trial.fixture().refusedRecipient(reason)).build());

            assertThat(outcome).as("refused as %s", reason).isInstanceOfSatisfying(Rejected.class, rejected -> {
                assertThat(rejected.reason()).isEqualTo(reason);
                assertThat(rejected.error().code()).isNotBlank();
            });
        }
    }

    @Test
    default void required_R109_tooFastIsThrottled(CarrierTrial trial) {
        assumeTrue(has(CarrierBehavior.THROTTLING));
        Carrier carrier = trial.open();

        SubmitOutcome outcome = trial.submit(
                carrier,
                trial.request(trial.fixture().recipient(Answer.THROTTLE)).build());

        assertThat(outcome).isInstanceOf(Throttled.class);
        assertThat(trial.fixture().submitsSeen())
                .as("the host decides when to try again")
                .isEqualTo(1);
    }

    @Test
    default void required_R110_passingErrorIsUnavailable(CarrierTrial trial) {
        assumeTrue(has(CarrierBehavior.PASSING_ERROR));
        Carrier carrier = trial.open();

        SubmitOutcome outcome = trial.submit(
                carrier,
                trial.request(trial.fixture().recipient(Answer.PASSING_ERROR)).build());

        assertThat(outcome).isInstanceOf(Unavailable.class);
        assertThat(trial.fixture().submitsSeen())
                .as("the host decides when to try again")
                .isEqualTo(1);
    }

    @Test
    default void required_R111_aLongTextArrivesWholeOrIsRefused(CarrierTrial trial) {
        Carrier carrier = trial.open();
        Address to = trial.fixture().recipient(Answer.ACCEPT);
        // A pair at each edge: € after 152 septets, 😀 after 66 units
        String gsm7 = CarrierTrial.CANARY + "a".repeat(142) + "€" + "b".repeat(150) + "€" + "c".repeat(40);
        String ucs2 = CarrierTrial.CANARY + "ж".repeat(56) + "😀" + "ж".repeat(64) + "😀";

        List<SubmitOutcome> outcomes = List.of(
                trial.submit(
                        carrier, trial.request(to, gsm7).encoding(Encoding.GSM7).build()),
                trial.submit(
                        carrier, trial.request(to, ucs2).encoding(Encoding.UCS2).build()));

        if (!has(CarrierBehavior.MULTIPART)) {
            assertThat(outcomes).allSatisfy(outcome -> rejectedAs(outcome, FailureClass.CONTENT_INVALID));
        } else {
            assertThat(outcomes).allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Accepted.class));
            if (has(CarrierBehavior.SHOWS_MESSAGES)) {
                trial.eventually(
                        CarrierTrial.PATIENCE,
                        () -> assertThat(trial.fixture().messagesSeen())
                                .extracting(CarrierFixture.SeenMessage::text)
                                .containsExactlyInAnyOrder(gsm7, ucs2));
            }
        }
    }

    @Test
    default void required_R112_anAlphanumericSenderArrivesOrIsRefused(CarrierTrial trial) {
        Carrier carrier = trial.open();
        Address to = trial.remember(trial.fixture().recipient(Answer.ACCEPT));
        Address from = Address.of(Address.Kind.ALPHANUMERIC, "AVAL");

        SubmitOutcome outcome = trial.submit(
                carrier,
                SubmitRequest.builder(UUID.randomUUID(), to, from, Text.of(CarrierTrial.CANARY))
                        .build());

        if (!has(CarrierBehavior.ALPHANUMERIC_SENDER)) {
            rejectedAs(outcome, FailureClass.SENDER_REJECTED);
        } else {
            assertThat(outcome).isInstanceOf(Accepted.class);
            if (has(CarrierBehavior.SHOWS_MESSAGES)) {
                trial.eventually(
                        CarrierTrial.PATIENCE,
                        () -> assertThat(trial.fixture().messagesSeen())
                                .containsExactly(new CarrierFixture.SeenMessage(to, from, CarrierTrial.CANARY)));
            }
        }
    }

    @Test
    default void required_R113_aValidityIsHonouredOrIgnored(CarrierTrial trial) {
        Carrier carrier = trial.open();

        SubmitOutcome outcome = trial.submit(
                carrier,
                trial.request(trial.fixture().recipient(Answer.ACCEPT))
                        .validity(Duration.ofHours(1))
                        .build());

        assertThat(outcome).isInstanceOf(Accepted.class);
    }

    @Test
    default void required_R114_cancellingGivesThePlaceBack(CarrierTrial trial) {
        Carrier carrier = trial.open();
        Address silent = trial.fixture().recipient(Answer.SILENCE);
        int window = Math.min(carrier.throughput().maximumInFlight(), MANY);

        List<Disposable> underWay = new ArrayList<>();
        for (int i = 0; i < window; i++) {
            underWay.add(carrier.submit(trial.request(silent).build())
                    .subscribeOn(trial.host())
                    .subscribe());
        }
        CarrierTrial.pause(Duration.ofMillis(200));
        underWay.forEach(Disposable::dispose);
        Address to = trial.fixture().recipient(Answer.ACCEPT);

        assertThat(trial.submit(carrier, trial.request(to).build())).isInstanceOf(Accepted.class);
    }

    @Test
    default void required_R115_manyAtATimeHaveEachTheirOwnOutcome(CarrierTrial trial) {
        Carrier carrier = trial.open();
        Address to = trial.fixture().recipient(Answer.ACCEPT);
        int window = carrier.throughput().maximumInFlight();

        List<SubmitRequest> requests = IntStream.range(0, MANY)
                .mapToObj(i -> trial.request(to, CarrierTrial.CANARY + " " + i).build())
                .toList();

        List<SubmitOutcome> outcomes = trial.await(
                Flux.fromIterable(requests).flatMap(carrier::submit, window).collectList());

        assertThat(outcomes)
                .hasSize(MANY)
                .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Accepted.class));
        assertThat(outcomes)
                .flatExtracting(outcome -> ((Accepted) outcome).carrierMessageIds())
                .doesNotHaveDuplicates();
        assertThat(trial.fixture().submitsSeen()).isEqualTo(MANY);
    }

    private static void rejectedAs(SubmitOutcome outcome, FailureClass reason) {
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected -> assertThat(rejected.reason()).isEqualTo(reason));
    }
}
