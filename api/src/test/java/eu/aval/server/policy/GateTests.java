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
import eu.aval.server.consent.Suppression;
import eu.aval.server.contact.Age;
import eu.aval.server.contact.AgeBand;
import eu.aval.server.shared.ProblemType;
import eu.aval.spi.submit.MessageClass;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every combination of facts against an oracle that is written another way: a table of what forbids, and one of hours. */
final class GateTests {

    private static final ZoneId PARIS = ZoneId.of("Europe/Paris");
    private static final RulePacks PACKS = RulePacks.bundled();
    private static final UUID CONSENT = UUID.randomUUID();
    private static final Map<MessageClass, UUID> PURPOSES = new EnumMap<>(MessageClass.class);

    static {
        for (MessageClass each : MessageClass.values()) {
            PURPOSES.put(each, UUID.randomUUID());
        }
    }

    private enum ConsentState {
        NONE,
        GIVEN,
        GIVEN_UNTIL_TOMORROW,
        EXPIRED_NOW,
        EXPIRED_YESTERDAY,
        WITHDRAWN
    }

    private enum Declared {
        MISSING,
        ACTIVE,
        RETIRED
    }

    /** The oracle of the hours. A dash is allowed, an exclamation mark is allowed with a warning, else not before. */
    private enum Moment {
        TUESDAY_MORNING("2026-11-24T10:00", "-", "-", "-", "-"),
        TUESDAY_HALF_PAST_EIGHT("2026-11-24T20:30", "-", "-", "2026-11-25T08:00", "2026-11-25T08:00"),
        TUESDAY_LATE("2026-11-24T21:45", "-", "2026-11-25T08:00", "2026-11-25T08:00", "2026-11-25T08:00"),
        TUESDAY_TEN_SHARP(
                "2026-11-24T22:00", "2026-11-25T08:00", "2026-11-25T08:00", "2026-11-25T08:00", "2026-11-25T08:00"),
        TUESDAY_NIGHT(
                "2026-11-24T03:00", "2026-11-24T08:00", "2026-11-24T08:00", "2026-11-24T08:00", "2026-11-24T08:00"),
        SATURDAY_LATE(
                "2026-11-21T22:30", "2026-11-23T08:00", "2026-11-22T08:00", "2026-11-23T08:00", "2026-11-23T08:00"),
        SUNDAY_MORNING("2026-11-22T10:00", "2026-11-23T08:00", "!", "2026-11-23T08:00", "2026-11-23T08:00"),
        ARMISTICE("2026-11-11T12:00", "2026-11-12T08:00", "!", "2026-11-12T08:00", "2026-11-12T08:00"),
        EASTER_SATURDAY_LATE("2026-04-04T21:50", "-", "2026-04-05T08:00", "2026-04-07T08:00", "2026-04-07T08:00"),
        EASTER_MONDAY("2026-04-06T09:00", "2026-04-07T08:00", "!", "2026-04-07T08:00", "2026-04-07T08:00"),
        GOOD_FRIDAY("2026-04-03T12:00", "-", "-", "2026-04-04T08:00", "2026-04-04T08:00");

        private final Instant at;
        private final List<String> answers;

        Moment(String local, String charter2024, String charter2026, String strict, String guide) {
            this.at = paris(local);
            this.answers = List.of(charter2024, charter2026, strict, guide);
        }

        String answer(String pack, MessageClass messageClass) {
            int column = List.of("FR-AF2M-2024", "FR-AF2M-2026", "FR-STRICT", "GUIDE")
                    .indexOf(pack);
            Set<MessageClass> limited = pack.equals("FR-STRICT")
                    ? EnumSet.of(MessageClass.SERVICE, MessageClass.MARKETING, MessageClass.SURVEY)
                    : EnumSet.of(MessageClass.MARKETING, MessageClass.SURVEY);
            return column < 0 || !limited.contains(messageClass) ? "-" : answers.get(column);
        }
    }

