// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import eu.aval.spi.Carrier;
import eu.aval.spi.event.CarrierEvent.Delivery;
import eu.aval.spi.event.DeliveryState;
import eu.aval.spi.failure.FailureClass;
import eu.aval.spi.submit.Reconciliation;
import eu.aval.spi.submit.SubmitOutcome;
import eu.aval.spi.submit.SubmitOutcome.Accepted;
import eu.aval.spi.submit.SubmitOutcome.Rejected;
import eu.aval.spi.submit.SubmitOutcome.Uncertain;
import eu.aval.spi.submit.SubmitRequest;
import eu.aval.tck.CarrierFixture.Answer;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** What can be learned of a submit that ended uncertain. Rules R201 to R205. */
public interface UncertaintyTck extends CarrierTckSetup {

    @Test
    default void required_R201_aRepeatedKeyIsOneMessage(CarrierTrial trial) {
        assumeTrue(has(CarrierBehavior.DEDUPLICATION));
        assumeTrue(has(CarrierBehavior.SHOWS_MESSAGES));
        Carrier carrier = trial.open();
        SubmitRequest first =
                trial.request(trial.fixture().recipient(Answer.ACCEPT)).build();
        SubmitRequest again = SubmitRequest.builder(first.messageId(), first.to(), first.from(), first.text())
                .attempt(2)
                .build();

        trial.submit(carrier, first);
        SubmitOutcome outcome = trial.submit(carrier, again);

        assertThat(outcome)
                .satisfiesAnyOf(
                        value -> assertThat(value).isInstanceOf(Accepted.class),
                        value -> assertThat(value)
                                .isInstanceOfSatisfying(
                                        Rejected.class,
                                        rejected ->
                                                assertThat(rejected.reason()).isEqualTo(FailureClass.DUPLICATE)));
        assertThat(trial.fixture().messagesSeen()).hasSize(1);
    }

    @Test
    default void required_R202_findsWhatTheCarrierTook(CarrierTrial trial) {
        assumeTrue(has(CarrierBehavior.RECONCILE));
        Carrier carrier = trial.open();
        SubmitRequest request =
                trial.request(trial.fixture().recipient(Answer.CUT_AFTER_WRITE)).build();

        assertThat(trial.submit(carrier, request)).isInstanceOf(Uncertain.class);
        trial.fixture().recipient(Answer.ACCEPT);

        trial.eventually(
                trial.fixture().recoveryTime(),
                () -> assertThat(trial.await(Mono.defer(() -> carrier.reconcile(request))))
                        .isInstanceOfSatisfying(
                                Reconciliation.Found.class,
                                found -> assertThat(found.carrierMessageIds()).isNotEmpty()));
    }

    @Test
    default void required_R203_doesNotFindWhatItNeverGot(CarrierTrial trial) {
        assumeTrue(has(CarrierBehavior.RECONCILE));
        Carrier carrier = trial.open();
        SubmitRequest request =
                trial.request(trial.fixture().recipient(Answer.ACCEPT)).build();

        assertThat(trial.await(Mono.defer(() -> carrier.reconcile(request))))
                .isInstanceOf(Reconciliation.NotFound.class);
        assertThat(trial.fixture().submitsSeen()).isZero();
    }

    @Test
    default void required_R204_saysWhenItCannotBeAsked(CarrierTrial trial) {
        assumeFalse(has(CarrierBehavior.RECONCILE));
        Carrier carrier = trial.open();
        SubmitRequest request =
                trial.request(trial.fixture().recipient(Answer.ACCEPT)).build();

        assertThat(trial.await(Mono.defer(() -> carrier.reconcile(request))))
                .isInstanceOf(Reconciliation.Unsupported.class);
    }

    @Test
    default void required_R205_receiptsReachAMessageThatWasFound(CarrierTrial trial) {
        assumeTrue(has(CarrierBehavior.RECONCILE) && has(CarrierBehavior.RECEIPTS));
        Carrier carrier = trial.open();
        SubmitRequest request =
                trial.request(trial.fixture().recipient(Answer.CUT_AFTER_WRITE)).build();
        trial.submit(carrier, request);
        trial.fixture().recipient(Answer.ACCEPT);

        trial.eventually(
                trial.fixture().recoveryTime(),
                () -> assertThat(trial.await(Mono.defer(() -> carrier.reconcile(request))))
                        .isInstanceOf(Reconciliation.Found.class));
        Reconciliation.Found found = (Reconciliation.Found) trial.await(carrier.reconcile(request));
        String id = found.carrierMessageIds().get(0);
        trial.fixture().sendReceipt(id, DeliveryState.DELIVERED, null);

        trial.eventually(
                CarrierTrial.PATIENCE,
                () -> assertThat(trial.context().stored())
                        .anySatisfy(event -> assertThat(event)
                                .isInstanceOfSatisfying(
                                        Delivery.class,
                                        delivery -> assertThat(delivery.carrierMessageIds())
                                                .contains(id))));
    }
}
