// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.policy;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.consent.Consent;
import eu.aval.server.consent.LegalBasis;
import eu.aval.server.consent.Purpose;
import eu.aval.server.consent.RetentionClass;
import eu.aval.server.consent.Sector;
import eu.aval.server.consent.Sender;
import eu.aval.server.contact.Age;
import eu.aval.server.contact.AgeBand;
import eu.aval.server.shared.ProblemType;
import eu.aval.spi.submit.MessageClass;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Minors, sectors and senders under the packs that come with the server. */
final class BundledRulesTests {

    private static final RulePacks PACKS = RulePacks.bundled();
    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
    private static final LocalDate BIRTHDAY = LocalDate.of(2026, 11, 25);
    private static final Age CHILD = Age.UNKNOWN.declared(AgeBand.CHILD, BIRTHDAY, LocalDate.of(2026, 1, 1));
    private static final Consent GIVEN =
            new Consent(UUID.randomUUID(), Consent.Status.GIVEN, NOW.minusSeconds(60), null);
    private static final Consent WITHDRAWN =
            new Consent(UUID.randomUUID(), Consent.Status.WITHDRAWN, NOW.minusSeconds(60), null);

    @Test
    void asksForBothUntilTheBirthdayInTheRecipientsZone() {
        Instant lastMinute = Instant.parse("2026-11-24T22:59:00Z");
        Instant birthday = Instant.parse("2026-11-24T23:00:00Z");

        assertThat(refusal(club(CHILD, null, lastMinute))).isEqualTo(ProblemType.JOINT_CONSENT_REQUIRED);
        assertThat(refusal(club(CHILD, WITHDRAWN, lastMinute))).isEqualTo(ProblemType.JOINT_CONSENT_REQUIRED);
        assertThat(refusal(club(CHILD, GIVEN, lastMinute))).isNull();
        assertThat(refusal(club(CHILD, GIVEN, birthday))).isEqualTo(ProblemType.RECONFIRM_REQUIRED);
    }

    @Test
    void saysBelowWhichAge() {
        assertThat(club(CHILD, null, NOW))
                .satisfies(facts -> assertThat(Gate.decide(facts, NOW))
                        .isInstanceOfSatisfying(
                                Verdict.Refused.class,
                                refused -> assertThat(refused.why())
                                        .contains("below 15", "minors-consent of GUIDE/1", "lil-45")));
    }

    @Test
    void keepsTheGuardiansRecordWithTheVerdict() {
        Verdict.Rules rules =
                Gate.decide(club(CHILD, GIVEN, NOW), NOW).grounds().rules();

        assertThat(rules).isNotNull();
        assertThat(Objects.requireNonNull(rules).guardianConsent()).isEqualTo(GIVEN.id());
    }

    @Test
    void keepsAdvertisingFromTeenagersButNotFromWhomNothingIsKnown() {
        assertThat(refusal(advertising(new Age(AgeBand.TEEN, null, null), Sector.GENERAL, "36180")))
                .isEqualTo(ProblemType.MINOR_FORBIDDEN);
        assertThat(refusal(advertising(Age.UNKNOWN, Sector.GENERAL, "36180"))).isNull();
        assertThat(refusal(advertising(new Age(AgeBand.ADULT, null, null), Sector.GENERAL, "36180")))
                .isNull();
    }

    @Test
    void keepsSectorsFromAdvertising() {
        assertThat(refusal(advertising(Age.UNKNOWN, Sector.ENERGY_RENOVATION, "36180")))
                .isEqualTo(ProblemType.SECTOR_FORBIDDEN);
        assertThat(refusal(advertising(Age.UNKNOWN, Sector.HOME_ADAPTATION, "36180")))
                .isEqualTo(ProblemType.SECTOR_FORBIDDEN);
        assertThat(refusal(advertising(Age.UNKNOWN, Sector.CREDIT, "36180"))).isNull();
    }

    @Test
    void letsASectorAdvertiseUntilTheDayOfTheLaw() {
        Instant before = Instant.parse("2025-06-29T10:00:00Z");
        Instant law = Instant.parse("2025-06-30T10:00:00Z");

        assertThat(refusal(advertisingAt(before, Sector.ENERGY_RENOVATION))).isNotEqualTo(ProblemType.SECTOR_FORBIDDEN);
        assertThat(refusal(advertisingAt(law, Sector.ENERGY_RENOVATION))).isEqualTo(ProblemType.SECTOR_FORBIDDEN);
    }

    @ParameterizedTest
    @CsvSource({
        "+33612345678, FR, SENDER_FORBIDDEN",
        "0612345678, RE, SENDER_FORBIDDEN",
        "+33612345678, BE,",
        "36180, FR,"
    })
    void keepsPersonalNumbersFromWritingToFrance(String sender, String country, @Nullable ProblemType refusal) {
        Facts.Known facts = facts(
                MessageClass.SERVICE,
                Sector.GENERAL,
                new Sender(UUID.randomUUID(), sender, Sender.Kind.INTERNATIONAL, true, null, false),
                country,
                Age.UNKNOWN,
                null,
                NOW);

        assertThat(refusal(facts)).isEqualTo(refusal);
    }

    @Test
    void asksForAWayToStopAName() {
        assertThat(refusal(advertising(Age.UNKNOWN, Sector.GENERAL, null))).isEqualTo(ProblemType.STOP_ROUTE_REQUIRED);
    }

    private static @Nullable ProblemType refusal(Facts.Known facts) {
        return Gate.decide(facts, facts.leavesAt()) instanceof Verdict.Refused refused ? refused.code() : null;
    }

    private static Facts.Known club(Age age, @Nullable Consent guardian, Instant at) {
        return facts(MessageClass.SERVICE, Sector.GENERAL, "36180", age, guardian, at);
    }

    private static Facts.Known advertising(Age age, Sector sector, @Nullable String stopRoute) {
        return facts(MessageClass.MARKETING, sector, stopRoute, age, null, NOW);
    }

    private static Facts.Known advertisingAt(Instant at, Sector sector) {
        return facts(MessageClass.MARKETING, sector, "36180", Age.UNKNOWN, null, at);
    }

    private static Facts.Known facts(
            MessageClass messageClass,
            Sector sector,
            @Nullable String stopRoute,
            Age age,
            @Nullable Consent guardian,
            Instant at) {
        Sender acme = new Sender(UUID.randomUUID(), "ACME", Sender.Kind.ALPHANUMERIC, true, stopRoute, false);
        return facts(messageClass, sector, acme, "FR", age, guardian, at);
    }

    private static Facts.Known facts(
            MessageClass messageClass,
            Sector sector,
            Sender sender,
            String country,
            Age age,
            @Nullable Consent guardian,
            Instant at) {
        return new Facts.Known(
                new Purpose(
                        UUID.randomUUID(),
                        "some",
                        messageClass,
                        LegalBasis.CONSENT,
                        RetentionClass.MESSAGE,
                        sector,
                        false,
                        false),
                sender,
                new Facts.Recipient(new Place(country, null, List.of(ZoneId.of("Europe/Paris"))), age),
                new Facts.Permission(GIVEN, guardian, List.of(), at),
                new Facts.Terms(Set.of(country), Objects.requireNonNull(PACKS.find("GUIDE"))),
                at);
    }
}
