// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.shared;

import java.math.BigDecimal;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An amount in one currency. Amounts of different currencies are never added or compared: nobody here knows a rate.
 *
 * @param currency ISO 4217
 */
public record Money(BigDecimal amount, String currency) {

    /** Digits after the point: a part costs fractions of a cent. */
    public static final int SCALE = 5;

    private static final Pattern AMOUNT = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,5})?");
    private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");

    /** Null unless both are well-formed: a decimal number with a point, and three letters. */
    public static @Nullable Money parse(String amount, String currency) {
        return AMOUNT.matcher(amount).matches() && CURRENCY.matcher(currency).matches()
                ? new Money(new BigDecimal(amount), currency)
                : null;
    }

    public Money times(int factor) {
        return new Money(amount.multiply(BigDecimal.valueOf(factor)), currency);
    }

    /** Whether it is certainly no more: false for another currency. */
    public boolean isWithin(Money most) {
        return currency.equals(most.currency) && amount.compareTo(most.amount) <= 0;
    }

    /** The amount without needless zeros, as in {@code 0.045}. */
    public String plainAmount() {
        return amount.stripTrailingZeros().toPlainString();
    }
}
