// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.contact;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * What is on record about somebody's age. No birth date: for a child and for a teenager the day on which the band ends, so
 * that it does.
 *
 * @param until the first day that is no longer in the band; null is as long as nobody says otherwise
 * @param consentsAloneFrom what the person consented to before this day counts only together with the holder of parental
 *     authority; null for who was never a child here
 */
public record Age(
        AgeBand band, @Nullable LocalDate until, @Nullable LocalDate consentsAloneFrom) {

    public static final Age UNKNOWN = new Age(AgeBand.UNKNOWN, null, null);

    /** From the columns of {@code aval.subject}. */
    public static Age of(@Nullable String band, @Nullable LocalDate until, @Nullable LocalDate consentsAloneFrom) {
        return band == null ? UNKNOWN : new Age(AgeBand.valueOf(band), until, consentsAloneFrom);
    }

    /** The band that holds on a day: after its end a child is a teenager, and a teenager of full age. */
    public AgeBand on(LocalDate day) {
        if (until == null || day.isBefore(until)) {
            return band;
        }
        return band == AgeBand.CHILD ? AgeBand.TEEN : AgeBand.ADULT;
    }

    /** Whether a consent counts only together with that of a holder of parental authority. */
    public boolean asksForGuardian(LocalDate day) {
        return consentsAloneFrom != null && day.isBefore(consentsAloneFrom);
    }

    /** Whether somebody who was a child when consenting is none any more, and has to say it again. */
    public boolean hasOutgrown(LocalDate givenOn, LocalDate day) {
        return consentsAloneFrom != null && givenOn.isBefore(consentsAloneFrom) && !day.isBefore(consentsAloneFrom);
    }

    /** Whether somebody of full age, or a teenager, is made of a child before the child's band has ended. */
    public boolean isLoosenedBy(AgeBand declared, @Nullable LocalDate end, LocalDate today) {
        if (on(today) != AgeBand.CHILD) {
            return on(today) == AgeBand.TEEN && declared == AgeBand.ADULT;
        }
        return declared != AgeBand.CHILD || (end != null && until != null && end.isBefore(until));
    }

    /**
     * What is on record after somebody has said it. Consents of a child do not become consents of somebody older by saying
     * so: those given until today stay what they were.
     */
    public Age declared(AgeBand declared, @Nullable LocalDate end, LocalDate today) {
        if (declared == AgeBand.CHILD) {
            return new Age(declared, end, end);
        }
        LocalDate alone = consentsAloneFrom;
        return new Age(declared, end, alone != null && alone.isAfter(today) ? today : alone);
    }
}
