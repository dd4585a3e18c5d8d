// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.tck;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.spi.Carrier;
import eu.aval.spi.config.ConfigurationProperty;
import eu.aval.spi.event.CarrierEvent;
import eu.aval.spi.event.DeliveryState;
import eu.aval.spi.failure.FailureClass;
import eu.aval.spi.submit.SubmitOutcome;
import eu.aval.spi.submit.SubmitOutcome.Accepted;
import eu.aval.spi.text.Text;
import eu.aval.tck.CarrierFixture.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Numbers, texts and secrets stay where they belong. Rules R601 to R604. */
public interface PrivacyTck extends CarrierTckSetup {

    @Test
    default void required_R601_logsNothingPersonal(CarrierTrial trial) {
        everything(trial);
        // The trial looks at the lines of every test when it ends, from TRACE on

        assertThat(trial.personal()).contains(CarrierTrial.CANARY);
    }

    @Test
    default void required_R602_toStringShowsNothingPersonal(CarrierTrial trial) {
        Carrier carrier = trial.open();

        List<String> shown = everything(trial);
        shown.add(carrier.toString());
        shown.add(trial.provider().toString());
        shown.add(trial.fixture().configuration().toString());
        shown.add(trial.await(Mono.defer(carrier::health)).detail());

        showsNothing(trial, shown);
    }

    @Test
    default void required_R603_settingsThatHideAreSecrets(CarrierTrial trial) {
        for (ConfigurationProperty setting : trial.descriptor().configuration()) {
            if (setting.name().matches(".*(password|passphrase|secret|token|api-?key|private-?key).*")
                    && setting.type() == ConfigurationProperty.Type.STRING) {
                assertThat(setting.name())
                        .as("a setting that sounds like a secret and is no file is of type SECRET")
                        .matches(".*(file|path|url)$");
            }
        }
    }

    @Test
    default void required_R604_metricsHavePlainNames(CarrierTrial trial) {
        everything(trial);

        List<String> names = new ArrayList<>(trial.context().counts().keySet());
        names.addAll(trial.context().gauges().keySet());
        assertThat(names).allSatisfy(name -> assertThat(name).matches("[a-z][a-z0-9]*(_[a-z0-9]+)*"));
        trial.context()
                .gauges()
                .values()
                .forEach(gauge -> assertThat(gauge.get()).isNotNull());
    }

    /** A little of everything a carrier does; returns what its results show of themselves. */
    private List<String> everything(CarrierTrial trial) {
        Carrier carrier = trial.open();
        CarrierFixture fixture = trial.fixture();
        List<String> shown = new ArrayList<>();

        SubmitOutcome taken = trial.submit(
                carrier, trial.request(fixture.recipient(Answer.ACCEPT)).build());
        shown.add(taken.toString());
        for (FailureClass reason : fixture.refusals()) {
            shown.add(trial.submit(
                            carrier,
                            trial.request(fixture.refusedRecipient(reason)).build())
                    .toString());
        }
        if (has(CarrierBehavior.RECEIPTS)) {
            String id = ((Accepted) taken).carrierMessageIds().get(0);
            fixture.recipient(Answer.ACCEPT);
            fixture.sendReceipt(id, DeliveryState.UNDELIVERED, null);
            trial.eventually(
                    CarrierTrial.PATIENCE,
                    () -> assertThat(trial.context().stored()).isNotEmpty());
        }
        if (has(CarrierBehavior.INBOUND)) {
            trial.remember(InboundTck.HANDSET);
            fixture.sendInbound(
                    "in-1", InboundTck.HANDSET, fixture.inboundNumber(), Text.of(CarrierTrial.CANARY + " STOP"));
            trial.eventually(
                    CarrierTrial.PATIENCE,
                    () -> assertThat(trial.context().stored()).anyMatch(CarrierEvent.Inbound.class::isInstance));
        }
        shown.add(trial.submit(
                        carrier,
                        trial.request(fixture.recipient(Answer.SILENCE)).build())
                .toString());
        shown.add(trial.submit(
                        carrier,
                        trial.request(fixture.recipient(Answer.CUT_AFTER_WRITE)).build())
                .toString());
        fixture.recipient(Answer.UNREACHABLE);
        CarrierTrial.pause(Duration.ofMillis(300));
        trial.context().stored().forEach(event -> shown.add(event.toString()));
        return shown;
    }

    private static void showsNothing(CarrierTrial trial, List<String> shown) {
        for (String text : shown) {
            for (String secret : trial.personal()) {
                assertThat(text.contains(secret))
                        .as("something shows a number, a text or a secret")
                        .isFalse();
            }
        }
    }
}
