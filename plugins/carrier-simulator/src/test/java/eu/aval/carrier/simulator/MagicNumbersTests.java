// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.simulator;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import eu.aval.spi.event.CarrierEvent.Delivery;
import eu.aval.spi.event.CarrierEvent.Inbound;
import eu.aval.spi.event.CarrierEvent.InboundPart;
import eu.aval.spi.event.CarrierEvent.OptChange;
import eu.aval.spi.event.DeliveryState;
import eu.aval.spi.failure.FailureClass;
import eu.aval.spi.submit.Reconciliation;
import eu.aval.spi.submit.SubmitOutcome;
import eu.aval.spi.submit.SubmitOutcome.Accepted;
import eu.aval.spi.submit.SubmitOutcome.Rejected;
import eu.aval.spi.submit.SubmitOutcome.Throttled;
import eu.aval.spi.submit.SubmitOutcome.Unavailable;
import eu.aval.spi.submit.SubmitOutcome.Uncertain;
import eu.aval.spi.submit.SubmitRequest;
import eu.aval.spi.text.Address;
import eu.aval.spi.text.Text;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class MagicNumbersTests {

    private final Play play = Play.withDefaults();

    @Test
    void deliversAtOnce() {
        CompletableFuture<SubmitOutcome> outcome =
                play.start(play.request("0000").build());
        play.pass(Duration.ZERO);

        assertThat(outcome).isCompletedWithValueMatching(Accepted.class::isInstance);
        assertThat(play.states()).containsExactly(DeliveryState.DELIVERED);
        assertThat(play.deliveries().get(0).carrierMessageIds())
                .isEqualTo(((Accepted) outcome.join()).carrierMessageIds());
    }

    @Test
    void deliversAfterTheReceiptDelay() {
        CompletableFuture<SubmitOutcome> outcome =
                play.start(play.request("0001").build());

        play.pass(Duration.ofMillis(20));
        assertThat(outcome).isDone();
        play.pass(Duration.ofMillis(999));
        assertThat(play.events()).isEmpty();
        play.pass(Duration.ofMillis(2));
        assertThat(play.states()).containsExactly(DeliveryState.DELIVERED);
    }

    @Test
    void tellsReceiptsInTheirOrder() {
        assertThat(statesOf("0002"))
                .containsExactly(DeliveryState.SENT, DeliveryState.BUFFERED, DeliveryState.DELIVERED);
        assertThat(statesOf("0003")).isEmpty();
        assertThat(statesOf("0602")).containsExactly(DeliveryState.DELIVERED, DeliveryState.DELIVERED);
        assertThat(statesOf("0603"))
                .containsExactly(DeliveryState.DELIVERED, DeliveryState.SENT, DeliveryState.ACCEPTED);
        assertThat(statesOf("0608")).containsExactly(DeliveryState.UNDELIVERED, DeliveryState.DELIVERED);
        assertThat(statesOf("0609")).containsExactly(DeliveryState.DELIVERED, DeliveryState.UNDELIVERED);
        assertThat(statesOf("0610")).containsExactly(DeliveryState.EXPIRED);
        assertThat(statesOf("0611")).containsExactly(DeliveryState.REJECTED);
        assertThat(statesOf("0612")).containsExactly(DeliveryState.CANCELLED);
        assertThat(statesOf("0613")).containsExactly(DeliveryState.UNKNOWN);
    }

    @Test
    void failsForEachReasonByReceiptAndBySubmit() {
        for (int i = 0; i < MagicNumbers.FAILURES.size(); i++) {
            FailureClass reason = MagicNumbers.FAILURES.get(i);
            Play one = Play.withDefaults();

            assertThat(one.submit(String.format("01%02d", i + 1))).isInstanceOf(Accepted.class);
            assertThat(one.deliveries()).singleElement().satisfies(delivery -> {
                assertThat(delivery.state()).isEqualTo(DeliveryState.UNDELIVERED);
                assertThat(delivery.reason()).isEqualTo(reason);
            });
            assertThat(one.submit(String.format("02%02d", i + 1)))
                    .isInstanceOfSatisfying(
                            Rejected.class,
                            rejected -> assertThat(rejected.reason()).isEqualTo(reason));
        }
    }

    @Test
    void throttlesAndIsUnavailableAsOftenAsTheNumberSays() {
        assertThat(List.of(play.submit("0302"), play.submit("0302"))).allMatch(Throttled.class::isInstance);
        assertThat(play.submit("0302")).isInstanceOf(Accepted.class);
        assertThat(play.submit("0401")).isInstanceOf(Unavailable.class);
        assertThat(play.submit("0401")).isInstanceOf(Accepted.class);
        for (int i = 0; i < 120; i++) {
            assertThat(play.submit("0399")).isInstanceOf(Throttled.class);
        }
    }

    @Test
    void losesTheAnswerAndTellsAReceiptLater() {
        assertThat(cause("0501")).isEqualTo(Uncertain.Cause.CONNECTION_LOST);
        assertThat(cause("0505")).isEqualTo(Uncertain.Cause.UNREADABLE_ANSWER);
        assertThat(cause("0506")).isEqualTo(Uncertain.Cause.TIMEOUT);

        assertThat(play.states())
                .containsExactly(DeliveryState.DELIVERED, DeliveryState.DELIVERED, DeliveryState.DELIVERED);
    }

    @Test
    void findsOnlyWhatWasTaken() {
        assertThat(cause("0502")).isEqualTo(Uncertain.Cause.CONNECTION_LOST);
        assertThat(cause("0503")).isEqualTo(Uncertain.Cause.CONNECTION_LOST);
        assertThat(cause("0504")).isEqualTo(Uncertain.Cause.CONNECTION_LOST);

        assertThat(look("0502")).isInstanceOf(Reconciliation.Found.class);
        assertThat(look("0503")).isInstanceOf(Reconciliation.NotFound.class);
        assertThat(List.of(look("0504"), look("0504"))).allMatch(Reconciliation.NotFound.class::isInstance);
        assertThat(look("0504")).isInstanceOf(Reconciliation.Found.class);
        assertThat(play.events()).isEmpty();
        assertThat(play.submit("0503")).isInstanceOf(Accepted.class);
        assertThat(play.states()).containsExactly(DeliveryState.DELIVERED);
    }

    @Test
    void answersForTheFirstPartOnly() {
        SubmitOutcome outcome =
                play.submit(play.request("0508", "a".repeat(400)).build());

        assertThat(outcome).isInstanceOfSatisfying(Uncertain.class, uncertain -> {
            assertThat(uncertain.cause()).isEqualTo(Uncertain.Cause.PARTIALLY_SENT);
            assertThat(play.deliveries())
                    .singleElement()
                    .satisfies(
                            delivery -> assertThat(delivery.carrierMessageIds()).isEqualTo(uncertain.acceptedIds()));
        });
    }

    @Test
    void tellsAReceiptBeforeTheAnswer() {
        CompletableFuture<SubmitOutcome> outcome =
                play.start(play.request("0601").build());
        play.pass(Duration.ofMillis(1));

        assertThat(play.states()).containsExactly(DeliveryState.DELIVERED);
        assertThat(outcome).isNotDone();
        play.pass(Duration.ofMillis(20));
        assertThat(((Accepted) outcome.join()).carrierMessageIds())
                .isEqualTo(play.deliveries().get(0).carrierMessageIds());
    }

    @Test
    void tellsReceiptsOfParts() {
        Accepted all =
                (Accepted) play.submit(play.request("0604", "a".repeat(400)).build());
        assertThat(all.carrierMessageIds()).hasSize(3);
        assertThat(play.deliveries())
                .flatExtracting(Delivery::carrierMessageIds)
                .containsExactlyElementsOf(all.carrierMessageIds());

        Play other = Play.withDefaults();
        other.submit(other.request("0605", "a".repeat(400)).build());
        assertThat(other.states())
                .containsExactly(DeliveryState.DELIVERED, DeliveryState.DELIVERED, DeliveryState.UNDELIVERED);
    }

    @Test
    void namesTheMessageInOtherWays() {
        Accepted hex = (Accepted) play.submit("0606");
        String id = hex.carrierMessageIds().get(0);
        assertThat(play.deliveries().get(0).carrierMessageIds())
                .containsExactly(Long.toUnsignedString(Long.parseUnsignedLong(id, 16)), id);

        Play other = Play.withDefaults();
        SubmitRequest request = other.request("0607").build();
        other.submit(request);
        assertThat(other.deliveries().get(0).carrierMessageIds()).isEmpty();
        assertThat(other.deliveries().get(0).messageId()).isEqualTo(request.messageId());
    }

    @Test
    void tellsAReceiptForAMessageNobodySent() {
        Accepted accepted = (Accepted) play.submit("0614");

        assertThat(play.deliveries()).hasSize(2);
        assertThat(play.deliveries().get(1).carrierMessageIds())
                .doesNotContainAnyElementsOf(accepted.carrierMessageIds());
    }

    @Test
    void writesBack() {
        for (String digits : new String[] {"0701", "0702", "0703", "0704", "0710", "0711"}) {
            play.submit(digits);
        }

        assertThat(play.replies())
                .extracting(reply -> reply.text().value())
                .containsExactly("STOP", "Stop. Merci", "ARRET", "« Arrêt »", "START", "AIDE");
        assertThat(play.replies().get(0).from()).isEqualTo(SimulatorFixture.number("0701"));
        assertThat(play.replies().get(0).to().value()).isEqualTo("36180");
    }

    @Test
    void writesBackTwiceOrInPart() {
        play.submit("0708");
        play.submit("0709");

        assertThat(play.replies()).extracting(Inbound::complete).containsExactly(true, true, false);
        assertThat(play.replies().get(0).carrierMessageId())
                .isEqualTo(play.replies().get(1).carrierMessageId())
                .isNotEqualTo(play.replies().get(2).carrierMessageId());
    }

    @Test
    void writesBackInPartsOutOfOrder() {
        play.submit("0712");

        assertThat(play.parts()).extracting(InboundPart::number).containsExactly(3, 1, 2);
        assertThat(play.parts()).extracting(InboundPart::total).containsOnly(3);
        assertThat(play.parts())
                .extracting(InboundPart::reference)
                .containsOnly(play.parts().get(0).reference());
        assertThat(play.parts()).extracting(InboundPart::carrierMessageId).doesNotHaveDuplicates();
        assertThat(play.parts().stream()
                        .sorted(Comparator.comparing(InboundPart::number))
                        .map(part -> part.text().value())
                        .collect(joining()))
                .startsWith("Bonjour")
                .endsWith("5€ de moins.");
        assertThat(play.replies()).isEmpty();
    }

    @Test
    void losesAPartOfWhatTheHandsetWrites() {
        play.submit("0713");

        assertThat(play.parts()).extracting(InboundPart::number).containsExactly(1, 3);
    }

    @Test
    void changesTheCarriersList() {
        play.submit("0801");
        play.submit("0802");
        play.submit("0803");

        List<OptChange> changes = play.events().stream()
                .filter(OptChange.class::isInstance)
                .map(OptChange.class::cast)
                .toList();
        assertThat(changes).extracting(OptChange::optedOut).containsExactly(true, true, false);
        assertThat(changes.get(0).sender()).isNull();
        assertThat(changes.get(1).sender()).isNotNull();
    }

    @Test
    void answersLateOrTooLate() {
        CompletableFuture<SubmitOutcome> slow = play.start(play.request("0903").build());
        play.pass(Duration.ofMillis(2_999));
        assertThat(slow).isNotDone();
        play.pass(Duration.ofMillis(2));
        assertThat(slow).isCompletedWithValueMatching(Accepted.class::isInstance);

        assertThat(cause("0911")).isEqualTo(Uncertain.Cause.TIMEOUT);
    }

    @Test
    void deliversAfterSecondsAndMinutes() {
        play.start(play.request("1030").build());
        play.start(play.request("1102").build());

        play.pass(Duration.ofSeconds(29));
        assertThat(play.states()).isEmpty();
        play.pass(Duration.ofSeconds(2));
        assertThat(play.states()).hasSize(1);
        play.pass(Duration.ofSeconds(100));
        assertThat(play.states()).hasSize(2);
    }

    @Test
    void misbehaves() {
        assertThat(play.start(play.request("9901").build())).isCompletedExceptionally();
        assertThatIllegalStateException()
                .isThrownBy(() -> play.carrier().submit(play.request("9902").build()));
        CompletableFuture<SubmitOutcome> silent =
                play.start(play.request("9903").build());
        play.pass(Duration.ofHours(1));
        assertThat(silent).isNotDone();
        assertThat(play.start(play.request("9904").build())).isCompletedWithValue(null);
    }

    @Test
    void expiresWhatIsDeliveredAfterItsValidity() {
        play.submit(play.request("1105").validity(Duration.ofMinutes(1)).build());

        assertThat(play.states()).containsExactly(DeliveryState.EXPIRED);
    }

    @Test
    void tellsNoReceiptThatNobodyWants() {
        play.submit(play.request("0001").receipt(false).build());

        assertThat(play.events()).isEmpty();
    }

    @Test
    void strikesTheSameMessagesInEveryRun() {
        Map<String, String> settings = Map.of("throttling", "0.2", "uncertainty", "0.2", "loss", "0.2");
        List<String> first = run(settings);

        assertThat(run(settings)).isEqualTo(first);
        assertThat(first.stream().filter("Throttled"::equals).count()).isBetween(60L, 140L);
        assertThat(run(Map.of("throttling", "0.2", "seed", "2"))).isNotEqualTo(first);
    }

    @Test
    void takesNoMorePartsThanItsLimit() {
        Play limited = new Play(Map.of("parts-per-second", "10", "latency", "PT0S"));
        List<SubmitOutcome> outcomes = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            outcomes.add(limited.start(ordinary(i)).join());
        }

        assertThat(outcomes.stream().filter(Accepted.class::isInstance)).hasSize(10);
        limited.pass(Duration.ofMillis(500));
        assertThat(limited.start(ordinary(50)).join()).isInstanceOf(Accepted.class);
    }

    @Test
    void tellsAgainWhatTheHostCouldNotStore() {
        play.context().fail();
        play.start(play.request("0000").build());
        play.pass(Duration.ofSeconds(10));
        assertThat(play.events()).isEmpty();
        play.context().release();
        play.pass(Duration.ofSeconds(10));

        assertThat(play.states()).containsExactly(DeliveryState.DELIVERED);
        assertThat(play.context().counts()).containsEntry("redelivered", 4);
    }

    @Test
    void tellsWhatIsLeftWhenItCloses() {
        play.start(play.request("1150").build());
        play.pass(Duration.ofSeconds(1));

        CompletableFuture<Void> closed =
                play.carrier().close(Duration.ofSeconds(5)).toFuture();
        play.pass(Duration.ofMillis(1));

        assertThat(closed).isCompleted();
        assertThat(play.states()).containsExactly(DeliveryState.DELIVERED);
    }

    @Test
    void keepsTheTableOfTheReadme() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        for (String[] row : table("magic-numbers.tsv")) {
            assertThat(readme).contains("| `" + row[0] + "` | " + row[1] + " | " + row[2] + " |");
        }
        for (String[] row : table("failures.tsv")) {
            assertThat(readme).contains("| `" + row[0] + "` | " + row[1] + " |");
        }
    }

    @Test
    void numbersFailuresAsInTheTable() throws IOException {
        assertThat(table("failures.tsv"))
                .hasSameSizeAs(MagicNumbers.FAILURES)
                .allSatisfy(row -> assertThat(MagicNumbers.codeOf(FailureClass.valueOf(row[1])))
                        .isEqualTo(Integer.parseInt(row[0])));
    }

    @Test
    void hasAScriptForEachNumberOfTheTable() throws IOException {
        for (String[] row : table("magic-numbers.tsv")) {
            String digits = row[0].replace("nn", "01").replace("cc", "01");

            assertThat(MagicNumbers.scriptOf(SimulatorFixture.number(digits)).ordinary())
                    .as("%s is an ordinary number", digits)
                    .isFalse();
        }
    }

    private static List<String[]> table(String name) throws IOException {
        try (InputStream table = MagicNumbers.class.getResourceAsStream(name)) {
            return new String(table.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .skip(1)
                    .map(line -> line.split("\t", -1))
                    .toList();
        }
    }

    private List<DeliveryState> statesOf(String lastDigits) {
        Play one = Play.withDefaults();
        one.submit(lastDigits);
        return one.states();
    }

    private Uncertain.Cause cause(String lastDigits) {
        return ((Uncertain) play.submit(lastDigits)).cause();
    }

    private Reconciliation look(String lastDigits) {
        return play.carrier()
                .reconcile(play.request(lastDigits).build())
                .toFuture()
                .join();
    }

    private static List<String> run(Map<String, String> settings) {
        Play one = new Play(settings);
        List<String> seen = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            seen.add(one.submit(ordinary(i)).getClass().getSimpleName());
        }
        one.deliveries()
                .forEach(delivery -> seen.add(delivery.carrierMessageIds().get(0)));
        return seen;
    }

    private static SubmitRequest ordinary(int number) {
        return SubmitRequest.builder(
                        new UUID(1, number),
                        Address.e164("+33639990000"),
                        Address.of(Address.Kind.ALPHANUMERIC, "AVAL"),
                        Text.of("Hello"))
                .build();
    }
}
