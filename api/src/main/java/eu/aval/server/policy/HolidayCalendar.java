// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.policy;

import de.focus_shift.jollyday.core.CalendarHierarchy;
import de.focus_shift.jollyday.core.Holiday;
import de.focus_shift.jollyday.core.HolidayManager;
import de.focus_shift.jollyday.core.HolidayType;
import de.focus_shift.jollyday.core.ManagerParameters;
import eu.aval.server.policy.RulePack.UnknownRegion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.time.Year;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Public holidays, by country and region. */
final class HolidayCalendar {

    /** @param scope a region, {@link #NATIONAL} or {@link #ANY} */
    private record Days(String country, String scope, int year) {}

    private static final String FRANCE = "FR";
    private static final String FILE = "calendar/france.yaml";
    private static final String NATIONAL = "";
    private static final String ANY = "*";
    private static final int MOST_YEARS = 10_000;

    private static final FrenchDays FRENCH = french();
    private static final Map<String, HolidayManager> COUNTRIES = countries();
    private static final ConcurrentMap<Days, Set<LocalDate>> KNOWN = new ConcurrentHashMap<>();

    private HolidayCalendar() {}

    /** Reads all calendars, and what reads them, so that no request has to wait for a file. */
    static void load() {
        int year = Year.now(ZoneOffset.UTC).getValue();
        days(new Days(FRANCE, ANY, year));
        COUNTRIES.keySet().forEach(country -> days(new Days(country, NATIONAL, year)));
    }

    /** Whether there is a calendar of the country. */
    static boolean knows(String country) {
        return COUNTRIES.containsKey(FRENCH.covers(country) ? FRANCE : country);
    }

    /**
     * The country or territory that a region is: {@code FR-974} is {@code RE}. Null if it is a part of the country that its
     * code begins with.
     */
    static @Nullable String territory(String region) {
        String place = FRENCH.place(region);
        return place.contains("-") ? null : place;
    }

    /** Whether somebody with a number of a country may well live in a region. */
    static boolean mayBeIn(String country, String region) {
        String prefix = region.substring(0, 2);
        return prefix.equals(country) || (FRENCH.covers(country) && FRENCH.covers(prefix));
    }

    /** False where no calendar is known. */
    static boolean isHoliday(String country, @Nullable String region, UnknownRegion unknown, LocalDate day) {
        String scope = region != null ? region : unknown == UnknownRegion.ANY ? ANY : NATIONAL;
        return days(new Days(country, scope, day.getYear())).contains(day);
    }

    private static Set<LocalDate> days(Days key) {
        Set<LocalDate> known = KNOWN.get(key);
        if (known == null) {
            known = Set.copyOf(compute(key));
            if (KNOWN.size() < MOST_YEARS) {
                KNOWN.put(key, known);
            }
        }
        return known;
    }

    private static Set<LocalDate> compute(Days key) {
        if (!FRENCH.covers(key.country())) {
            return national(key.country(), key.scope(), key.year());
        }
        Set<LocalDate> days = national(FRANCE, NATIONAL, key.year());
        List<String> places = new ArrayList<>();
        switch (key.scope()) {
            case NATIONAL -> places.add(key.country());
            case ANY -> {
                places.add(key.country());
                places.addAll(FRENCH.possible(key.country()));
            }
            default -> places.add(FRENCH.place(key.scope()));
        }
        days.addAll(FRENCH.of(places, key.year()));
        return days;
    }

    private static Set<LocalDate> national(String country, String scope, int year) {
        Set<LocalDate> days = new HashSet<>();
        HolidayManager manager = COUNTRIES.get(country);
        if (manager == null) {
            return days;
        }
        add(days, manager, year);
        if (scope.equals(ANY)) {
            for (CalendarHierarchy part :
                    manager.getCalendarHierarchy().getChildren().values()) {
                add(days, manager, year, part.getId());
            }
        } else if (!scope.equals(NATIONAL)) {
            add(days, manager, year, scope.substring(country.length() + 1).toLowerCase(Locale.ROOT));
        }
        return days;
    }

    private static void add(Set<LocalDate> days, HolidayManager manager, int year, String... part) {
        for (Holiday holiday : manager.getHolidays(Year.of(year), part)) {
            if (holiday.getType() != HolidayType.OBSERVANCE) {
                days.add(holiday.getDate());
                days.add(holiday.getActualDate());
            }
        }
    }

    private static Map<String, HolidayManager> countries() {
        Set<String> supported = HolidayManager.getSupportedCalendarCodes().stream()
                .map(code -> code.toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
        Map<String, HolidayManager> managers = new HashMap<>();
        for (String country : Locale.getISOCountries()) {
            String code = country.toLowerCase(Locale.ROOT);
            if (supported.contains(code)) {
                managers.put(country, HolidayManager.getInstance(ManagerParameters.create(code)));
            }
        }
        return Map.copyOf(managers);
    }

    private static FrenchDays french() {
        try (InputStream content = HolidayCalendar.class.getClassLoader().getResourceAsStream(FILE)) {
            if (content == null) {
                throw new IllegalStateException(FILE + " is not on the class path");
            }
            return FrenchDays.read(FILE, content.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
