// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.smpp;

import eu.aval.carrier.smpp.SmppConfiguration.ValidityFormat;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** {@code validity_period}: {@code YYMMDDhhmmsstnnp}. */
final class ValidityPeriod {

    /** Days are the largest unit with one length, and have two digits; nobody keeps a message longer. */
    private static final Duration LONGEST = Duration.ofDays(31);

    private static final DateTimeFormatter ABSOLUTE =
            DateTimeFormatter.ofPattern("yyMMddHHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private ValidityPeriod() {}

    static String of(Duration validity, ValidityFormat format, Instant now) {
        Duration length = validity.compareTo(LONGEST) > 0 ? LONGEST : validity;
        return switch (format) {
            case NONE -> "";
            case ABSOLUTE -> ABSOLUTE.format(now.plus(length)) + "000+";
            case RELATIVE ->
                String.format(
                        Locale.ROOT,
                        "0000%02d%02d%02d%02d000R",
                        length.toDaysPart(),
                        length.toHoursPart(),
                        length.toMinutesPart(),
                        length.toSecondsPart());
        };
    }
}
