// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.contact;

import com.google.i18n.phonenumbers.PhoneNumberToTimeZonesMapper;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberType;
import com.google.i18n.phonenumbers.Phonenumber;
import eu.aval.server.personaldata.PhoneNumber;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The time zones a number may be in: several where the numbering plan does not tell. In most countries a mobile number says
 * no more than the country does; where it does, as in North America, only the number tells.
 */
public final class TimeZones {

    private static final ZoneId GUADELOUPE = ZoneId.of("America/Guadeloupe");

    /** The library knows calling codes and not who shares them, such as La Réunion and Mayotte. */
    private static final Map<String, List<ZoneId>> FRENCH = Map.ofEntries(
            Map.entry("FR", List.of(ZoneId.of("Europe/Paris"))),
            Map.entry("RE", List.of(ZoneId.of("Indian/Reunion"))),
            Map.entry("YT", List.of(ZoneId.of("Indian/Mayotte"))),
            Map.entry("GP", List.of(GUADELOUPE)),
            Map.entry("BL", List.of(GUADELOUPE)),
            Map.entry("MF", List.of(GUADELOUPE)),
            Map.entry("MQ", List.of(ZoneId.of("America/Martinique"))),
            Map.entry("GF", List.of(ZoneId.of("America/Cayenne"))),
            Map.entry("PM", List.of(ZoneId.of("America/Miquelon"))),
            Map.entry("NC", List.of(ZoneId.of("Pacific/Noumea"))),
            Map.entry("WF", List.of(ZoneId.of("Pacific/Wallis"))),
            Map.entry(
                    "PF",
                    List.of(
                            ZoneId.of("Pacific/Tahiti"),
                            ZoneId.of("Pacific/Marquesas"),
                            ZoneId.of("Pacific/Gambier"))));

    /** Where nothing is known at all. */
    private static final List<ZoneId> UNKNOWN = List.of(ZoneOffset.UTC);

    /** Of countries whose mobile numbers do not tell more. */
    private static final Map<String, List<ZoneId>> COUNTRIES = new HashMap<>(FRENCH);
    /** Of countries whose numbers do, for when there is no number. */
    private static final Map<String, List<ZoneId>> EXAMPLES = new HashMap<>();

    static {
        PhoneNumberUtil plans = PhoneNumberUtil.getInstance();
        for (String country : plans.getSupportedRegions()) {
            Phonenumber.PhoneNumber example = plans.getExampleNumberForType(country, PhoneNumberType.MOBILE);
            if (example == null || FRENCH.containsKey(country)) {
                continue;
            }
            List<ZoneId> zones =
                    known(PhoneNumberToTimeZonesMapper.getInstance().getTimeZonesForNumber(example));
            if (plans.isNumberGeographical(plans.getNumberType(example), example.getCountryCode())) {
                EXAMPLES.put(country, zones);
            } else {
                COUNTRIES.put(country, zones);
            }
        }
    }

    private TimeZones() {}

    /** At least one; from memory where the country tells. */
    public static List<ZoneId> of(PhoneNumber number) {
        List<ZoneId> zones = COUNTRIES.get(number.country());
        return zones == null ? ofNumber(number) : zones;
    }

    /** Whether the number tells more than its country. */
    public static boolean tells(PhoneNumber number) {
        return !COUNTRIES.containsKey(number.country());
    }

    /** Without a number: those of a mobile number of the country; at least one. */
    public static List<ZoneId> of(String country) {
        return COUNTRIES.getOrDefault(country, EXAMPLES.getOrDefault(country, UNKNOWN));
    }

    private static List<ZoneId> ofNumber(PhoneNumber number) {
        Phonenumber.PhoneNumber parsed = PhoneNumbers.parsed(number);
        return parsed == null
                ? UNKNOWN
                : known(PhoneNumberToTimeZonesMapper.getInstance().getTimeZonesForNumber(parsed));
    }

    private static List<ZoneId> known(List<String> names) {
        List<ZoneId> zones = new ArrayList<>(names.size());
        for (String name : names) {
            ZoneId zone = name.equals(PhoneNumberToTimeZonesMapper.getUnknownTimeZone()) ? null : zone(name);
            if (zone != null) {
                zones.add(zone);
            }
        }
        return zones.isEmpty() ? UNKNOWN : List.copyOf(zones);
    }

    private static @Nullable ZoneId zone(String name) {
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** Reads the tables, so that no request has to wait for a file. */
    static void load() {
        of("FR");
    }
}
