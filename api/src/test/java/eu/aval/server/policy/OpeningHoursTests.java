// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.policy;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.consent.LegalBasis;
import eu.aval.server.consent.Purpose;
import eu.aval.server.consent.RetentionClass;
import eu.aval.server.consent.Sender;
import eu.aval.server.contact.Age;
import eu.aval.server.personaldata.PhoneNumber;
import eu.aval.server.policy.RulePack.UnknownRegion;
import eu.aval.spi.submit.MessageClass;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The acceptance tests of rule packs: hours, clocks and holidays. */
final class OpeningHoursTests {

    private static final RulePacks PACKS = RulePacks.bundled();
    private static final Place PARIS = Place.of("FR", null);

    @Test
    void tellsThreePacksApartOnASunday() {
        assertThat(promotion("FR-AF2M-2024", PARIS, "2026-11-22T10:00+01:00")).isEqualTo("2026-11-23T07:00:00Z");
        assertThat(promotion("FR-AF2M-2026", PARIS, "2026-11-22T10:00+01:00")).isEqualTo("ALLOWED [TOLERATED_HOURS]");
        assertThat(promotion("FR-STRICT", PARIS, "2026-11-22T10:00+01:00")).isEqualTo("2026-11-23T07:00:00Z");
    }

    @Test
    void tellsThreePacksApartOnATuesdayEvening() {
        assertThat(promotion("FR-AF2M-2024", PARIS, "2026-11-24T21:45+01:00")).isEqualTo("ALLOWED");
        assertThat(promotion("FR-AF2M-2026", PARIS, "2026-11-24T21:45+01:00")).isEqualTo("2026-11-25T07:00:00Z");
        assertThat(promotion("FR-STRICT", PARIS, "2026-11-24T21:45+01:00")).isEqualTo("2026-11-25T07:00:00Z");
    }

    @Test
    void letsCodesThroughAtThreeInTheMorning() {
        for (RulePack pack : PACKS.all()) {
            assertThat(decide(pack, MessageClass.OTP, PARIS, "2026-11-24T03:00+01:00"))
                    .as(pack.id())
                    .isEqualTo("ALLOWED");
        }
    }

    @Test
    void opensAndClosesToTheMinute() {
        assertThat(promotion("GUIDE", PARIS, "2026-11-24T07:59:59.999+01:00")).isEqualTo("2026-11-24T07:00:00Z");
        assertThat(promotion("GUIDE", PARIS, "2026-11-24T08:00+01:00")).isEqualTo("ALLOWED");
        assertThat(promotion("GUIDE", PARIS, "2026-11-24T19:59:59.999+01:00")).isEqualTo("ALLOWED");
        assertThat(promotion("GUIDE", PARIS, "2026-11-24T20:00+01:00")).isEqualTo("2026-11-25T07:00:00Z");
    }

    @Test
    void opensByTheNewTimeAfterTheClocksWentForward() {
        // From Saturday evening, over Sunday 29 March 2026 at 02:00
        assertThat(promotion("FR-AF2M-2026", PARIS, "2026-03-28T22:00+01:00")).isEqualTo("2026-03-29T06:00:00Z");
        assertThat(promotion("GUIDE", PARIS, "2026-03-28T22:00+01:00")).isEqualTo("2026-03-30T06:00:00Z");
    }

    @Test
    void opensByTheNewTimeAfterTheClocksWentBack() {
        assertThat(promotion("FR-AF2M-2026", PARIS, "2026-10-24T22:00+02:00")).isEqualTo("2026-10-25T07:00:00Z");
        assertThat(promotion("GUIDE", PARIS, "2026-10-25T02:30+02:00")).isEqualTo("2026-10-26T07:00:00Z");
        assertThat(promotion("GUIDE", PARIS, "2026-10-25T02:30+01:00")).isEqualTo("2026-10-26T07:00:00Z");
    }

    @Test
    void keepsToTheClockOfTheRecipient() {
        Place reunion = Place.of(PhoneNumber.of("+262692123456", "RE"), null);

        // 07:30 in Paris is 10:30 there in winter, 08:00 there is 05:00 in Paris
        assertThat(promotion("GUIDE", reunion, "2026-11-24T07:30+01:00")).isEqualTo("ALLOWED");
        assertThat(promotion("GUIDE", reunion, "2026-11-24T07:59+04:00")).isEqualTo("2026-11-24T04:00:00Z");
        assertThat(promotion("GUIDE", reunion, "2026-11-24T18:00+01:00")).isEqualTo("2026-11-25T04:00:00Z");
    }