    private record Case(
            Declared purpose,
            MessageClass messageClass,
            LegalBasis basis,
            Declared sender,
            boolean countryAllowed,
            String suppressedSender,
            String suppressedClass,
            ConsentState consent,
            Moment moment,
            String pack) {

        Facts facts() {
            return new Facts.Known(
                    purpose == Declared.MISSING
                            ? null
                            : new Purpose(
                                    PURPOSES.get(messageClass),
                                    "news",
                                    messageClass,
                                    basis,
                                    RetentionClass.MESSAGE,
                                    purpose == Declared.RETIRED),
                    sender == Declared.MISSING
                            ? null
                            : new Sender(
                                    UUID.randomUUID(),
                                    "AVAL",
                                    Sender.Kind.ALPHANUMERIC,
                                    true,
                                    "36180",
                                    sender == Declared.RETIRED),
                    new Facts.Recipient(new Place(countryAllowed ? "FR" : "BE", null, List.of(PARIS)), Age.UNKNOWN),
                    new Facts.Permission(
                            consentOnRecord(),
                            null,
                            suppressedSender.isEmpty()
                                    ? List.of()
                                    : List.of(new Suppression(suppressedSender, suppressedClass)),
                            moment.at),
                    new Facts.Terms(Set.of("FR", "RE"), Objects.requireNonNull(PACKS.find(pack))),
                    moment.at);
        }

        Verdict verdict() {
            return Gate.decide(facts(), moment.at);
        }

        private @Nullable Consent consentOnRecord() {
            Instant now = moment.at;
            return switch (consent) {
                case NONE -> null;
                case GIVEN -> new Consent(CONSENT, Consent.Status.GIVEN, null);
                case GIVEN_UNTIL_TOMORROW -> new Consent(CONSENT, Consent.Status.GIVEN, now.plus(Duration.ofDays(1)));
                case EXPIRED_NOW -> new Consent(CONSENT, Consent.Status.GIVEN, now);
                case EXPIRED_YESTERDAY -> new Consent(CONSENT, Consent.Status.GIVEN, now.minus(Duration.ofDays(1)));
                case WITHDRAWN -> new Consent(CONSENT, Consent.Status.WITHDRAWN, null);
            };
        }

        /** The oracle: a code, or the answer of the hours. */
        String expected() {
            boolean senderHit = Set.of("*", "AVAL").contains(suppressedSender);
            boolean classHit = suppressedClass.equals("*") || suppressedClass.equals(messageClass.toString());
            boolean consentHolds = consent.name().startsWith("GIVEN");
            record Rule(boolean forbids, ProblemType code) {}
            return List.of(
                            new Rule(!purpose.equals(Declared.ACTIVE), ProblemType.PURPOSE_UNKNOWN),
                            new Rule(!sender.equals(Declared.ACTIVE), ProblemType.SENDER_NOT_DECLARED),
                            new Rule(!countryAllowed, ProblemType.COUNTRY_NOT_ALLOWED),
                            new Rule(senderHit && classHit, ProblemType.SUPPRESSED),
                            new Rule(basis.ordinal() == 0 && !consentHolds, ProblemType.NO_CONSENT))
                    .stream()
                    .filter(Rule::forbids)
                    .map(rule -> rule.code().name())
                    .findFirst()
                    .orElse(moment.answer(pack, messageClass));
        }

        String actual() {
            return inWordsOfTheOracle(verdict());
        }
    }

