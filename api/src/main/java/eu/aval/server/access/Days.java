// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import java.util.List;

/** How far back a report goes: the argument {@code days} of a field. */
public final class Days {

    private static final int MOST = 90;

    private Days() {}

    /** @throws Problem INVALID_REQUEST unless a report may go back so far */
    public static int checked(int days) {
        if (days < 1 || days > MOST) {
            throw new Problem(
                    ProblemType.INVALID_REQUEST,
                    "There are no such days",
                    List.of(new Problem.Field("/days", "OUT_OF_RANGE", "1 to " + MOST)));
        }
        return days;
    }
}