    @Test
    void knowsTheClocksOfOverseas() {
        assertThat(zones("+262692123456", "RE")).containsExactly("Indian/Reunion");
        assertThat(zones("+262639123456", "YT")).containsExactly("Indian/Mayotte");
        assertThat(zones("+590690123456", "GP")).containsExactly("America/Guadeloupe");
        assertThat(zones("+594694123456", "GF")).containsExactly("America/Cayenne");
        assertThat(zones("+596696123456", "MQ")).containsExactly("America/Martinique");
        assertThat(zones("+508551234", "PM")).containsExactly("America/Miquelon");
        assertThat(zones("+687751234", "NC")).containsExactly("Pacific/Noumea");
        assertThat(zones("+681821234", "WF")).containsExactly("Pacific/Wallis");
        assertThat(zones("+68987123456", "PF"))
                .containsExactlyInAnyOrder("Pacific/Tahiti", "Pacific/Marquesas", "Pacific/Gambier");
        assertThat(zones("+33612345678", "FR")).containsExactly("Europe/Paris");
        assertThat(zones("+3363998000", "FR")).containsExactly("Europe/Paris");
        assertThat(zones("+12125551234", "US")).containsExactly("America/New_York");
    }

    @Test
    void waitsUntilAllClocksThatArePossibleAgree() {
        Place spain = Place.of("ES", null);
        assertThat(spain.zones()).hasSize(2);

        // 08:00 in Madrid is 07:00 on the Canaries
        assertThat(promotion("GUIDE", spain, "2026-11-24T08:00+01:00")).isEqualTo("2026-11-24T08:00:00Z");
        assertThat(promotion("GUIDE", spain, "2026-11-24T19:59+01:00")).isEqualTo("ALLOWED");
        assertThat(promotion("GUIDE", spain, "2026-11-24T20:00+01:00")).isEqualTo("2026-11-25T08:00:00Z");
    }

    @Test
    void findsTheHourThatFarIslandsShare() {
        Place french = new Place(
                "PF",
                null,
                List.of(ZoneId.of("Pacific/Tahiti"), ZoneId.of("Pacific/Noumea"), ZoneId.of("Europe/Paris")));

        // Nouméa is 21 hours ahead of Tahiti: no moment is between 8 and 20 for all three
        assertThat(promotion("GUIDE", french, "2026-11-24T08:00+01:00")).isEqualTo("OUTSIDE_HOURS");
    }

    @Test
    void countsBothClocksOfSomebodyWhoMoved() {
        Place moved = Place.of(PhoneNumber.of("+33612345678", "FR"), "FR-974");

        // From 08:00 in Paris to 20:00 on La Réunion
        assertThat(promotion("GUIDE", moved, "2026-11-24T06:00+01:00")).isEqualTo("2026-11-24T07:00:00Z");
        assertThat(promotion("GUIDE", moved, "2026-11-24T17:30+01:00")).isEqualTo("2026-11-25T07:00:00Z");
    }

    @Test
    void keepsTheHolidaysOfAlsaceAndMoselle() {
        for (String region : List.of("FR-57", "FR-67", "FR-68", "FR-6AE")) {
            Place there = Place.of("FR", region);
            assertThat(promotion("FR-AF2M-2024", there, "2026-04-03T12:00+02:00"))
                    .as(region)
                    .isEqualTo("2026-04-04T06:00:00Z");
            assertThat(promotion("FR-AF2M-2024", there, "2026-12-26T12:00+01:00"))
                    .as(region)
                    .isEqualTo("2026-12-28T07:00:00Z");
            assertThat(promotion("FR-AF2M-2026", there, "2026-04-03T12:00+02:00"))
                    .as(region)
                    .isEqualTo("ALLOWED [TOLERATED_HOLIDAY]");
        }
        assertThat(promotion("FR-AF2M-2024", Place.of("FR", "FR-75"), "2026-04-03T12:00+02:00"))
                .isEqualTo("ALLOWED");
    }

    @Test
    void takesARegionThatIsNotKnownAsThePackSays() {
        assertThat(promotion("FR-AF2M-2024", PARIS, "2026-04-03T12:00+02:00")).isEqualTo("ALLOWED");
        assertThat(promotion("GUIDE", PARIS, "2026-04-03T12:00+02:00")).isEqualTo("2026-04-04T06:00:00Z");
        assertThat(promotion("GUIDE", Place.of("FR", "FR-75"), "2026-04-03T12:00+02:00"))
                .isEqualTo("ALLOWED");
    }

    @Test
    void keepsTheHolidaysOfOverseas() {
        assertThat(holidays("RE", null, UnknownRegion.NATIONAL, "2026-12-20")).isTrue();
        assertThat(holidays("FR", "FR-974", UnknownRegion.NATIONAL, "2026-12-20"))
                .isTrue();
        assertThat(holidays("FR", null, UnknownRegion.ANY, "2026-12-20")).isFalse();
        assertThat(holidays("MQ", null, UnknownRegion.NATIONAL, "2026-05-22")).isTrue();
        assertThat(holidays("GP", null, UnknownRegion.NATIONAL, "2026-05-27")).isTrue();
        assertThat(holidays("GP", null, UnknownRegion.NATIONAL, "2026-10-09")).isFalse();
        assertThat(holidays("GP", null, UnknownRegion.ANY, "2026-10-09")).isTrue();
        assertThat(holidays("GF", null, UnknownRegion.NATIONAL, "2026-06-10")).isTrue();
        assertThat(holidays("YT", null, UnknownRegion.NATIONAL, "2026-04-27")).isTrue();
        assertThat(holidays("RE", null, UnknownRegion.NATIONAL, "2026-07-14")).isTrue();
        assertThat(holidays("DE", null, UnknownRegion.NATIONAL, "2026-10-03")).isTrue();
        assertThat(holidays("DE", "DE-BY", UnknownRegion.NATIONAL, "2026-08-15"))
                .isFalse();
        assertThat(holidays("DE", "DE-BY", UnknownRegion.NATIONAL, "2026-01-06"))
                .isTrue();
        assertThat(holidays("DE", "DE-BE", UnknownRegion.NATIONAL, "2026-01-06"))
                .isFalse();
    }

