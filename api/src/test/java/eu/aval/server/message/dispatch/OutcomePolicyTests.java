// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.message.MessageStatus;
import eu.aval.server.message.dispatch.ClaimedMessage.Attempt;
import eu.aval.server.message.dispatch.Settlement.Doubtful;
import eu.aval.server.message.dispatch.Settlement.Ended;
import eu.aval.server.message.dispatch.Settlement.Outcome;
import eu.aval.server.message.dispatch.Settlement.Requeued;
import eu.aval.server.message.dispatch.Settlement.Resolution;
import eu.aval.server.message.dispatch.Settlement.Submitted;
import eu.aval.server.shared.TenantId;
import eu.aval.spi.Capability;
import eu.aval.spi.failure.CarrierError;
import eu.aval.spi.failure.FailureClass;
import eu.aval.spi.submit.MessageClass;
import eu.aval.spi.submit.SubmitOutcome;
import eu.aval.spi.submit.SubmitOutcome.Uncertain.Cause;
import eu.aval.spi.text.Encoding;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class OutcomePolicyTests {

    private static final Instant NOW = Instant.parse("2026-11-24T08:00:00Z");
    private static final UUID HERE = new UUID(0, 1);
    private static final UUID THERE = new UUID(0, 2);
    private static final UUID ELSEWHERE = new UUID(0, 3);
    private static final CarrierError ERROR = CarrierError.of("0x00000008");
    private static final SubmitOutcome NO_ANSWER = SubmitOutcome.uncertain(Cause.TIMEOUT, ERROR);

    private final OutcomePolicy policy = new OutcomePolicy(10, () -> 0.5);

    @Test
    void keepsTheIdsOfWhatWasAccepted() {
        Submitted submitted = (Submitted) decide(message(1), SubmitOutcome.accepted(List.of("a", "b")));

        assertThat(submitted.carrierMessageIds()).containsExactly("a", "b");
    }

    @ParameterizedTest
    @EnumSource(
            value = FailureClass.class,
            names = {"INVALID_NUMBER", "NOT_MOBILE", "OPTED_OUT", "CARRIER_FILTERED", "CONTENT_INVALID", "POLICY"})
    void neverTakesToAnotherCarrierWhatIsAboutTheRecipientOrTheContent(FailureClass reason) {
        assertThat(decide(message(1), SubmitOutcome.rejected(reason, ERROR), THERE))
                .isInstanceOf(Ended.class);
    }

    @ParameterizedTest
    @EnumSource(
            value = FailureClass.class,
            names = {"ROUTE_DOWN", "CARRIER_ERROR", "CREDIT", "AUTH", "QUEUE_FULL", "SENDER_REJECTED"})
    void takesToAnotherCarrierWhatIsAboutTheRoute(FailureClass reason) {
        Requeued requeued = (Requeued) decide(message(1), SubmitOutcome.rejected(reason, ERROR), THERE);

        assertThat(requeued.nextAccountId()).isEqualTo(THERE);
        assertThat(requeued.due()).isEqualTo(NOW);
    }

    @Test
    void triesNoCarrierTwiceThatHasRefused() {
        ClaimedMessage refused = message(2, Set.of(THERE), false);

        Requeued requeued =
                (Requeued) decide(refused, SubmitOutcome.rejected(FailureClass.CARRIER_ERROR, ERROR), THERE, ELSEWHERE);

        assertThat(requeued.nextAccountId()).isEqualTo(ELSEWHERE);
    }

    @Test
    void waitsForTheOnlyCarrierWhoseCreditIsUsedUp() {
        Requeued requeued = (Requeued) decide(message(1), SubmitOutcome.rejected(FailureClass.CREDIT, ERROR));

        assertThat(requeued.nextAccountId()).isEqualTo(HERE);
        assertThat(requeued.due()).isAfter(NOW);
    }

    @Test
    void comesBackWhenTheCarrierSaysSo() {
        Requeued requeued =
                (Requeued) decide(message(1), SubmitOutcome.throttled(Duration.ofSeconds(30), ERROR), THERE);

        assertThat(requeued.nextAccountId()).isEqualTo(HERE);
        assertThat(requeued.due()).isEqualTo(NOW.plusSeconds(30));
    }

    @Test
    void waitsLongerFromTryToTry() {
        Requeued first = (Requeued) decide(message(1), SubmitOutcome.unavailable(ERROR));
        Requeued fourth = (Requeued) decide(message(4), SubmitOutcome.unavailable(ERROR));

        assertThat(first.due()).isEqualTo(NOW.plusSeconds(1));
        assertThat(fourth.due()).isEqualTo(NOW.plusSeconds(8));
    }

    @Test
    void failsAfterTheLastTry() {
        Ended ended = (Ended) decide(message(10), SubmitOutcome.unavailable(ERROR));

        assertThat(ended.status()).isEqualTo(MessageStatus.UNDELIVERED);
        assertThat(ended.reason()).isEqualTo(FailureClass.ROUTE_DOWN);
    }

    @Test
    void neverSendsAgainWhatIsUncertain() {
        Doubtful doubtful = (Doubtful) decide(message(1), NO_ANSWER, THERE);

        assertThat(doubtful.next()).isEqualTo(Resolution.WAIT);
        assertThat(doubtful.due()).isEqualTo(NOW.plus(Duration.ofMinutes(15)));
    }

    @Test
    void asksACarrierThatCanBeAsked() {
        Doubtful doubtful = (Doubtful) decide(message(1), Set.of(Capability.RECONCILE), NO_ANSWER);

        assertThat(doubtful.next()).isEqualTo(Resolution.LOOK_UP);
        assertThat(doubtful.due()).isEqualTo(NOW.plusSeconds(30));
    }

    @Test
    void repeatsTheSameKeyThreeTimesWhereDuplicatesAreRemoved() {
        Set<Capability> capabilities = Set.of(Capability.DEDUPLICATION);

        assertThat(((Doubtful) decide(message(3), capabilities, NO_ANSWER)).next())
                .isEqualTo(Resolution.RESEND);
        assertThat(((Doubtful) decide(message(4), capabilities, NO_ANSWER)).next())
                .isEqualTo(Resolution.WAIT);
    }

    @Test
    void doesNotRepeatWhatWasTakenInPart() {
        SubmitOutcome part = new SubmitOutcome.Uncertain(Cause.PARTIALLY_SENT, ERROR, List.of("a"));

        Settlement settlement = decide(message(1), Set.of(Capability.DEDUPLICATION, Capability.RECONCILE), part);

        assertThat(((Doubtful) settlement).next()).isEqualTo(Resolution.WAIT);
    }

    @Test
    void takesADuplicateOfItsOwnKeyForAccepted() {
        SubmitOutcome duplicate = SubmitOutcome.rejected(FailureClass.DUPLICATE, ERROR);

        assertThat(decide(message(2, Set.of(), true), Set.of(Capability.DEDUPLICATION), duplicate))
                .isInstanceOf(Submitted.class);
        assertThat(decide(message(1), Set.of(Capability.DEDUPLICATION), duplicate))
                .isInstanceOf(Ended.class);
    }

    @Test
    void keepsARepetitionWithItsCarrierWhateverHappens() {
        ClaimedMessage repetition = message(2, Set.of(), true);

        assertThat(decide(repetition, SubmitOutcome.rejected(FailureClass.CARRIER_ERROR, ERROR), THERE))
                .isInstanceOf(Doubtful.class);
        assertThat(((Requeued) decide(repetition, SubmitOutcome.unavailable(ERROR), THERE)).nextAccountId())
                .isEqualTo(HERE);
        assertThat(((Requeued) policy.released(repetition, List.of(THERE), NOW, Duration.ZERO)).nextAccountId())
                .isEqualTo(HERE);
    }

    @Test
    void givesBackToTheNextRouteWhatWasNotSent() {
        Requeued requeued = (Requeued) policy.released(message(1), List.of(THERE), NOW, Duration.ofSeconds(1));

        assertThat(requeued.outcome()).isEqualTo(Outcome.RELEASED);
        assertThat(requeued.nextAccountId()).isEqualTo(THERE);
    }

    private Settlement decide(ClaimedMessage message, SubmitOutcome outcome, UUID... others) {
        return policy.decide(message, Set.of(), outcome, List.of(others), NOW);
    }

    private Settlement decide(ClaimedMessage message, Set<Capability> capabilities, SubmitOutcome outcome) {
        return policy.decide(message, capabilities, outcome, List.of(), NOW);
    }

    private static ClaimedMessage message(int attempt) {
        return message(attempt, Set.of(), false);
    }

    private static ClaimedMessage message(int attempt, Set<UUID> refusedBy, boolean pinned) {
        ByteBuffer nothing = ByteBuffer.allocate(0);
        return new ClaimedMessage(
                new Attempt(new UUID(1, 1), attempt, new TenantId(new UUID(2, 2)), HERE),
                new UUID(3, 3),
                1,
                1,
                null,
                pinned,
                false,
                MessageClass.TRANSACTIONAL,
                "AVAL",
                "FR",
                Encoding.GSM7,
                NOW.plusSeconds(3600),
                refusedBy,
                nothing,
                nothing,
                nothing);
    }
}
