// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.limit;

import eu.aval.server.shared.Money;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Counts the messages of one batch against the limits of their tenant, one after the other: what is admitted counts for
 * those that follow. Computation only; for one thread.
 */
public final class Tally {

    /** Says that a message passes although a limit is reached. */
    public record Lifted(UUID override, LimitKind kind) {}

    /** What is said to a message: a problem, or what was lifted for it. */
    public record Answer(@Nullable Problem problem, List<Lifted> lifted) {

        static final Answer FREE = new Answer(null, List.of());
    }

    private static final class Recipient {
        private int lastHour;
        private int lastDay;
        private @Nullable Instant lastOtp;

        private Recipient(RecentMessages recent) {
            lastHour = recent.lastHour();
            lastDay = recent.lastDay();
            lastOtp = recent.lastOtp();
        }
    }

    /** One limit that is reached. */
    private record Reached(LimitKind kind, ProblemType type, String detail, Duration left) {}

    private final TrafficRules rules;
    private final Used used;
    private final Map<UUID, RecentMessages> recent;
    private final Instant now;
    private final Map<Integer, Recipient> recipients = new HashMap<>();
    private final Map<String, Long> blocks = new HashMap<>();
    private long parts;
    private BigDecimal amount = BigDecimal.ZERO;

    /** @param recent by subject; who is not in it was sent nothing */
    public Tally(TrafficRules rules, Used used, Map<UUID, RecentMessages> recent, Instant now) {
        this.rules = rules;
        this.used = used;
        this.recent = recent;
        this.now = now;
    }

    /** Admits a message unless a limit is in its way; only what is admitted is counted. */
    public Answer admit(Asked message) {
        Limits limits = rules.limits();
        if (limits.equals(Limits.NONE)) {
            return Answer.FREE;
        }
        List<Lifted> lifted = List.of();
        for (Reached reached : reached(limits, message)) {
            LimitOverride override = rules.lifting(reached.kind(), message.subject(), message.block(), now);
            if (override == null) {
                return new Answer(new Problem(reached.type(), reached.detail(), List.of(), reached.left()), List.of());
            }
            lifted = new ArrayList<>(lifted);
            lifted.add(new Lifted(override.id(), reached.kind()));
        }
        count(message);
        return lifted.isEmpty() ? Answer.FREE : new Answer(null, List.copyOf(lifted));
    }

    private List<Reached> reached(Limits limits, Asked message) {
        List<Reached> all = new ArrayList<>(0);
        recipient(limits, message, all);
        block(limits, message, all);
        quota(limits.partsPerDay(), used.dayParts() + parts + message.parts(), "day", untilTomorrow(), all);
        quota(limits.partsPerMonth(), used.monthParts() + parts + message.parts(), "month", untilNextMonth(), all);
        spend(limits.spendPerDay(), used.dayAmount(), message, "day", untilTomorrow(), all);
        spend(limits.spendPerMonth(), used.monthAmount(), message, "month", untilNextMonth(), all);
        return all;
    }

    private void recipient(Limits limits, Asked message, List<Reached> all) {
        if (!limits.concernRecipients()) {
            return;
        }
        RecentMessages before = before(message);
        Recipient own = recipients.computeIfAbsent(message.recipient(), first -> new Recipient(before));
        Integer perHour = limits.recipientPerHour();
        if (perHour != null && own.lastHour >= perHour) {
            all.add(new Reached(
                    LimitKind.RECIPIENT,
                    ProblemType.RECIPIENT_LIMIT_REACHED,
                    "The recipient is sent at most " + perHour + " messages in an hour",
                    wait(before.hourSince(), Duration.ofHours(1))));
        }
        Integer perDay = limits.recipientPerDay();
        if (perDay != null && own.lastDay >= perDay) {
            all.add(new Reached(
                    LimitKind.RECIPIENT,
                    ProblemType.RECIPIENT_LIMIT_REACHED,
                    "The recipient is sent at most " + perDay + " messages in 24 hours",
                    wait(before.daySince(), Duration.ofDays(1))));
        }
        Integer coolDown = limits.otpCoolDown();
        Instant lastOtp = own.lastOtp;
        if (coolDown != null && message.otp() && lastOtp != null) {
            Duration left = Duration.between(now, lastOtp.plusSeconds(coolDown));
            if (left.isPositive()) {
                all.add(new Reached(
                        LimitKind.COOL_DOWN,
                        ProblemType.COOL_DOWN,
                        "Between two one-time codes to one recipient lie " + coolDown + " seconds",
                        left));
            }
        }
    }