    /** Published dates of Easter Sunday. */
    @Test
    void knowsEasterForTenYears() {
        for (String sunday : List.of(
                "2024-03-31",
                "2025-04-20",
                "2026-04-05",
                "2027-03-28",
                "2028-04-16",
                "2029-04-01",
                "2030-04-21",
                "2031-04-13",
                "2032-03-28",
                "2033-04-17",
                "2034-04-09",
                "2035-03-25")) {
            LocalDate easter = LocalDate.parse(sunday);
            assertThat(FrenchDays.easter(easter.getYear())).isEqualTo(easter);
            assertThat(holiday(easter.plusDays(1)))
                    .as("Easter Monday %s", sunday)
                    .isTrue();
            assertThat(holiday(easter.plusDays(39))).as("Ascension %s", sunday).isTrue();
            assertThat(holiday(easter.plusDays(50)))
                    .as("Whit Monday %s", sunday)
                    .isTrue();
            assertThat(holiday(easter.minusDays(2)))
                    .as("Good Friday %s", sunday)
                    .isFalse();
            assertThat(HolidayCalendar.isHoliday("FR", "FR-57", UnknownRegion.NATIONAL, easter.minusDays(2)))
                    .isTrue();
        }
    }

    @Test
    void saysThatItKnowsNoHolidays() {
        Place nowhere = Place.of("SN", null);

        assertThat(promotion("GUIDE", nowhere, "2026-11-24T10:00Z")).isEqualTo("ALLOWED [HOLIDAYS_UNKNOWN]");
    }

    @Test
    void looksAtTheTimeOfSendingAndNotOfAsking() {
        RulePack pack = pack("GUIDE");
        Instant now = OffsetDateTime.parse("2026-11-24T10:00+01:00").toInstant();
        Instant night = OffsetDateTime.parse("2026-11-24T23:00+01:00").toInstant();

        assertThat(Gate.decide(facts(pack, MessageClass.MARKETING, PARIS, night), now))
                .isInstanceOfSatisfying(
                        Verdict.Deferred.class,
                        deferred -> assertThat(deferred.until()).isEqualTo("2026-11-25T07:00:00Z"));
    }

    @Test
    void allowsNothingThatIsLimitedByAPackThatIsNotInForce() {
        assertThat(promotion("FR-AF2M-2026", PARIS, "2026-02-16T10:00+01:00")).isEqualTo("RULE_PACK_NOT_IN_FORCE");
        assertThat(decide(pack("FR-AF2M-2026"), MessageClass.OTP, PARIS, "2026-02-16T10:00+01:00"))
                .isEqualTo("ALLOWED");
    }

    private static List<String> zones(String number, String country) {
        return Place.of(PhoneNumber.of(number, country), null).zones().stream()
                .map(ZoneId::getId)
                .toList();
    }

    private static boolean holiday(LocalDate day) {
        return HolidayCalendar.isHoliday("FR", null, UnknownRegion.NATIONAL, day);
    }

    private static boolean holidays(String country, @Nullable String region, UnknownRegion unknown, String day) {
        return HolidayCalendar.isHoliday(country, region, unknown, LocalDate.parse(day));
    }

    private static String promotion(String pack, Place place, String at) {
        return decide(pack(pack), MessageClass.MARKETING, place, at);
    }

    private static RulePack pack(String id) {
        return Objects.requireNonNull(PACKS.find(id));
    }

    /** Allowed, with warnings; or until when; or the code of a refusal. */
    private static String decide(RulePack pack, MessageClass messageClass, Place place, String at) {
        Instant now = OffsetDateTime.parse(at).toInstant();
        return switch (Gate.decide(facts(pack, messageClass, place, now), now)) {
            case Verdict.Refused refused -> refused.code().name();
            case Verdict.Deferred deferred -> deferred.until().toString();
            case Verdict.Allowed allowed -> {
                List<String> warnings =
                        Objects.requireNonNull(allowed.grounds().rules()).warnings();
                yield warnings == null ? "ALLOWED" : "ALLOWED " + warnings;
            }
        };
    }

    private static Facts facts(RulePack pack, MessageClass messageClass, Place place, Instant leavesAt) {
        return new Facts.Known(
                new Purpose(UUID.randomUUID(), "p", messageClass, LegalBasis.CONTRACT, RetentionClass.MESSAGE, false),
                new Sender(UUID.randomUUID(), "AVAL", Sender.Kind.ALPHANUMERIC, true, "36180", false),
                new Facts.Recipient(place, Age.UNKNOWN),
                new Facts.Permission(null, null, List.of(), leavesAt),
                new Facts.Terms(Set.of(place.country()), pack),
                leavesAt);
    }
}
