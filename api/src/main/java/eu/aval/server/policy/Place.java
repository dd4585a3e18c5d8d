// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.policy;

import eu.aval.server.contact.TimeZones;
import eu.aval.server.personaldata.PhoneNumber;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a recipient is, as far as the number and the request tell.
 *
 * @param country ISO 3166-1 alpha-2, of the number
 * @param region ISO 3166-2, such as FR-67; null if nobody has said
 * @param zones those that are possible, at least one
 */
public record Place(String country, @Nullable String region, List<ZoneId> zones) {

    private static final Pattern REGION = Pattern.compile("[A-Z]{2}-[A-Z0-9]{1,3}");

    public Place {
        zones = List.copyOf(zones);
        if (zones.isEmpty()) {
            throw new IllegalArgumentException("Everybody is in some time zone");
        }
    }

    public static Place of(PhoneNumber number, @Nullable String region) {
        return of(number.country(), region, TimeZones.of(number));
    }

    /** Where the number is not at hand. */
    public static Place of(String country, @Nullable String region) {
        return of(country, region, TimeZones.of(country));
    }

    /** Somebody with a number of one place may live in another: then both clocks count. */
    public static Place of(String country, @Nullable String region, List<ZoneId> ofNumber) {
        String territory = region == null ? null : HolidayCalendar.territory(region);
        if (territory == null || territory.equals(country)) {
            return new Place(country, region, ofNumber);
        }
        List<ZoneId> zones = new ArrayList<>(ofNumber);
        for (ZoneId zone : TimeZones.of(territory)) {
            if (!zones.contains(zone)) {
                zones.add(zone);
            }
        }
        return new Place(country, region, zones);
    }

    /** Whether a text is the code of a region where somebody with a number of the country may live. */
    public static boolean isRegion(String country, String region) {
        return REGION.matcher(region).matches() && HolidayCalendar.mayBeIn(country, region);
    }
}
