// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.store;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Turns rows into the arrays that {@code unnest} turns into rows again. */
final class Columns<T> {

    /** The lane of a message in the queue, as SQL over {@code message_class}. */
    static final String LANE = """
            case when message_class = 'OTP' then 0 when message_class in ('MARKETING', 'SURVEY') then 2 else 1 end""";

    private final List<T> rows;

    private Columns(List<T> rows) {
        this.rows = rows;
    }

    static <T> Columns<T> of(List<T> rows) {
        return new Columns<>(rows);
    }

    @Nullable
    UUID[] ids(Function<T, @Nullable UUID> value) {
        @Nullable UUID[] column = new UUID[rows.size()];
        for (int i = 0; i < column.length; i++) {
            column[i] = value.apply(rows.get(i));
        }
        return column;
    }

    @Nullable
    String[] texts(Function<T, @Nullable String> value) {
        @Nullable String[] column = new String[rows.size()];
        for (int i = 0; i < column.length; i++) {
            column[i] = value.apply(rows.get(i));
        }
        return column;
    }

    Boolean[] flags(Predicate<T> value) {
        Boolean[] column = new Boolean[rows.size()];
        for (int i = 0; i < column.length; i++) {
            column[i] = value.test(rows.get(i));
        }
        return column;
    }

    Short[] smallNumbers(ToIntFunction<T> value) {
        Short[] column = new Short[rows.size()];
        for (int i = 0; i < column.length; i++) {
            column[i] = (short) value.applyAsInt(rows.get(i));
        }
        return column;
    }

    @Nullable
    OffsetDateTime[] times(Function<T, @Nullable Instant> value) {
        @Nullable OffsetDateTime[] column = new OffsetDateTime[rows.size()];
        for (int i = 0; i < column.length; i++) {
            Instant at = value.apply(rows.get(i));
            column[i] = at == null ? null : at.atOffset(ZoneOffset.UTC);
        }
        return column;
    }

    static OffsetDateTime time(Instant at) {
        return at.atOffset(ZoneOffset.UTC);
    }
}
