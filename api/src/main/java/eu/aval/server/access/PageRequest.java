// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which page of a connection.
 *
 * @param size how many items
 * @param after the last item of the page before; null is the first page
 */
public record PageRequest(int size, @Nullable UUID after) {

    private static final int LARGEST = 100;

    /**
     * From the arguments {@code first} and {@code after} of a field.
     *
     * @throws Problem INVALID_REQUEST
     */
    public static PageRequest of(int first, @Nullable String after) {
        List<Problem.Field> wrong = new ArrayList<>();
        if (first < 1 || first > LARGEST) {
            wrong.add(new Problem.Field("/first", "OUT_OF_RANGE", "1 to " + LARGEST));
        }
        UUID last = after == null ? null : Cursor.parse(after);
        if (after != null && last == null) {
            wrong.add(new Problem.Field("/after", "INVALID_VALUE", "Give back endCursor of the page before"));
        }
        if (!wrong.isEmpty()) {
            throw new Problem(ProblemType.INVALID_REQUEST, "There is no such page", wrong);
        }
        return new PageRequest(first, last);
    }

    /** What to read, to know whether there is more. */
    public int sizeAndOne() {
        return size + 1;
    }
}
