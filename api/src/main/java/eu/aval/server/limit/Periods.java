// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.limit;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/** When the periods began that something is counted in. All of UTC: a tenant may send to many time zones. */
public final class Periods {

    private Periods() {}

    public static Instant hour(Instant now) {
        return now.truncatedTo(ChronoUnit.HOURS);
    }

    public static Instant day(Instant now) {
        return now.truncatedTo(ChronoUnit.DAYS);
    }

    public static Instant month(Instant now) {
        return LocalDate.ofInstant(now, ZoneOffset.UTC)
                .withDayOfMonth(1)
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant();
    }
}
