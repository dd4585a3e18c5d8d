// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import eu.aval.spi.event.CarrierEvent.Inbound;
import eu.aval.spi.event.CarrierEvent.InboundPart;
import eu.aval.spi.text.Address;
import eu.aval.spi.text.Text;
import eu.aval.tck.CarrierFixture.Sent;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Messages from handsets. Rules R401 to R407. */
public interface InboundTck extends CarrierTckSetup {

    /** A handset that writes to us. */
    Address HANDSET = Address.e164("+33639987654");

    @Test
    default void required_R401_aMessageFromAHandsetIsHandedOn(CarrierTrial trial) {
        assumeTrue(has(CarrierBehavior.INBOUND));
        trial.open();

        Sent sent = send(trial, "in-1", CarrierTrial.CANARY + " STOP à 5€");

        Inbound inbound = trial.stored(Inbound.class, 0);
        assertThat(inbound.from()).isEqualTo(HANDSET);
        assertThat(inbound.to().digits())
                .isEqualTo(trial.fixture().inboundNumber().digits());
        assertThat(inbound.text().value()).isEqualTo(CarrierTrial.CANARY + " STOP à 5€");
        assertThat(inbound.carrierMessageId()).isNotBlank();
        assertThat(inbound.complete()).isTrue();
        trial.awaitAcknowledged(sent);
    }

    @Test
    default void required_R402_unicodeArrives(CarrierTrial trial) {
        assumeTrue(has(CarrierBehavior.INBOUND));
        trial.open();

        send(trial, "in-1", CarrierTrial.CANARY + " « ça » 😀 жизнь");

        assertThat(trial.stored(Inbound.class, 0).text().value()).isEqualTo(CarrierTrial.CANARY + " « ça » 😀 жизнь");
    }

    @Test
    default void required_R403_aLongMessageIsHandedOnWholeOrPartByPart(CarrierTrial trial) {
        assumeTrue(has(CarrierBehavior.INBOUND));
        trial.open();
        String text = CarrierTrial.CANARY + "a".repeat(142) + "€" + "b".repeat(200);

        Sent sent = send(trial, "in-1", text);

        trial.awaitAcknowledged(sent);
        List<InboundPart> parts = trial.stored(InboundPart.class).stream()
                .sorted(Comparator.comparing(InboundPart::number))
                .toList();
        if (parts.isEmpty()) {
            assertThat(trial.stored(Inbound.class))
                    .extracting(inbound -> inbound.text().value())
                    .containsExactly(text);
        } else {
            InboundPart first = parts.get(0);
            assertThat(trial.stored(Inbound.class)).isEmpty();
            assertThat(parts).hasSize(first.total()).allSatisfy(part -> {
                assertThat(part.reference()).isEqualTo(first.reference());
                assertThat(part.total()).isEqualTo(first.total());
                assertThat(part.from()).isEqualTo(HANDSET);
            });
            assertThat(parts).extracting(InboundPart::number).doesNotHaveDuplicates();
            assertThat(parts).extracting(InboundPart::carrierMessageId).doesNotContain("");
            assertThat(parts.stream().map(part -> part.text().value()).collect(Collectors.joining()))
                    .isEqualTo(text);
        }
    }

    @Test
    default void required_R404_aMessageIsStoredBeforeItIsAcknowledged(CarrierTrial trial) {
        assumeTrue(has(CarrierBehavior.INBOUND));
        trial.open();
        trial.context().hold();

        Sent sent = send(trial, "in-1", CarrierTrial.CANARY);
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
    default void required_R405_aMessageThatWasNotStoredIsSentAgain(CarrierTrial trial) {
        assumeTrue(has(CarrierBehavior.INBOUND));
        trial.open();
        trial.context().fail();

        Sent sent = send(trial, "in-1", CarrierTrial.CANARY);
        trial.eventually(
                CarrierTrial.PATIENCE, () -> assertThat(sent.isRefused()).isTrue());
        assertThat(sent.isAcknowledged()).isFalse();
        trial.context().release();

        trial.awaitAcknowledged(send(trial, "in-1", CarrierTrial.CANARY));
        assertThat(trial.stored(Inbound.class, 0).text().value()).isEqualTo(CarrierTrial.CANARY);
    }

    @Test
    default void required_R406_theSameMessageHasTheSameId(CarrierTrial trial) {
        assumeTrue(has(CarrierBehavior.INBOUND));
        trial.open();

        trial.awaitAcknowledged(send(trial, "in-1", CarrierTrial.CANARY));
        trial.awaitAcknowledged(send(trial, "in-1", CarrierTrial.CANARY));
        trial.awaitAcknowledged(send(trial, "in-2", CarrierTrial.CANARY));

        // A plugin that recognises the second itself may keep it
        List<String> ids = trial.stored(Inbound.class).stream()
                .map(Inbound::carrierMessageId)
                .toList();
        assertThat(ids).hasSizeBetween(2, 3);
        assertThat(ids.stream().distinct()).hasSize(2);
    }

    @Test
    default void required_R407_aPartIsStoredBeforeItIsAcknowledged(CarrierTrial trial) {
        assumeTrue(has(CarrierBehavior.INBOUND));
        trial.open();
        trial.context().hold();

        Sent sent = send(trial, "in-1", CarrierTrial.CANARY + "a".repeat(342));
        trial.eventually(
                CarrierTrial.PATIENCE,
                () -> assertThat(trial.context().emitted()).isNotEmpty());
        CarrierTrial.pause(Duration.ofMillis(1_200));

        assertThat(sent.isAcknowledged())
                .as("acknowledged while the store is still writing")
                .isFalse();
        trial.context().release();
        trial.awaitAcknowledged(sent);
    }

    private static Sent send(CarrierTrial trial, String reference, String text) {
        trial.remember(HANDSET);
        return trial.fixture().sendInbound(reference, HANDSET, trial.fixture().inboundNumber(), Text.of(text));
    }
}
