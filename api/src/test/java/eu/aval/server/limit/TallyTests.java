// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.limit;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.shared.Money;
import eu.aval.server.shared.ProblemType;
import eu.aval.server.shared.TenantId;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TallyTests {

    private static final Instant NOW = Instant.parse("2026-11-30T22:15:00Z");
    private static final UUID SOMEBODY = new UUID(1, 1);
    private static final String BLOCK = "+3363998";

    private static final Limits PER_RECIPIENT = new Limits(3, 5, null, null, null, null, null, null);
    private static final Limits CODES = new Limits(null, null, 30, 2, null, null, null, null);

    @Test
    void admitsAnythingWithoutLimits() {
        Tally tally = new Tally(TrafficRules.NONE, Used.NOTHING, Map.of(), NOW);

        for (int i = 0; i < 1000; i++) {
            assertThat(tally.admit(code(0)).problem()).isNull();
        }
    }

    @Test
    void countsWhatTheSameBatchAdmitted() {
        Tally tally = tally(PER_RECIPIENT, Map.of());

        assertThat(problems(tally, message(0), message(0), message(0), message(0), message(1)))
                .containsExactly(null, null, null, ProblemType.RECIPIENT_LIMIT_REACHED, null);
    }

    @Test
    void countsWhatWasSentBefore() {
        Tally tally = tally(
                PER_RECIPIENT,
                Map.of(SOMEBODY, new RecentMessages(2, 2, NOW.minusSeconds(600), NOW.minusSeconds(600), null)));

        assertThat(problems(tally, message(0), message(0))).containsExactly(null, ProblemType.RECIPIENT_LIMIT_REACHED);
    }

    @Test
    void tellsWhenTheOldestOfTheHourIsOutOfIt() {
        Tally tally = tally(
                PER_RECIPIENT,
                Map.of(SOMEBODY, new RecentMessages(3, 3, NOW.minusSeconds(3000), NOW.minusSeconds(3000), null)));

        assertThat(tally.admit(message(0)).problem())
                .satisfies(problem -> assertThat(problem.retryAfter()).isEqualTo(Duration.ofSeconds(600)));
    }

    @Test
    void keepsTheLimitOfTheDayWhereThatOfTheHourIsFarAway() {
        Tally tally = tally(
                PER_RECIPIENT, Map.of(SOMEBODY, new RecentMessages(0, 4, null, NOW.minusSeconds(5 * 3600), null)));

        assertThat(tally.admit(message(0)).problem()).isNull();
        assertThat(tally.admit(message(0)).problem()).satisfies(problem -> {
            assertThat(problem.type()).isEqualTo(ProblemType.RECIPIENT_LIMIT_REACHED);
            assertThat(problem.retryAfter()).isEqualTo(Duration.ofHours(19));
        });
    }

    @Test
    void doesNotCountWhatItRefused() {
        Tally tally = tally(new Limits(null, null, null, null, 3L, null, null, null), Map.of());

        assertThat(problems(tally, parts(2), parts(2), parts(1)))
                .containsExactly(null, ProblemType.TENANT_QUOTA_REACHED, null);
    }

    @Test
    void letsACodeCoolDownAndNothingElse() {
        Tally tally = tally(CODES, Map.of(SOMEBODY, new RecentMessages(1, 1, null, null, NOW.minusSeconds(29))));

        assertThat(problems(tally, code(0), message(0))).containsExactly(ProblemType.COOL_DOWN, null);
        assertThat(problems(
                        tally(CODES, Map.of(SOMEBODY, new RecentMessages(1, 1, null, null, NOW.minusSeconds(30)))),
                        code(0)))
                .containsExactly((ProblemType) null);
    }

    @Test
    void stopsCodesToABlockOfNumbers() {
        Tally tally = new Tally(
                new TrafficRules(CODES, List.of()),
                new Used(0, BigDecimal.ZERO, 0, BigDecimal.ZERO, Map.of(BLOCK, 1L)),
                Map.of(),
                NOW);

        assertThat(problems(tally, code(7), code(8), message(9)))
                .containsExactly(null, ProblemType.BLOCK_LIMIT_REACHED, null);
        assertThat(tally.admit(code(10)).problem())
                .satisfies(problem -> assertThat(problem.retryAfter()).isEqualTo(Duration.ofMinutes(45)));
    }

    @Test
    void waitsForTheNextMonthInUtc() {
        Tally tally = new Tally(
                new TrafficRules(new Limits(null, null, null, null, null, 10L, null, null), List.of()),
                new Used(1, BigDecimal.ZERO, 10, BigDecimal.ZERO, Map.of()),
                Map.of(),
                NOW);

        assertThat(tally.admit(message(0)).problem())
                .satisfies(problem -> assertThat(problem.retryAfter()).isEqualTo(Duration.ofMinutes(105)));
    }

    @Test
    void spendsToTheLastCentAndNotBeyond() {
        Limits limits = new Limits(null, null, null, null, null, null, euro("1.00"), null);
        Tally tally = tally(limits, Map.of());

        assertThat(problems(tally, priced("0.60"), priced("0.41"), priced("0.40"), priced("0.00001")))
                .containsExactly(null, ProblemType.SPEND_LIMIT_REACHED, null, ProblemType.SPEND_LIMIT_REACHED);
    }

    @Test
    void spendsNothingWithoutAPrice() {
        Limits limits = new Limits(null, null, null, null, null, null, euro("1.00"), null);

        assertThat(problems(tally(limits, Map.of()), message(0))).containsExactly(ProblemType.PRICE_UNKNOWN);
        assertThat(problems(
                        tally(limits, Map.of()),
                        new Asked(UUID.randomUUID(), 0, null, false, "", 1, new Money(BigDecimal.ONE, "USD"))))
                .containsExactly(ProblemType.PRICE_UNKNOWN);
    }

    @Test
    void letsPassWhatAnOverrideLifts() {
        LimitOverride override = override(LimitKind.RECIPIENT, SOMEBODY, NOW.plusSeconds(1), null);
        Tally tally = new Tally(
                new TrafficRules(PER_RECIPIENT, List.of(override)),
                Used.NOTHING,
                Map.of(SOMEBODY, new RecentMessages(9, 9, NOW, NOW, null)),
                NOW);

        assertThat(tally.admit(message(0)))
                .isEqualTo(new Tally.Answer(
                        null,
                        List.of(
                                new Tally.Lifted(override.id(), LimitKind.RECIPIENT),
                                new Tally.Lifted(override.id(), LimitKind.RECIPIENT))));
    }

    @Test
    void holdsForOthersThanTheOverrideIsFor() {
        List<LimitOverride> others = List.of(
                override(LimitKind.RECIPIENT, new UUID(9, 9), NOW.plusSeconds(60), null),
                override(LimitKind.RECIPIENT, SOMEBODY, NOW, null),
                override(LimitKind.RECIPIENT, SOMEBODY, NOW.plusSeconds(60), NOW.minusSeconds(1)),
                override(LimitKind.QUOTA, null, NOW.plusSeconds(60), null));
        Tally tally = new Tally(
                new TrafficRules(PER_RECIPIENT, others),
                Used.NOTHING,
                Map.of(SOMEBODY, new RecentMessages(9, 9, NOW, NOW, null)),
                NOW);

        assertThat(problems(tally, message(0))).containsExactly(ProblemType.RECIPIENT_LIMIT_REACHED);
    }

    private static LimitOverride override(
            LimitKind kind, @Nullable UUID subject, Instant expiresAt, @Nullable Instant revokedAt) {
        return new LimitOverride(
                UUID.randomUUID(),
                new TenantId(new UUID(2, 2)),
                kind,
                subject,
                null,
                null,
                LimitOverride.Reason.TEST,
                null,
                NOW.minusSeconds(60),
                expiresAt,
                revokedAt);
    }

    private static Tally tally(Limits limits, Map<UUID, RecentMessages> recent) {
        return new Tally(new TrafficRules(limits, List.of()), Used.NOTHING, recent, NOW);
    }

    private static List<@Nullable ProblemType> problems(Tally tally, Asked... messages) {
        List<@Nullable ProblemType> problems = new ArrayList<>();
        for (Asked each : messages) {
            var problem = tally.admit(each).problem();
            problems.add(problem == null ? null : problem.type());
        }
        return problems;
    }

    private static Asked message(int recipient) {
        return new Asked(new UUID(3, 3), recipient, recipient == 0 ? SOMEBODY : null, false, "", 1, null);
    }

    private static Asked code(int recipient) {
        return new Asked(new UUID(3, 3), recipient, recipient == 0 ? SOMEBODY : null, true, BLOCK, 1, null);
    }

    private static Asked parts(int parts) {
        return new Asked(new UUID(3, 3), 0, SOMEBODY, false, "", parts, null);
    }

    private static Asked priced(String amount) {
        return new Asked(new UUID(3, 3), 0, SOMEBODY, false, "", 1, euro(amount));
    }

    private static Money euro(String amount) {
        return new Money(new BigDecimal(amount), "EUR");
    }
}
