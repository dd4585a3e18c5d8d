// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.policy;

import eu.aval.server.consent.Purpose;
import eu.aval.server.policy.RulePack.Holidays;
import eu.aval.server.policy.RulePack.HoursRule;
import eu.aval.server.policy.RulePack.Window;
import eu.aval.server.shared.ProblemType;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** When a message may arrive: in a window of the rule pack, on the recipient's clock, on each clock that is possible. */
final class OpeningHours {

    static final String TOLERATED_HOURS = "TOLERATED_HOURS";
    static final String TOLERATED_HOLIDAY = "TOLERATED_HOLIDAY";
    static final String HOLIDAYS_UNKNOWN = "HOLIDAYS_UNKNOWN";

    /** No holidays are that long. */
    private static final int DAYS_AHEAD = 21;

    /**
     * What was found.
     *
     * @param zone whose clock decided; null if the class may be sent at any time
     * @param window that the message falls into, now or later
     */
    record Opening(
            Finding finding,
            @Nullable ZoneId zone,
            @Nullable Window window) {}

    /** The first moment at or after another that lies in a window. */
    private record Slot(Instant at, LocalDate day, Window window) {}

    private OpeningHours() {}

    static Opening of(Facts.Known facts) {
        Purpose purpose = facts.purpose();
        RulePack pack = facts.terms().pack();
        HoursRule rule = purpose == null ? null : pack.hours().of(purpose.messageClass());
        if (rule == null) {
            return new Opening(new Finding.NotConcerned(pack.hours().exempt().id()), null, null);
        }
        return of(rule, facts.recipient().place(), facts.leavesAt());
    }

    private static Opening of(HoursRule rule, Place place, Instant wanted) {
        List<ZoneId> zones = place.zones();
        ZoneId decisive = zones.getFirst();
        Slot slot = next(rule, place, decisive, wanted);
        // Each zone may move it on; it is found when a whole round moves nothing
        int agreed = 1;
        for (int i = 1; slot != null && agreed < zones.size(); i = (i + 1) % zones.size()) {
            Slot other = next(rule, place, zones.get(i), slot.at());
            if (other != null && other.at().equals(slot.at())) {
                agreed++;
            } else {
                slot = other;
                decisive = zones.get(i);
                agreed = 1;
            }
            if (slot != null && slot.at().isAfter(wanted.plusSeconds(DAYS_AHEAD * 86_400L))) {
                slot = null;
            }
        }
        if (slot == null) {
            return new Opening(
                    new Finding.Forbidden(
                            rule.id(), ProblemType.OUTSIDE_HOURS, "The rule pack has no window for this recipient."),
                    decisive,
                    null);
        }
        if (slot.at().isAfter(wanted)) {
            return new Opening(
                    new Finding.Postponed(rule.id(), slot.at(), "It is outside the hours for such messages."),
                    decisive,
                    slot.window());
        }
        List<String> warnings = warnings(rule, place, slot);
        return new Opening(
                warnings.isEmpty() ? new Finding.Passed(rule.id()) : new Finding.Warned(rule.id(), warnings),
                decisive,
                slot.window());
    }

    private static List<String> warnings(HoursRule rule, Place place, Slot slot) {
        boolean known = HolidayCalendar.knows(place.country());
        boolean holiday = rule.holidays() == Holidays.TOLERATED && isHoliday(rule, place, slot.day());
        boolean unknown = rule.holidays() != Holidays.ALLOWED && !known;
        if (!slot.window().tolerated() && !holiday && !unknown) {
            return List.of();
        }
        List<String> warnings = new ArrayList<>(3);
        if (slot.window().tolerated()) {
            warnings.add(TOLERATED_HOURS);
        }
        if (holiday) {
            warnings.add(TOLERATED_HOLIDAY);
        }
        if (unknown) {
            warnings.add(HOLIDAYS_UNKNOWN);
        }
        return warnings;
    }

    private static @Nullable Slot next(HoursRule rule, Place place, ZoneId zone, Instant from) {
        LocalDate first = from.atZone(zone).toLocalDate();
        for (int ahead = 0; ahead <= DAYS_AHEAD; ahead++) {
            LocalDate day = first.plusDays(ahead);
            List<Window> windows = rule.windows().getOrDefault(day.getDayOfWeek(), List.of());
            if (windows.isEmpty() || (rule.holidays() == Holidays.FORBIDDEN && isHoliday(rule, place, day))) {
                continue;
            }
            for (Window window : windows) {
                Instant opens = opens(window, day, zone);
                if (from.isBefore(closes(window, day, zone))) {
                    return new Slot(from.isBefore(opens) ? opens : from, day, window);
                }
            }
        }
        return null;
    }

    /** An hour that a clock shows twice opens at the second time, and closes at the first. */
    private static Instant opens(Window window, LocalDate day, ZoneId zone) {
        return ZonedDateTime.of(day, window.from(), zone)
                .withLaterOffsetAtOverlap()
                .toInstant();
    }

    private static Instant closes(Window window, LocalDate day, ZoneId zone) {
        return window.to().equals(LocalTime.MIDNIGHT)
                ? day.plusDays(1).atStartOfDay(zone).toInstant()
                : ZonedDateTime.of(day, window.to(), zone)
                        .withEarlierOffsetAtOverlap()
                        .toInstant();
    }

    private static boolean isHoliday(HoursRule rule, Place place, LocalDate day) {
        return HolidayCalendar.isHoliday(place.country(), place.region(), rule.unknownRegion(), day);
    }
}
