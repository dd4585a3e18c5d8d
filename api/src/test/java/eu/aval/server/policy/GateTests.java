// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.policy;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.consent.Consent;
import eu.aval.server.consent.LegalBasis;
import eu.aval.server.consent.Purpose;
import eu.aval.server.consent.RetentionClass;
import eu.aval.server.consent.Sender;
import eu.aval.server.consent.Suppression;
import eu.aval.server.shared.ProblemType;
import eu.aval.spi.submit.MessageClass;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every combination of facts against an oracle that is written another way: a table of what forbids, in order. */
final class GateTests {

    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
    private static final UUID CONSENT = UUID.randomUUID();

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

    private record Case(
            Declared purpose,
            MessageClass messageClass,
            LegalBasis basis,
            Declared sender,
            boolean countryAllowed,
            String suppressedSender,
            String suppressedClass,
            ConsentState consent) {

        Facts facts() {
            return new Facts.Known(
                    purpose == Declared.MISSING
                            ? null
                            : new Purpose(
                                    UUID.randomUUID(),
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
                                    sender == Declared.RETIRED),
                    countryAllowed ? "RE" : "US",
                    Set.of("FR", "RE"),
                    consentOnRecord(),
                    suppressedSender.isEmpty()
                            ? List.of()
                            : List.of(new Suppression(suppressedSender, suppressedClass)),
                    NOW);
        }

        private @Nullable Consent consentOnRecord() {
            return switch (consent) {
                case NONE -> null;
                case GIVEN -> new Consent(CONSENT, Consent.Status.GIVEN, null);
                case GIVEN_UNTIL_TOMORROW -> new Consent(CONSENT, Consent.Status.GIVEN, NOW.plus(Duration.ofDays(1)));
                case EXPIRED_NOW -> new Consent(CONSENT, Consent.Status.GIVEN, NOW);
                case EXPIRED_YESTERDAY -> new Consent(CONSENT, Consent.Status.GIVEN, NOW.minus(Duration.ofDays(1)));
                case WITHDRAWN -> new Consent(CONSENT, Consent.Status.WITHDRAWN, null);
            };
        }

        /** The oracle; null is allowed. */
        @Nullable
        ProblemType expected() {
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
                    .map(Rule::code)
                    .findFirst()
                    .orElse(null);
        }
    }

    @Test
    void agreesWithTheOracleOnEveryCombination() {
        List<Case> cases = combinations();
        assertThat(cases).hasSizeGreaterThan(10_000);

        for (Case each : cases) {
            Verdict verdict = Gate.decide(each.facts(), NOW);

            ProblemType actual = verdict instanceof Verdict.Refused refused ? refused.code() : null;
            assertThat(actual).as(each.toString()).isEqualTo(each.expected());
            assertThat(verdict.grounds().gate()).isEqualTo("1");
        }
    }

    @Test
    void refusesWhenFactsAreUnreadable() {
        Verdict verdict = Gate.decide(new Facts.Unreadable(), NOW);

        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(ProblemType.FACTS_UNAVAILABLE));
    }

    @Test
    void looksAtSuppressionBeforeConsent() {
        Verdict verdict = Gate.decide(
                new Case(
                                Declared.ACTIVE,
                                MessageClass.MARKETING,
                                LegalBasis.CONSENT,
                                Declared.ACTIVE,
                                true,
                                "*",
                                "MARKETING",
                                ConsentState.NONE)
                        .facts(),
                NOW);

        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(ProblemType.SUPPRESSED));
    }

    @Test
    void namesTheConsentItReliedOn() {
        Verdict verdict = Gate.decide(
                new Case(
                                Declared.ACTIVE,
                                MessageClass.MARKETING,
                                LegalBasis.CONSENT,
                                Declared.ACTIVE,
                                true,
                                "",
                                "",
                                ConsentState.GIVEN)
                        .facts(),
                NOW);

        assertThat(verdict).isInstanceOf(Verdict.Allowed.class);
        assertThat(verdict.grounds().consent()).isEqualTo(CONSENT);
        assertThat(VerdictJson.write(verdict))
                .startsWith("{\"decision\":\"ALLOWED\"")
                .contains("\"purpose\":\"news\"", "\"consent\":\"" + CONSENT + "\"", "\"gate\":\"1\"");
    }

    @Test
    void readsBackWhatItWrites() {
        for (Case each : combinations().subList(0, 500)) {
            Verdict verdict = Gate.decide(each.facts(), NOW);

            assertThat(VerdictJson.read(VerdictJson.write(verdict))).isEqualTo(verdict);
        }
        Verdict deferred =
                new Verdict.Deferred(Gate.decide(new Facts.Unreadable(), NOW).grounds(), NOW.plusSeconds(60), "Night.");
        assertThat(VerdictJson.read(VerdictJson.write(deferred))).isEqualTo(deferred);
    }

    private static List<Case> combinations() {
        List<Case> cases = new ArrayList<>();
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
                                                    consent))
                                            .forEach(cases::add);
                                }
                            }
                        }
                    }
                }
            }
        }
        return cases;
    }
}
