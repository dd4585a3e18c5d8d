// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.policy;

import eu.aval.spi.submit.MessageClass;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Rules that the gate applies, as data: dated, with the source of each, approved by somebody. Immutable.
 *
 * @param version goes up with every change of a pack that keeps its id
 * @param validFrom the first day, in the zone of the recipient
 * @param validUntil the last day; null while no end is known
 * @param reviewer who answers for it
 * @param countries ISO 3166-1 alpha-2 of recipients whom the rules were made for
 * @param sources by the name that rules cite them by
 * @param stopMention null if the pack asks for none
 * @param minors null if the pack says nothing of minors
 */
public record RulePack(
        String id,
        int version,
        String title,
        LocalDate validFrom,
        @Nullable LocalDate validUntil,
        String reviewer,
        Set<String> countries,
        Map<String, Source> sources,
        Hours hours,
        Senders senders,
        @Nullable StopMention stopMention,
        List<SectorBan> sectors,
        @Nullable Minors minors) {

    public RulePack {
        countries = Set.copyOf(countries);
        sources = Map.copyOf(sources);
        sectors = List.copyOf(sectors);
    }

    /** One rule of a pack. */
    public sealed interface Rule {

        /** Unique in the pack; stored with verdicts. */
        String id();

        /** Names of sources. */
        List<String> cites();
    }

    /**
     * Where a rule comes from.
     *
     * @param date of the text, or when it was read if it bears none
     * @param says what it says, in a sentence
     */
    public record Source(String address, LocalDate date, String says) {}

    /** When messages may arrive. Each message class is in exactly one of the two. */
    public record Hours(Exemption exempt, List<HoursRule> rules) {

        public Hours {
            rules = List.copyOf(rules);
        }

        /** Null if the class may be sent at any time. */
        public @Nullable HoursRule of(MessageClass messageClass) {
            for (HoursRule rule : rules) {
                if (rule.classes().contains(messageClass)) {
                    return rule;
                }
            }
            return null;
        }
    }

    /** Classes that may be sent at any time. */
    public record Exemption(String id, List<String> cites, Set<MessageClass> classes) implements Rule {

        public Exemption {
            cites = List.copyOf(cites);
            classes = Set.copyOf(classes);
        }
    }

    /**
     * @param windows of each weekday, in order, apart from each other; a day without any is closed
     * @param holidays what public holidays change
     * @param unknownRegion whose holidays count while the region of a recipient is not known
     */
    public record HoursRule(
            String id,
            List<String> cites,
            Set<MessageClass> classes,
            Map<DayOfWeek, List<Window>> windows,
            Holidays holidays,
            UnknownRegion unknownRegion)
            implements Rule {

        public HoursRule {
            cites = List.copyOf(cites);
            classes = Set.copyOf(classes);
            windows = Map.copyOf(windows);
        }
    }

    /**
     * @param from the first minute
     * @param to the first minute after it; {@link LocalTime#MIDNIGHT} is the end of the day
     * @param tolerated open, with a warning
     */
    public record Window(LocalTime from, LocalTime to, boolean tolerated) {

        /** Such as {@code 08:00-20:00}. */
        public String label() {
            return from + "-" + (to.equals(LocalTime.MIDNIGHT) ? "24:00" : to.toString());
        }
    }

    /** What a public holiday is. */
    public enum Holidays {
        /** Closed. */
        FORBIDDEN,
        /** As any day, with a warning. */
        TOLERATED,
        /** As any day. */
        ALLOWED
    }

    /** Which days count as public holidays where only the country is known. */
    public enum UnknownRegion {
        /** Those of the whole country. */
        NATIONAL,
        /** Those of any region of it. */
        ANY
    }

    /** Rules on what the recipient sees as the originator. */
    public record Senders(
            List<SenderBan> forbidden, @Nullable StopRoute stopRoute) {

        public Senders {
            forbidden = List.copyOf(forbidden);
        }
    }

    /**
     * Senders of a form that may not be used.
     *
     * @param classes of messages that it concerns
     * @param countries of the recipients that it concerns
     * @param form the whole of a sender's value
     * @param from the first day
     */
    public record SenderBan(
            String id,
            List<String> cites,
            Set<MessageClass> classes,
            Set<String> countries,
            Pattern form,
            LocalDate from)
            implements Rule {

        public SenderBan {
            cites = List.copyOf(cites);
            classes = Set.copyOf(classes);
            countries = Set.copyOf(countries);
        }
    }

    /** Classes in which a sender that nobody can answer needs another way to say STOP. */
    public record StopRoute(String id, List<String> cites, Set<MessageClass> classes) implements Rule {

        public StopRoute {
            cites = List.copyOf(cites);
            classes = Set.copyOf(classes);
        }
    }

    /**
     * Classes whose text tells how to refuse more.
     *
     * @param text with {@link #ROUTE} where the number or address of the route goes
     * @param join what stands between the message and the mention
     */
    public record StopMention(String id, List<String> cites, Set<MessageClass> classes, String text, String join)
            implements Rule {

        public static final String ROUTE = "{route}";

        public StopMention {
            cites = List.copyOf(cites);
            classes = Set.copyOf(classes);
        }
    }

    /**
     * A sector that may not send.
     *
     * @param sector as purposes name it
     * @param from the first day
     */
    public record SectorBan(String id, List<String> cites, String sector, Set<MessageClass> classes, LocalDate from)
            implements Rule {

        public SectorBan {
            cites = List.copyOf(cites);
            classes = Set.copyOf(classes);
        }
    }

    /**
     * From which age somebody consents alone.
     *
     * @param age where {@code ages} names none
     * @param ages by country, ISO 3166-1 alpha-2
     * @param forbidden classes that nobody receives who is on record as a child or as not of full age, whatever the consent
     */
    public record Minors(String id, List<String> cites, int age, Map<String, Integer> ages, Set<MessageClass> forbidden)
            implements Rule {

        public Minors {
            cites = List.copyOf(cites);
            ages = Map.copyOf(ages);
            forbidden = Set.copyOf(forbidden);
        }

        public int ageIn(String country) {
            return ages.getOrDefault(country, age);
        }
    }

    /** Whether it is in force on a day. */
    public boolean isInForce(LocalDate day) {
        return !day.isBefore(validFrom) && (validUntil == null || !day.isAfter(validUntil));
    }

    /** Of one rule; none if the pack has no such rule. */
    public List<Source> sourcesOf(String rule) {
        for (Rule each : rules()) {
            if (each.id().equals(rule)) {
                return each.cites().stream()
                        .map(name -> Objects.requireNonNull(sources.get(name)))
                        .toList();
            }
        }
        return List.of();
    }

    /** All of them. */
    public List<Rule> rules() {
        List<Rule> rules = new ArrayList<>();
        rules.add(hours.exempt());
        rules.addAll(hours.rules());
        rules.addAll(senders.forbidden());
        if (senders.stopRoute() != null) {
            rules.add(senders.stopRoute());
        }
        if (stopMention != null) {
            rules.add(stopMention);
        }
        rules.addAll(sectors);
        if (minors != null) {
            rules.add(minors);
        }
        return rules;
    }

    /** Short name for verdicts, such as {@code GUIDE/1}. */
    public String label() {
        return id + "/" + version;
    }
}
