// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.store;

import eu.aval.server.shared.Money;
import io.r2dbc.spi.Readable;
import java.math.BigDecimal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Amounts of {@code aval.message}, all in the currency of its row. */
final class PriceColumns {

    private PriceColumns() {}

    static @Nullable Money price(Readable row) {
        return money(row, "price");
    }

    static @Nullable Money maxPrice(Readable row) {
        return money(row, "max_price");
    }

    private static @Nullable Money money(Readable row, String column) {
        BigDecimal amount = row.get(column, BigDecimal.class);
        return amount == null
                ? null
                : new Money(amount, Objects.requireNonNull(row.get("currency", String.class), "currency"));
    }
}
