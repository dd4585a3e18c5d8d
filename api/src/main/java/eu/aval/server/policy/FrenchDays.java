// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.policy;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.MonthDay;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Public holidays of parts of France, from {@code calendar/france.yaml}: the library of holidays has no Good Friday in
 * Moselle and nothing overseas. A place is an ISO 3166-1 code overseas and an ISO 3166-2 code in Europe.
 */
final class FrenchDays {

    /** @param on null on Good Friday */
    private record Day(Set<String> in, @Nullable MonthDay on) {}

    private final Set<String> territories;
    private final Map<String, String> codes;
    private final Map<String, List<String>> possible;
    private final List<Day> days;

    private FrenchDays(
            Set<String> territories, Map<String, String> codes, Map<String, List<String>> possible, List<Day> days) {
        this.territories = Set.copyOf(territories);
        this.codes = Map.copyOf(codes);
        this.possible = Map.copyOf(possible);
        this.days = List.copyOf(days);
    }

    static FrenchDays read(String file, byte[] content) {
        YamlMember root = YamlMember.read(file, content);
        root.onlyHas("sources", "territories", "codes", "possible", "days");
        Map<String, String> codes = new HashMap<>();
        YamlMember alternatives = root.get("codes");
        alternatives
                .names()
                .forEach(name -> codes.put(name, alternatives.get(name).text()));
        Map<String, List<String>> possible = new HashMap<>();
        YamlMember unknown = root.get("possible");
        unknown.names().forEach(name -> possible.put(name, texts(unknown.get(name))));
        Set<String> sources = root.get("sources").names();
        List<Day> days = new ArrayList<>();
        for (YamlMember each : root.get("days").items()) {
            each.onlyHas("cites", "in", "on");
            if (!sources.containsAll(texts(each.get("cites")))) {
                throw each.get("cites").wrong("names what is not among the sources");
            }
            days.add(new Day(Set.copyOf(texts(each.get("in"))), on(each.get("on"))));
        }
        return new FrenchDays(Set.copyOf(texts(root.get("territories"))), codes, possible, days);
    }

    private static List<String> texts(YamlMember list) {
        return list.items().stream().map(YamlMember::text).toList();
    }

    private static @Nullable MonthDay on(YamlMember member) {
        if (member.text().equals("GOOD_FRIDAY")) {
            return null;
        }
        try {
            return MonthDay.parse("--" + member.text());
        } catch (DateTimeException e) {
            throw member.wrong("is neither GOOD_FRIDAY nor a day of the form 12-31");
        }
    }

    /** Whether the holidays of the whole of France hold there. */
    boolean covers(String country) {
        return country.equals("FR") || territories.contains(country);
    }

    /** Overseas one place has two codes: that of a country, and that of a part of France. */
    String place(String code) {
        return codes.getOrDefault(code, code);
    }

    /** Where somebody may be of whom no more is known. */
    List<String> possible(String country) {
        return possible.getOrDefault(country, List.of());
    }

    /** The days of some places in a year, without those of the whole country. */
    Set<LocalDate> of(List<String> places, int year) {
        Set<LocalDate> dates = new HashSet<>();
        for (Day day : days) {
            if (places.stream().anyMatch(day.in()::contains)) {
                dates.add(
                        day.on() == null ? easter(year).minusDays(2) : day.on().atYear(year));
            }
        }
        return dates;
    }

    /** Easter Sunday of the Gregorian calendar, after Meeus. */
    static LocalDate easter(int year) {
        int a = year % 19;
        int b = year / 100;
        int c = year % 100;
        int h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
        int l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
        int m = (a + 11 * h + 22 * l) / 451;
        int n = h + l - 7 * m + 114;
        return LocalDate.of(year, n / 31, n % 31 + 1);
    }
}
