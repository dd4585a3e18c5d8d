// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.store;

import io.r2dbc.spi.Readable;
import java.util.Objects;
import java.util.UUID;

/** Reads what is never null in a row. */
final class RowValues {

    private RowValues() {}

    static UUID uuid(Readable row, String column) {
        return Objects.requireNonNull(row.get(column, UUID.class), column);
    }

    static String text(Readable row, String column) {
        return Objects.requireNonNull(row.get(column, String.class), column);
    }

    static int number(Readable row, String column) {
        return Objects.requireNonNull(row.get(column, Integer.class), column);
    }

    static boolean flag(Readable row, String column) {
        return Boolean.TRUE.equals(row.get(column, Boolean.class));
    }
}
