// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.shared;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/** Times as callers write them. */
public final class Rfc3339 {

    private static final int LONGEST = 40;

    private Rfc3339() {}

    /**
     * To the microsecond, as the database keeps it.
     *
     * @throws DateTimeException for what is no time with an offset, or not of the years 1 to 9999: the year of RFC 3339
     *     has four digits, and the database's ends
     */
    public static Instant parse(String text) {
        if (text.length() > LONGEST) {
            throw new DateTimeException("Too long for a time");
        }
        OffsetDateTime time = OffsetDateTime.parse(text).withOffsetSameInstant(ZoneOffset.UTC);
        if (time.getYear() < 1 || time.getYear() > 9999) {
            throw new DateTimeException("A year has four digits");
        }
        return time.toInstant().truncatedTo(ChronoUnit.MICROS);
    }
}
