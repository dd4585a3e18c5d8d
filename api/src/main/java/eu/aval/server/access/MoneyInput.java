// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import eu.aval.server.shared.Money;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An amount of money as GraphQL reads it. Decimal text: a float would not be what was meant. */
public record MoneyInput(String amount, String currency) {

    /**
     * Null for null.
     *
     * @param pointer where it stands
     * @throws Problem INVALID_REQUEST
     */
    public static @Nullable Money read(@Nullable MoneyInput input, String pointer) {
        if (input == null) {
            return null;
        }
        Money money = Money.parse(input.amount(), input.currency());
        if (money == null) {
            String detail =
                    "An amount such as 0.045, with up to five digits after the point, and a currency such as EUR";
            throw new Problem(
                    ProblemType.INVALID_REQUEST, detail, List.of(new Problem.Field(pointer, "INVALID_VALUE", detail)));
        }
        return money;
    }
}
