// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.smpp;

import static eu.aval.carrier.smpp.Accounts.await;
import static eu.aval.carrier.smpp.Accounts.bound;
import static eu.aval.carrier.smpp.Accounts.request;
import static eu.aval.carrier.smpp.Accounts.submit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import eu.aval.carrier.smpp.FakeSmsc.Reaction;
import eu.aval.spi.Capability;
import eu.aval.spi.Carrier;
import eu.aval.spi.CarrierHealth;
import eu.aval.spi.failure.FailureClass;
import eu.aval.spi.submit.SubmitOutcome;
import eu.aval.spi.submit.SubmitOutcome.Accepted;
import eu.aval.spi.submit.SubmitOutcome.Rejected;
import eu.aval.spi.submit.SubmitOutcome.Throttled;
import eu.aval.spi.submit.SubmitOutcome.Unavailable;
import eu.aval.spi.submit.SubmitOutcome.Uncertain;
import eu.aval.tck.TestingCarrierContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

final class SmppCarrierTests {

    private static final String TWO_PARTS = "0123456789".repeat(20);

    private final FakeSmsc smsc = FakeSmsc.start();
    private final TestingCarrierContext context = new TestingCarrierContext("test");
    private final List<Carrier> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(Accounts::close);
        smsc.close();
    }

    @Test
    void sendsAndTakesTheIdAsTheReceiptWillHaveIt() {
        smsc.onSubmit(Reaction.accept("00A1B2"));

        assertThat(submit(open(), "Hello")).isEqualTo(SubmitOutcome.accepted("a1b2"));
    }

    @Test
    void keepsTheWindow() {
        smsc.onSubmit(Reaction.silence());
        Carrier carrier = open("window", "3", "queue-timeout", "PT0.3S", "response-timeout", "PT2S");

        List<SubmitOutcome> outcomes = Flux.range(0, 10)
                .flatMap(number -> carrier.submit(request("Hello")), 10)
                .collectList()
                .block();

        assertThat(smsc.submits()).hasSize(3);
        assertThat(outcomes).filteredOn(Throttled.class::isInstance).hasSize(7);
        assertThat(outcomes).filteredOn(Uncertain.class::isInstance).hasSize(3);
    }

    @Test
    void givesBackThePlaceOfACancelledSubmit() {
        Carrier carrier = open("window", "1", "response-timeout", "PT60S");
        smsc.thenOnSubmit(Reaction.silence());
        Disposable pending = carrier.submit(request("Hello")).subscribe();
        await(() -> smsc.submits().size() == 1);

        pending.dispose();

        assertThat(submit(carrier, "Hello")).isInstanceOf(Accepted.class);
    }

    @Test
    void isUncertainWithoutAnAnswerAndTellsWhenItComesLate() {
        smsc.thenOnSubmit(Reaction.acceptAfter(Duration.ofSeconds(3)));
        Carrier carrier = open("response-timeout", "PT0.3S");

        SubmitOutcome outcome = submit(carrier, "Hello");

        assertThat(outcome)
                .asInstanceOf(type(Uncertain.class))
                .extracting(Uncertain::cause)
                .isEqualTo(Uncertain.Cause.TIMEOUT);
        await(() -> context.stored().size() == 1);
        assertThat(context.counts()).containsEntry("late_answers", 1);
    }

    @Test
    void isUncertainWhenTheConnectionIsCut() {
        smsc.thenOnSubmit(Reaction.cut());
        Carrier carrier = open();

        assertThat(submit(carrier, "Hello"))
                .asInstanceOf(type(Uncertain.class))
                .extracting(Uncertain::cause)
                .isEqualTo(Uncertain.Cause.CONNECTION_LOST);
        await(() -> Accounts.status(carrier) == CarrierHealth.Status.UP);
        assertThat(submit(carrier, "Hello")).isInstanceOf(Accepted.class);
    }

    @Test
    void keepsWhatWaitsAsNotSentWhenTheConnectionIsCut() {
        Carrier carrier = open("window", "1");
        smsc.thenOnSubmit(Reaction.silence());

        List<CompletableFuture<SubmitOutcome>> asked = IntStream.range(0, 3)
                .mapToObj(number -> carrier.submit(request("Hello")).toFuture())
                .toList();
        await(() -> smsc.submits().size() == 1);
        smsc.bound().getFirst().cut();
        List<SubmitOutcome> outcomes =
                asked.stream().map(CompletableFuture::join).toList();

        assertThat(outcomes).filteredOn(Uncertain.class::isInstance).hasSize(1);
        assertThat(outcomes).filteredOn(Unavailable.class::isInstance).hasSize(2);
        assertThat(smsc.submits()).hasSize(1);
    }

    @Test
    void reconnectsAfterGarbage() {
        smsc.thenOnSubmit(Reaction.garbage());
        Carrier carrier = open();

        assertThat(submit(carrier, "Hello")).isInstanceOf(Uncertain.class);
        await(() -> Accounts.status(carrier) == CarrierHealth.Status.UP);
        assertThat(submit(carrier, "Hello")).isInstanceOf(Accepted.class);
        assertThat(context.counts()).containsKey("unreadable");
    }

    @Test
    void pausesWhenThrottled() {
        smsc.thenOnSubmit(Reaction.refuse(0x58));
        Carrier carrier = open("parts-per-second", "100");
        long start = System.nanoTime();

        assertThat(submit(carrier, "Hello")).isInstanceOf(Throttled.class);
        assertThat(carrier.throughput().partsPerSecond()).isEqualTo(50);
        assertThat(submit(carrier, "Hello")).isInstanceOf(Accepted.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
    }

    @Test
    void sendsARefusedPartAgainAlone() {
        smsc.thenOnSubmit(Reaction.accept("1"), Reaction.refuse(0x58));
        smsc.onSubmit(Reaction.accept("2"));

        assertThat(submit(open(), TWO_PARTS)).isEqualTo(SubmitOutcome.accepted(List.of("1", "2")));
        assertThat(smsc.submits()).hasSize(3);
        assertThat(Concatenated.of(smsc.submits().get(2)))
                .isEqualTo(Concatenated.of(smsc.submits().get(1)));
    }

    @Test
    void isUncertainWhenOnlySomePartsWereTaken() {
        smsc.thenOnSubmit(Reaction.accept("1"), Reaction.refuse(0x45));

        assertThat(submit(open(), TWO_PARTS))
                .asInstanceOf(type(Uncertain.class))
                .satisfies(uncertain -> {
                    assertThat(uncertain.cause()).isEqualTo(Uncertain.Cause.PARTIALLY_SENT);
                    assertThat(uncertain.acceptedIds()).containsExactly("1");
                });
    }

    @Test
    void sendsMorePartsThanTheWindowHolds() {
        Carrier carrier = open("window", "2");

        SubmitOutcome outcome = submit(carrier, "0123456789".repeat(76));

        assertThat(outcome)
                .asInstanceOf(type(Accepted.class))
                .satisfies(accepted -> assertThat(accepted.carrierMessageIds()).hasSize(5));
    }

    @Test
    void rejectsWithReason() {
        smsc.onSubmit(Reaction.refuse(0x0B));

        assertThat(submit(open(), "Hello")).asInstanceOf(type(Rejected.class)).satisfies(rejected -> {
            assertThat(rejected.reason()).isEqualTo(FailureClass.INVALID_NUMBER);
            assertThat(rejected.error().code()).isEqualTo("0x0000000B");
        });
    }

    @Test
    void takesANackForWhatItSays() {
        Carrier carrier = open();
        smsc.thenOnSubmit(nack(0x58), nack(0x08), nack(0x03), nack(0x04));

        assertThat(submit(carrier, "too fast")).isInstanceOf(Throttled.class);
        assertThat(submit(carrier, "not now")).isInstanceOf(Unavailable.class);
        assertThat(submit(carrier, "never"))
                .asInstanceOf(type(Rejected.class))
                .returns(FailureClass.CONTENT_INVALID, Rejected::reason);
        assertThat(submit(carrier, "not bound")).isInstanceOf(Unavailable.class);
        await(() -> smsc.count(Command.BIND_TRANSCEIVER) == 2 && Accounts.status(carrier) == CarrierHealth.Status.UP);
    }

    @Test
    void isUncertainWhenTheIdCannotBeOne() {
        smsc.onSubmit(Reaction.accept("1".repeat(300)));

        assertThat(submit(open(), "Hello"))
                .asInstanceOf(type(Uncertain.class))
                .returns(Uncertain.Cause.UNREADABLE_ANSWER, Uncertain::cause);
    }

    private static Reaction nack(int status) {
        return (connection, submit) ->
                connection.write(new Pdu(Command.GENERIC_NACK, status, submit.sequence(), Pdu.Empty.BODY));
    }

    @Test
    void rebindsWhenTheSessionIsRefused() {
        smsc.thenOnSubmit(Reaction.refuse(0x04));
        Carrier carrier = open();

        assertThat(submit(carrier, "Hello")).isInstanceOf(Unavailable.class);
        await(() -> smsc.count(Command.BIND_TRANSCEIVER) == 2 && Accounts.status(carrier) == CarrierHealth.Status.UP);
        assertThat(submit(carrier, "Hello")).isInstanceOf(Accepted.class);
    }

    @Test
    void holdsTheAccountWhenCredentialsAreRefusedAndAsksWithOneBindOnly() {
        smsc.onBind(bind -> 0x0E);
        long start = System.nanoTime();
        Carrier carrier = Accounts.open(context, smsc.port(), "binds", "4", "refused-bind-pause", "PT1S");
        opened.add(carrier);
        await(() -> Accounts.status(carrier) == CarrierHealth.Status.HOLD);

        assertThat(submit(carrier, "Hello")).isInstanceOf(Unavailable.class);
        assertThat(smsc.count(Command.BIND_TRANSCEIVER))
                .as("one, and one more after each pause")
                .isBetween(1L, 1 + Duration.ofNanos(System.nanoTime() - start).toSeconds());

        smsc.onBind(bind -> Status.OK);
        await(() -> Accounts.status(carrier) == CarrierHealth.Status.UP);
        assertThat(smsc.bound()).hasSize(4);
    }

    @Test
    void isDownWhenNobodyListensAndComesBack() {
        smsc.stopListening();
        Carrier carrier = Accounts.open(context, smsc.port());
        opened.add(carrier);
        await(() -> Accounts.health(carrier).detail().endsWith("cannot connect: refused"));
        assertThat(submit(carrier, "Hello")).isInstanceOf(Unavailable.class);

        smsc.listen();

        await(() -> Accounts.status(carrier) == CarrierHealth.Status.UP);
    }

    @Test
    void givesUpABindThatIsNotAnswered() {
        smsc.speaking(false);
        Carrier carrier = Accounts.open(context, smsc.port(), "bind-timeout", "PT0.2S");
        opened.add(carrier);

        await(() -> smsc.count(Command.BIND_TRANSCEIVER) > 1);
        await(() -> Accounts.health(carrier).detail().contains("the bind was not answered"));
    }

    @Test
    void asksASilentPeerAndReconnectsWithoutAnAnswer() {
        smsc.answeringEnquiries(false);
        Carrier carrier = open("enquire-interval", "PT0.2S", "enquire-timeout", "PT0.2S");

        await(() -> smsc.count(Command.ENQUIRE_LINK) >= 1 && smsc.count(Command.BIND_TRANSCEIVER) >= 2);
        smsc.answeringEnquiries(true);
        await(() -> Accounts.status(carrier) == CarrierHealth.Status.UP);
    }

    @Test
    void reconnectsWhenThePeerAnswersOtherSubmitsThanThoseItGot() {
        smsc.onSubmit((connection, submit) ->
                connection.accept(new Pdu(submit.command(), 0, submit.sequence() + 1_000, submit.body()), "1"));
        Carrier carrier = open("window", "3", "response-timeout", "PT0.3S");

        for (int i = 0; i < 3; i++) {
            assertThat(submit(carrier, "Hello")).isInstanceOf(Uncertain.class);
        }

        await(() -> smsc.count(Command.BIND_TRANSCEIVER) == 2);
    }

    @Test
    void answersAnUnbindOfSequenceZero() {
        open();

        smsc.bound().getFirst().write(Pdu.request(Command.UNBIND, 0, Pdu.Empty.BODY));

        await(() -> smsc.count(Command.UNBIND_RESP) == 1);
    }

    @Test
    void answersThePeersQuestions() {
        open();

        smsc.bound().getFirst().ask(Command.ENQUIRE_LINK);
        smsc.bound().getFirst().ask(Command.OUTBIND);

        await(() -> smsc.count(Command.ENQUIRE_LINK_RESP) == 1 && smsc.count(Command.GENERIC_NACK) == 1);
    }

    @Test
    void answersUnbindWhenWhatIsInFlightIsAnsweredAndBindsAgain() {
        smsc.thenOnSubmit((connection, pdu) -> {
            connection.ask(Command.UNBIND);
            connection.later(Duration.ofMillis(200), () -> connection.accept(pdu, "1"));
        });
        Carrier carrier = open();

        assertThat(submit(carrier, "Hello")).isEqualTo(SubmitOutcome.accepted("1"));
        await(() -> smsc.count(Command.UNBIND_RESP) == 1 && smsc.count(Command.BIND_TRANSCEIVER) == 2);
        await(() -> Accounts.status(carrier) == CarrierHealth.Status.UP);
    }

    @Test
    void bindsPairs() {
        Carrier carrier = open(
                "bind-mode",
                "transmitter-receiver",
                "binds",
                "2",
                "reconnect-minimum",
                "PT5S",
                "reconnect-maximum",
                "PT5S");

        assertThat(smsc.count(Command.BIND_TRANSMITTER)).isEqualTo(2);
        assertThat(smsc.count(Command.BIND_RECEIVER)).isEqualTo(2);
        assertThat(carrier.throughput().maximumInFlight()).isEqualTo(20);
        assertThat(submit(carrier, "Hello")).isInstanceOf(Accepted.class);

        smsc.connections().stream()
                .filter(each -> each.boundAs() == Command.BIND_TRANSMITTER)
                .findFirst()
                .orElseThrow()
                .cut();
        await(() -> Accounts.status(carrier) == CarrierHealth.Status.DEGRADED);
        assertThat(submit(carrier, "Hello")).isInstanceOf(Accepted.class);
    }

    @Test
    void spreadsOverBinds() {
        smsc.onSubmit(Reaction.silence());
        Carrier carrier = open("binds", "3", "window", "2", "queue-timeout", "PT0.2S", "response-timeout", "PT0.5S");

        Flux.range(0, 6).flatMap(number -> carrier.submit(request("Hello")), 6).blockLast();

        assertThat(smsc.submits()).hasSize(6);
    }

    @Test
    void refusesSettingsThatCannotWork() {
        for (String[] bad : new String[][] {
            {"port", "0"},
            {"window", "many"},
            {"receipt-zone", "Mars"},
            {"vendor-codes", "0x400=NONSENSE"},
            {"bind-mode", "both"},
            {"tls", "true", "tls-key", "/key.pem"}
        }) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Accounts.open(context, 2775, bad))
                    .withMessageContaining(bad[0]);
        }
    }

    @Test
    void canDoLessWithABindThatOnlyTransmits() {
        Carrier carrier = open("bind-mode", "transmitter", "validity-format", "none");

        assertThat(carrier.capabilities())
                .contains(Capability.MULTIPART)
                .doesNotContain(Capability.RECEIPTS, Capability.INBOUND, Capability.VALIDITY);
    }

    @Test
    void leavesNoThreadBehind() {
        Carrier carrier = open("binds", "2");
        submit(carrier, "Hello");
        assertThat(threads()).isPositive();

        carrier.close(Duration.ofSeconds(30)).block();
        Accounts.close(carrier);
        assertThat(submit(carrier, "Hello")).isInstanceOf(Unavailable.class);
        await(() -> threads() == 0);
        await(() -> smsc.connections().isEmpty());
        assertThat(smsc.count(Command.UNBIND)).isEqualTo(2);
    }

    @Test
    void letsWhatIsInFlightFinishWhenClosed() {
        smsc.onSubmit(Reaction.acceptAfter(Duration.ofMillis(300)));
        Carrier carrier = open();
        var outcome = carrier.submit(request("Hello")).toFuture();
        await(() -> smsc.submits().size() == 1);

        carrier.close(Duration.ofSeconds(30)).block();

        assertThat(outcome.join()).isInstanceOf(Accepted.class);
    }

    private long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("smpp-test"))
                .count();
    }

    private Carrier open(String... settings) {
        Carrier carrier = bound(context, smsc.port(), settings);
        opened.add(carrier);
        return carrier;
    }
}