    private static String inWordsOfTheOracle(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Refused refused -> refused.code().name();
            case Verdict.Deferred deferred ->
                deferred.until().atZone(PARIS).toLocalDateTime().toString();
            case Verdict.Allowed allowed ->
                Objects.requireNonNull(allowed.grounds().rules()).warnings() == null ? "-" : "!";
        };
    }

    @Test
    void agreesWithTheOracleOnEveryCombination() {
        int[] cases = {0};

        forEachCase(each -> {
            cases[0]++;
            String actual = each.actual();
            if (!actual.equals(each.expected())) {
                assertThat(actual).as(each.toString()).isEqualTo(each.expected());
            }
        });

        assertThat(cases[0]).isGreaterThan(500_000);
    }

    /** Somebody's age as it is on record, and what the oracle says of it. */
    private enum OnRecord {
        NOTHING(Age.UNKNOWN, false),
        ADULT(new Age(AgeBand.ADULT, null, null), false),
        TEEN(new Age(AgeBand.TEEN, null, null), true),
        CHILD(new Age(AgeBand.CHILD, LocalDate.of(2030, 1, 1), LocalDate.of(2030, 1, 1)), true),
        NO_CHILD_ANY_MORE(new Age(AgeBand.CHILD, LocalDate.of(2026, 1, 1), LocalDate.of(2026, 1, 1)), true);

        private final Age age;
        private final boolean minor;

        OnRecord(Age age, boolean minor) {
            this.age = age;
            this.minor = minor;
        }
    }

    private record Personal(
            MessageClass messageClass,
            LegalBasis basis,
            ConsentState consent,
            ConsentState guardian,
            OnRecord age,
            boolean directedAtMinors,
            Sector sector,
            Moment moment,
            String pack) {

        /** The oracle: a code, or the answer of the hours. */
        String expected() {
            boolean asked = basis.name().equals("CONSENT");
            boolean advertising = messageClass.name().equals("MARKETING");
            if (asked && consent != ConsentState.GIVEN) {
                return "NO_CONSENT";
            }
            if (asked && age == OnRecord.CHILD && guardian != ConsentState.GIVEN) {
                return "JOINT_CONSENT_REQUIRED";
            }
            if (asked && age == OnRecord.NO_CHILD_ANY_MORE) {
                return "RECONFIRM_REQUIRED";
            }
            if (age == OnRecord.NOTHING && directedAtMinors) {
                return "AGE_BAND_REQUIRED";
            }
            if (age.minor && advertising && Set.of("GUIDE", "FR-STRICT").contains(pack)) {
                return "MINOR_FORBIDDEN";
            }
            if (advertising && !sector.name().equals("GENERAL")) {
                return "SECTOR_FORBIDDEN";
            }
            return moment.answer(pack, messageClass);
        }

        String actual() {
            Facts facts = new Facts.Known(
                    new Purpose(
                            PURPOSES.get(messageClass),
                            "news",
                            messageClass,
                            basis,
                            RetentionClass.MESSAGE,
                            sector,
                            directedAtMinors,
                            false),
                    new Sender(UUID.randomUUID(), "AVAL", Sender.Kind.ALPHANUMERIC, true, "36180", false),
                    new Facts.Recipient(new Place("FR", null, List.of(PARIS)), age.age),
                    new Facts.Permission(record(consent), record(guardian), List.of(), moment.at),
                    new Facts.Terms(Set.of("FR"), Objects.requireNonNull(PACKS.find(pack))),
                    moment.at);
            return inWordsOfTheOracle(Gate.decide(facts, moment.at));
        }

        private static @Nullable Consent record(ConsentState state) {
            return switch (state) {
                case GIVEN -> new Consent(CONSENT, Consent.Status.GIVEN, null);
                case WITHDRAWN -> new Consent(CONSENT, Consent.Status.WITHDRAWN, null);
                default -> null;
            };
        }
    }

    @Test
    void agreesWithTheOracleOnAgesSectorsAndJointConsent() {
        int cases = 0;
        List<ConsentState> states = List.of(ConsentState.NONE, ConsentState.GIVEN, ConsentState.WITHDRAWN);
        for (MessageClass messageClass : MessageClass.values()) {
            for (LegalBasis basis : LegalBasis.values()) {
                for (ConsentState consent : states) {
                    for (ConsentState guardian : states) {
                        for (OnRecord age : OnRecord.values()) {
                            for (Sector sector :
                                    List.of(Sector.GENERAL, Sector.ENERGY_RENOVATION, Sector.HOME_ADAPTATION)) {
                                for (Moment moment : List.of(Moment.TUESDAY_MORNING, Moment.SUNDAY_MORNING)) {
                                    for (String pack : List.of("FR-AF2M-2024", "FR-AF2M-2026", "FR-STRICT", "GUIDE")) {
                                        for (boolean directed : new boolean[] {true, false}) {
                                            var each = new Personal(
                                                    messageClass,
                                                    basis,
                                                    consent,
                                                    guardian,
                                                    age,
                                                    directed,
                                                    sector,
                                                    moment,
                                                    pack);
                                            assertThat(each.actual())
                                                    .as(each.toString())
                                                    .isEqualTo(each.expected());
                                            cases++;
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }

        assertThat(cases).isGreaterThan(50_000);
    }

    @Test
    void refusesWhenFactsAreUnreadable() {
        Verdict verdict = Gate.decide(new Facts.Unreadable(), Instant.now());

        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(ProblemType.FACTS_UNAVAILABLE));
    }

    @Test
    void looksAtSuppressionBeforeConsent() {
        assertThat(marketing("*", ConsentState.NONE, Moment.TUESDAY_MORNING, "GUIDE")
                        .verdict())
                .isInstanceOfSatisfying(
                        Verdict.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(ProblemType.SUPPRESSED));
    }

    @Test
    void refusesWithoutConsentEvenOutsideTheHours() {
        assertThat(marketing("", ConsentState.NONE, Moment.TUESDAY_NIGHT, "GUIDE")
                        .verdict())
                .isInstanceOfSatisfying(
                        Verdict.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(ProblemType.NO_CONSENT));
    }

    @Test
    void namesWhatItReliedOn() {
        Verdict verdict = marketing("", ConsentState.GIVEN, Moment.SUNDAY_MORNING, "FR-AF2M-2026")
                .verdict();

        assertThat(verdict).isInstanceOf(Verdict.Allowed.class);
        assertThat(verdict.grounds().consent()).isEqualTo(CONSENT);
        assertThat(VerdictJson.write(verdict))
                .startsWith("{\"decision\":\"ALLOWED\"")
                .contains(
                        "\"purpose\":\"news\"",
                        "\"consent\":\"" + CONSENT + "\"",
                        "\"rules\":{\"pack\":\"FR-AF2M-2026/1\",\"zone\":\"Europe/Paris\",\"window\":\"08:00-21:30\","
                                + "\"warnings\":[\"TOLERATED_HOURS\"]}",
                        "\"gate\":\"" + Gate.VERSION + "\"");
    }

    @Test
    void namesTheRuleThatDefers() {
        Verdict verdict =
                marketing("", ConsentState.GIVEN, Moment.TUESDAY_LATE, "GUIDE").verdict();

        assertThat(VerdictJson.write(verdict))
                .startsWith("{\"decision\":\"DEFERRED\"")
                .contains("\"until\":\"2026-11-25T07:00:00Z\"", "\"decisive\":\"hours-marketing\"");
    }

    @Test
    void writesVerdictsThatAreSmall() {
        Verdict verdict = marketing("", ConsentState.GIVEN, Moment.TUESDAY_MORNING, "GUIDE")
                .verdict();

        assertThat(VerdictJson.write(verdict)).hasSizeLessThan(420);
    }

    @Test
    void readsBackWhatItWrites() {
        for (Moment moment : Moment.values()) {
            for (String pack : packs()) {
                Verdict verdict =
                        marketing("", ConsentState.GIVEN, moment, pack).verdict();

                assertThat(VerdictJson.read(VerdictJson.write(verdict))).isEqualTo(verdict);
            }
        }
    }

    @Test
    void readsVerdictsFromBeforeRulePacks() {
        assertThat(VerdictJson.read("{\"decision\":\"ALLOWED\",\"grounds\":{\"purpose\":\"news\",\"country\":\"FR\","
                                + "\"decidedAt\":\"2026-11-25T10:00:00Z\",\"gate\":\"1\"}}")
                        .grounds()
                        .rules())
                .isNull();
    }

    private static Case marketing(String suppressedSender, ConsentState consent, Moment moment, String pack) {
        return new Case(
                Declared.ACTIVE,
                MessageClass.MARKETING,
                LegalBasis.CONSENT,
                Declared.ACTIVE,
                true,
                suppressedSender,
                "*",
                consent,
                moment,
                pack);
    }

    private static List<String> packs() {
        return PACKS.all().stream().map(RulePack::id).toList();
    }

    private static Instant paris(String local) {
        return LocalDateTime.parse(local).atZone(PARIS).toInstant();
    }

    private static void forEachCase(Consumer<Case> action) {
        for (String pack : packs()) {
            for (Moment moment : Moment.values()) {
                for (Declared purpose : Declared.values()) {
                    for (MessageClass messageClass : MessageClass.values()) {
                        for (LegalBasis basis : LegalBasis.values()) {
                            for (Declared sender : Declared.values()) {
                                for (boolean country : new boolean[] {true, false}) {
                                    for (String suppressedSender : List.of("", "*", "AVAL", "OTHER")) {
                                        for (String suppressedClass : List.of("*", "MARKETING", "OTP")) {
                                            Arrays.stream(ConsentState.values())
                                                    .map(consent -> new Case(
                                                            purpose,
                                                            messageClass,
                                                            basis,
                                                            sender,
                                                            country,
                                                            suppressedSender,
                                                            suppressedClass,
                                                            consent,
                                                            moment,
                                                            pack))
                                                    .forEach(action);
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