    private void block(Limits limits, Asked message, List<Reached> all) {
        Integer perHour = limits.otpBlockPerHour();
        if (perHour != null
                && message.otp()
                && used.blocks().getOrDefault(message.block(), 0L) + blocks.getOrDefault(message.block(), 0L)
                        >= perHour) {
            all.add(new Reached(
                    LimitKind.BLOCK,
                    ProblemType.BLOCK_LIMIT_REACHED,
                    "Numbers that differ in the last four digits only are sent at most " + perHour
                            + " one-time codes in an hour",
                    Duration.between(now, Periods.hour(now).plus(Duration.ofHours(1)))));
        }
    }

    private static void quota(@Nullable Long most, long wanted, String period, Duration wait, List<Reached> all) {
        if (most != null && wanted > most) {
            all.add(new Reached(
                    LimitKind.QUOTA,
                    ProblemType.TENANT_QUOTA_REACHED,
                    "The tenant sends at most " + most + " parts in a " + period + " (UTC)",
                    wait));
        }
    }

    private void spend(
            @Nullable Money most, BigDecimal before, Asked message, String period, Duration wait, List<Reached> all) {
        if (most == null) {
            return;
        }
        Money price = message.price();
        if (price == null || !price.currency().equals(most.currency())) {
            all.add(new Reached(
                    LimitKind.SPEND,
                    ProblemType.PRICE_UNKNOWN,
                    "The tenant may spend so much only, and the route has no price in " + most.currency(),
                    wait));
        } else if (before.add(amount).add(price.amount()).compareTo(most.amount()) > 0) {
            all.add(new Reached(
                    LimitKind.SPEND,
                    ProblemType.SPEND_LIMIT_REACHED,
                    "The tenant spends at most " + most.plainAmount() + " " + most.currency() + " in a " + period
                            + " (UTC)",
                    wait));
        }
    }

    private void count(Asked message) {
        Recipient own = recipients.get(message.recipient());
        if (own != null) {
            own.lastHour++;
            own.lastDay++;
            if (message.otp()) {
                own.lastOtp = now;
            }
        }
        if (message.otp()) {
            blocks.merge(message.block(), 1L, Long::sum);
        }
        parts += message.parts();
        Money price = message.price();
        if (price != null && price.currency().equals(rules.limits().currency())) {
            amount = amount.add(price.amount());
        }
    }

    private RecentMessages before(Asked message) {
        UUID subject = message.subject();
        return subject == null ? RecentMessages.NONE : recent.getOrDefault(subject, RecentMessages.NONE);
    }

    /** Until the oldest is out of the window; the whole window when those that count are of this moment. */
    private Duration wait(@Nullable Instant oldest, Duration window) {
        Duration left = oldest == null ? window : Duration.between(now, oldest.plus(window));
        return left.isPositive() ? left : Duration.ofSeconds(1);
    }

    private Duration untilTomorrow() {
        return Duration.between(now, Periods.day(now).plus(Duration.ofDays(1)));
    }

    private Duration untilNextMonth() {
        LocalDate next = LocalDate.ofInstant(Periods.month(now), ZoneOffset.UTC).plusMonths(1);
        return Duration.between(now, next.atStartOfDay(ZoneOffset.UTC).toInstant());
    }
}
