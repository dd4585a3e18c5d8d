// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.limit;

import eu.aval.server.shared.Money;
import eu.aval.server.shared.Problem;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The limits of a tenant; null is none. Days and months are those of UTC.
 *
 * <p>Recipients are counted over the last hour and the last 24 hours. Requests that are decided at the very same moment
 * do not see each other: of as many as run in parallel, a handful more than the limit may pass. Quotas, blocks and spend
 * are exact.
 *
 * @param recipientPerHour messages to one recipient
 * @param recipientPerDay messages to one recipient
 * @param otpCoolDown seconds between two one-time codes to one recipient
 * @param otpBlockPerHour one-time codes within a clock hour to numbers that differ in the last four digits only: whoever
 *     pumps codes to numbers that earn them money uses ranges
 * @param partsPerDay parts of all messages
 * @param partsPerMonth parts of all messages
 * @param spendPerDay expected price of all messages
 * @param spendPerMonth expected price of all messages; in the currency of {@code spendPerDay}
 */
public record Limits(
        @Nullable Integer recipientPerHour,
        @Nullable Integer recipientPerDay,
        @Nullable Integer otpCoolDown,
        @Nullable Integer otpBlockPerHour,
        @Nullable Long partsPerDay,
        @Nullable Long partsPerMonth,
        @Nullable Money spendPerDay,
        @Nullable Money spendPerMonth) {

    public static final Limits NONE = new Limits(null, null, null, null, null, null, null, null);

    /** What a new tenant has until somebody decides otherwise. */
    public static final Limits STANDARD = new Limits(20, 50, 30, 100, null, null, null, null);

    private static final int LARGEST = 1_000_000;
    private static final int LONGEST_COOL_DOWN = 3600;
    private static final BigDecimal DEAREST = BigDecimal.valueOf(1_000_000_000);

    /** Whether there is anything to know about recipients. */
    public boolean concernRecipients() {
        return recipientPerHour != null || recipientPerDay != null || otpCoolDown != null;
    }

    /** Whether the tenant has a quota or may spend so much only. */
    public boolean concernTenant() {
        return partsPerDay != null || partsPerMonth != null || spendPerDay != null || spendPerMonth != null;
    }

    /** Of what may be spent; null without such a limit. */
    public @Nullable String currency() {
        if (spendPerDay != null) {
            return spendPerDay.currency();
        }
        return spendPerMonth == null ? null : spendPerMonth.currency();
    }

    /** What is wrong with them. */
    public List<Problem.Field> defects() {
        List<Problem.Field> wrong = new ArrayList<>();
        check(wrong, "/recipientPerHour", recipientPerHour, LARGEST);
        check(wrong, "/recipientPerDay", recipientPerDay, LARGEST);
        check(wrong, "/otpCoolDown", otpCoolDown, LONGEST_COOL_DOWN);
        check(wrong, "/otpBlockPerHour", otpBlockPerHour, LARGEST);
        check(wrong, "/partsPerDay", partsPerDay, Long.MAX_VALUE);
        check(wrong, "/partsPerMonth", partsPerMonth, Long.MAX_VALUE);
        check(wrong, "/spendPerDay", spendPerDay);
        check(wrong, "/spendPerMonth", spendPerMonth);
        if (spendPerDay != null
                && spendPerMonth != null
                && !spendPerDay.currency().equals(spendPerMonth.currency())) {
            wrong.add(new Problem.Field("/spendPerMonth", "OTHER_CURRENCY", "Both are in one currency"));
        }
        return wrong;
    }

    private static void check(List<Problem.Field> wrong, String pointer, @Nullable Number value, long most) {
        if (value != null && (value.longValue() < 1 || value.longValue() > most)) {
            wrong.add(new Problem.Field(
                    pointer,
                    "OUT_OF_RANGE",
                    most == Long.MAX_VALUE ? "At least 1, or none" : "1 to " + most + ", or none"));
        }
    }

    private static void check(List<Problem.Field> wrong, String pointer, @Nullable Money value) {
        if (value != null && (value.amount().signum() <= 0 || value.amount().compareTo(DEAREST) > 0)) {
            wrong.add(new Problem.Field(pointer, "OUT_OF_RANGE", "More than nothing, or none"));
        }
    }
}
