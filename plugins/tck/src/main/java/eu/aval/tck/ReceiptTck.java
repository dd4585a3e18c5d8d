// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import eu.aval.spi.Carrier;
import eu.aval.spi.event.CarrierEvent.Delivery;
import eu.aval.spi.event.DeliveryState;
import eu.aval.spi.failure.FailureClass;
import eu.aval.spi.submit.SubmitOutcome.Accepted;
import eu.aval.spi.text.Text;
import eu.aval.tck.CarrierFixture.Answer;
import eu.aval.tck.CarrierFixture.Sent;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Delivery receipts: what they become, and when the carrier is told that they are safe. Rules R301 to R310. */
public interface ReceiptTck extends CarrierTckSetup {

    @Test
    default void required_R301_aReceiptNamesAnAcceptedId(CarrierTrial trial) {
        assumeTrue(has(CarrierBehavior.RECEIPTS));
        String id = acceptedId(trial, trial.open());

        Sent sent = trial.fixture().sendReceipt(id, DeliveryState.DELIVERED, null);

        Delivery delivery = trial.stored(Delivery.class, 0);
        assertThat(delivery.carrierMessageIds()).contains(id);
        assertThat(delivery.state()).isEqualTo(DeliveryState.DELIVERED);
        trial.awaitAcknowledged(sent);
    }

    @Test
    default void required_R302_eachStateIsTold(CarrierTrial trial) {
        assumeTrue(has(CarrierBehavior.RECEIPTS));
        String id = acceptedId(trial, trial.open());
        Set<DeliveryState> states = trial.fixture().receiptStates();

        int number = 0;
        for (DeliveryState state : states) {
            trial.fixture().sendReceipt(id, state, null);

            assertThat(trial.stored(Delivery.class, number++).state()).isEqualTo(state);
        }
    }

    @Test
    default void required_R303_aFailureHasReasonAndCode(CarrierTrial trial) {
        assumeTrue(has(CarrierBehavior.RECEIPTS));
        Set<FailureClass> reasons = trial.fixture().receiptReasons();
        assumeTrue(!reasons.isEmpty(), "receiptReasons() lists none");
        String id = acceptedId(trial, trial.open());

        int number = 0;
        for (FailureClass reason : reasons) {
            trial.fixture().sendReceipt(id, DeliveryState.UNDELIVERED, reason);

            Delivery delivery = trial.stored(Delivery.class, number++);
            assertThat(delivery.reason()).isEqualTo(reason);
            assertThat(delivery.error())
                    .as("the carrier's own code for %s", reason)
                    .isNotNull();
        }
    }

    @Test
    default void required_R304_aReceiptIsStoredBeforeItIsAcknowledged(CarrierTrial trial) {
        assumeTrue(has(CarrierBehavior.RECEIPTS));
        String id = acceptedId(trial, trial.open());
        trial.context().hold();

        Sent sent = trial.fixture().sendReceipt(id, DeliveryState.DELIVERED, null);
        trial.eventually(
                CarrierTrial.PATIENCE,
                () -> assertThat(trial.context().emitted()).isNotEmpty());
        CarrierTrial.pause(Duration.ofMillis(200));

        assertThat(sent.isAcknowledged())
                .as("acknowledged while the store is still writing")
                .isFalse();
        trial.context().release();
        trial.awaitAcknowledged(sent);
    }

    @Test
    default void required_R305_aReceiptThatWasNotStoredIsSentAgain(CarrierTrial trial) {
        assumeTrue(has(CarrierBehavior.RECEIPTS));
        String id = acceptedId(trial, trial.open());
        trial.context().fail();

        Sent sent = trial.fixture().sendReceipt(id, DeliveryState.DELIVERED, null);
        trial.eventually(
                CarrierTrial.PATIENCE, () -> assertThat(sent.isRefused()).isTrue());
        assertThat(sent.isAcknowledged()).isFalse();
        trial.context().release();

        trial.awaitAcknowledged(trial.fixture().sendReceipt(id, DeliveryState.DELIVERED, null));
        assertThat(trial.stored(Delivery.class, 0).carrierMessageIds()).contains(id);
    }

    @Test
    default void required_R306_aReceiptThatComesTwiceIsAcknowledgedTwice(CarrierTrial trial) {
        assumeTrue(has(CarrierBehavior.RECEIPTS));
        String id = acceptedId(trial, trial.open());

        trial.awaitAcknowledged(trial.fixture().sendReceipt(id, DeliveryState.DELIVERED, null));
        trial.awaitAcknowledged(trial.fixture().sendReceipt(id, DeliveryState.DELIVERED, null));
    }

    @Test
    default void required_R307_aReceiptForAnUnknownIdIsHandedOn(CarrierTrial trial) {
        assumeTrue(has(CarrierBehavior.RECEIPTS));
        // Learned from the carrier, so that it has the form of its ids; the account that sent it is closed since
        Carrier first = trial.open();
        String id = acceptedId(trial, first);
        trial.complete(first.close(Duration.ofSeconds(1)), CarrierTrial.PATIENCE);
        trial.open();

        Sent sent = trial.fixture().sendReceipt(id, DeliveryState.DELIVERED, null);

        assertThat(trial.stored(Delivery.class, 0).carrierMessageIds()).contains(id);
        trial.awaitAcknowledged(sent);
    }

    @Test
    default void required_R308_theRawReceiptHoldsNoText(CarrierTrial trial) {
        assumeTrue(has(CarrierBehavior.RECEIPTS));
        String id = acceptedId(trial, trial.open());

        trial.fixture().sendReceipt(id, DeliveryState.DELIVERED, null);

        Text raw = trial.stored(Delivery.class, 0).raw();
        assertThat(raw == null ? "" : raw.value()).doesNotContain(CarrierTrial.CANARY);
    }

    @Test
    default void required_R309_aReceiptHasATime(CarrierTrial trial) {
        assumeTrue(has(CarrierBehavior.RECEIPTS));
        String id = acceptedId(trial, trial.open());

        trial.fixture().sendReceipt(id, DeliveryState.DELIVERED, null);

        // Carriers leave out the seconds, and the zone
        assertThat(trial.stored(Delivery.class, 0).at())
                .isBetween(
                        Instant.now().minus(Duration.ofHours(15)), Instant.now().plus(Duration.ofHours(15)));
    }

    @Test
    default void required_R310_oneFailureToStoreStopsNoOther(CarrierTrial trial) {
        assumeTrue(has(CarrierBehavior.RECEIPTS));
        Carrier carrier = trial.open();
        String first = acceptedId(trial, carrier);
        String second = acceptedId(trial, carrier);
        trial.context().fail();
        Sent lost = trial.fixture().sendReceipt(first, DeliveryState.DELIVERED, null);
        trial.eventually(
                CarrierTrial.PATIENCE, () -> assertThat(lost.isRefused()).isTrue());
        trial.context().release();

        trial.awaitAcknowledged(trial.fixture().sendReceipt(second, DeliveryState.DELIVERED, null));

        assertThat(trial.submit(
                        carrier,
                        trial.request(trial.fixture().recipient(Answer.ACCEPT)).build()))
                .isInstanceOf(Accepted.class);
    }

    private static String acceptedId(CarrierTrial trial, Carrier carrier) {
        Accepted accepted = (Accepted) trial.submit(
                carrier, trial.request(trial.fixture().recipient(Answer.ACCEPT)).build());
        return accepted.carrierMessageIds().get(0);
    }
}
