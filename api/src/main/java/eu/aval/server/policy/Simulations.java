// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.policy;

import eu.aval.server.consent.Consent;
import eu.aval.server.consent.LegalBasis;
import eu.aval.server.consent.Purpose;
import eu.aval.server.consent.Purposes;
import eu.aval.server.consent.RetentionClass;
import eu.aval.server.consent.Sender;
import eu.aval.server.consent.Senders;
import eu.aval.server.consent.Suppression;
import eu.aval.server.contact.Age;
import eu.aval.server.contact.PhoneNumbers;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.Tenant;
import eu.aval.server.tenant.Tenants;
import eu.aval.spi.submit.MessageClass;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Asks the choice of routes and the gate what they would say, to a message that nobody sends, at any moment, under any rule
 * pack. Routes, carriers and residency are those of now. Writes nothing.
 */
@Component
public final class Simulations {

    private static final UUID NOBODY = new UUID(0, 0);

    /** Too short for a number of anybody. */
    private static final Pattern PREFIX = Pattern.compile("\\+[1-9][0-9]{0,5}");

    /**
     * What is asked. No number: a country, and where that does not tell the time a zone.
     *
     * @param purpose that the tenant has declared; or else a class
     * @param sender null is the tenant's default
     * @param country null is France
     * @param prefix how the number begins, in E.164, where routes tell numbers of one country apart; null is a mobile number
     *     of the country
     * @param at null is now
     * @param rulePack null is the tenant's
     * @param consent whether the recipient, of whose age nobody has said anything, has consented
     * @param optedOut whether the recipient has opted out of everything
     * @param test whether a test key would send it
     */
    public record Question(
            @Nullable String purpose,
            @Nullable MessageClass messageClass,
            @Nullable String sender,
            @Nullable String country,
            @Nullable String prefix,
            @Nullable String region,
            @Nullable String zone,
            @Nullable Instant at,
            @Nullable String rulePack,
            boolean consent,
            boolean optedOut,
            boolean test) {}

    private final Purposes purposes;
    private final Senders senders;
    private final Tenants tenants;
    private final RulePacks rulePacks;
    private final RouteChoice routes;
    private final Clock clock;

    Simulations(
            Purposes purposes, Senders senders, Tenants tenants, RulePacks rulePacks, RouteChoice routes, Clock clock) {
        this.purposes = purposes;
        this.senders = senders;
        this.tenants = tenants;
        this.rulePacks = rulePacks;
        this.routes = routes;
        this.clock = clock;
    }

    /** An error {@link Problem} INVALID_REQUEST or NOT_FOUND. */
    public Mono<Simulation> simulate(TenantId tenant, Question question) {
        return Mono.zip(purposes.of(tenant), senders.of(tenant), tenants.require(tenant))
                .map(own -> simulate(own.getT1(), own.getT2(), own.getT3(), question));
    }

    private Simulation simulate(
            Map<String, Purpose> declared, Map<String, Sender> values, Tenant tenant, Question question) {
        List<Problem.Field> defects = new ArrayList<>();
        String wanted = question.rulePack() == null ? tenant.rulePack() : question.rulePack();
        RulePack pack = rulePacks.find(wanted);
        if (pack == null) {
            defects.add(new Problem.Field("/rulePack", "INVALID_VALUE", "There is no such rule pack"));
        }
        if ((question.purpose() == null) == (question.messageClass() == null)) {
            defects.add(new Problem.Field("/purpose", "REQUIRED", "Either a purpose or a class of messages"));
        }
        Place place = place(question, defects);
        String prefix = prefix(question, defects);
        if (pack == null || place == null || !defects.isEmpty()) {
            throw new Problem(ProblemType.INVALID_REQUEST, "The simulation cannot be carried out", defects);
        }
        Instant now = question.at() == null ? clock.instant() : question.at();
        Set<String> countries = tenant.countries();
        Facts.Known facts = new Facts.Known(
                purpose(declared, question),
                question.sender() == null ? Sender.standard(values.values()) : values.get(question.sender()),
                new Facts.Recipient(place, Age.UNKNOWN),
                new Facts.Permission(
                        question.consent() ? new Consent(NOBODY, Consent.Status.GIVEN, null) : null,
                        null,
                        question.optedOut() ? List.of(new Suppression(Suppression.ALL, Suppression.ALL)) : List.of(),
                        now),
                new Facts.Terms(countries, pack),
                now);
        return Simulation.of(facts, now, routes(tenant, facts, prefix, question.test()));
    }

    /** None while nobody knows what the message is for: what has no purpose is refused before a route is looked for. */
    private List<Finding> routes(Tenant tenant, Facts.Known facts, @Nullable String prefix, boolean test) {
        Purpose purpose = facts.purpose();
        if (purpose == null) {
            return List.of(
                    new Finding.NotConcerned(RouteChoice.ROUTE), new Finding.NotConcerned(RouteChoice.RESIDENCY));
        }
        String country = facts.recipient().place().country();
        return routes.findings(new RouteChoice.Message(
                tenant.id(),
                test,
                country,
                prefix == null ? PhoneNumbers.callingCode(country) : prefix,
                prefix == null ? PhoneNumbers.exampleMobile(country) : prefix,
                purpose.messageClass()));
    }

    private static @Nullable String prefix(Question question, List<Problem.Field> defects) {
        String prefix = question.prefix();
        String country = question.country() == null ? "FR" : question.country();
        if (prefix != null
                && !(PREFIX.matcher(prefix).matches() && prefix.startsWith(PhoneNumbers.callingCode(country)))) {
            defects.add(new Problem.Field(
                    "/prefix",
                    "INVALID_VALUE",
                    "How numbers of the country begin: a plus sign and at most six digits, such as +336"));
        }
        return prefix;
    }

    private static @Nullable Purpose purpose(Map<String, Purpose> declared, Question question) {
        MessageClass messageClass = question.messageClass();
        return messageClass == null
                ? declared.get(String.valueOf(question.purpose()))
                : new Purpose(
                        NOBODY,
                        messageClass.name().toLowerCase(java.util.Locale.ROOT),
                        messageClass,
                        switch (messageClass) {
                            case OTP, TRANSACTIONAL, ALERT, SERVICE -> LegalBasis.CONTRACT;
                            case MARKETING, SURVEY -> LegalBasis.CONSENT;
                        },
                        RetentionClass.MESSAGE,
                        false);
    }

    private static @Nullable Place place(Question question, List<Problem.Field> defects) {
        String country = question.country() == null ? "FR" : question.country();
        String region = question.region();
        if (!country.matches("[A-Z]{2}")) {
            defects.add(new Problem.Field("/country", "INVALID_VALUE", "ISO 3166-1 alpha-2, such as FR"));
            return null;
        }
        if (region != null && !Place.isRegion(country, region)) {
            defects.add(
                    new Problem.Field("/region", "INVALID_VALUE", "ISO 3166-2 of the number's country, such as FR-67"));
            return null;
        }
        if (question.zone() == null) {
            return Place.of(country, region);
        }
        try {
            return Place.of(country, region, List.of(ZoneId.of(question.zone())));
        } catch (DateTimeException e) {
            defects.add(new Problem.Field("/zone", "INVALID_VALUE", "A time zone, such as Europe/Paris"));
            return null;
        }
    }
}
