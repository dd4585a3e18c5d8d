// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.policy;

import eu.aval.server.policy.RulePack.Exemption;
import eu.aval.server.policy.RulePack.Holidays;
import eu.aval.server.policy.RulePack.Hours;
import eu.aval.server.policy.RulePack.HoursRule;
import eu.aval.server.policy.RulePack.Minors;
import eu.aval.server.policy.RulePack.SectorBan;
import eu.aval.server.policy.RulePack.SenderBan;
import eu.aval.server.policy.RulePack.Senders;
import eu.aval.server.policy.RulePack.Source;
import eu.aval.server.policy.RulePack.StopMention;
import eu.aval.server.policy.RulePack.StopRoute;
import eu.aval.server.policy.RulePack.UnknownRegion;
import eu.aval.server.policy.RulePack.Window;
import eu.aval.server.tenant.Residency;
import eu.aval.spi.submit.MessageClass;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a rule pack, strictly: a member that no rule has, a class that is nowhere or twice, hours that overlap or a source
 * that nobody wrote down are errors. A pack that is read halfway is worse than none.
 */
final class RulePackYaml {

    private static final Pattern ID = Pattern.compile("[A-Z][A-Z0-9-]{0,39}");
    private static final Pattern RULE_ID = Pattern.compile("[a-z][a-z0-9-]{0,39}");
    private static final Pattern TIME = Pattern.compile("([01][0-9]|2[0-3]):[0-5][0-9]|24:00");

    private final YamlMember root;
    private final Set<String> ruleIds = new HashSet<>();
    private Map<String, Source> sources = Map.of();

    private RulePackYaml(YamlMember root) {
        this.root = root;
    }

    /**
     * @param file its name, for errors
     * @throws RulePackRefused naming the member that is wrong
     */
    static RulePack read(String file, byte[] content) {
        return new RulePackYaml(YamlMember.read(file, content)).read();
    }

    private RulePack read() {
        root.onlyHas(
                "id",
                "version",
                "title",
                "validFrom",
                "validUntil",
                "reviewer",
                "countries",
                "sources",
                "hours",
                "senders",
                "stopMention",
                "sectors",
                "minors");
        sources = sources(root.get("sources"));
        LocalDate from = root.get("validFrom").date();
        YamlMember end = root.find("validUntil");
        LocalDate until = end == null ? null : end.date();
        if (end != null && end.date().isBefore(from)) {
            throw end.wrong("lies before validFrom");
        }
        YamlMember mention = root.find("stopMention");
        YamlMember minors = root.find("minors");
        return new RulePack(
                root.get("id").text(ID),
                root.get("version").number(1, 1_000_000),
                root.get("title").text(),
                from,
                until,
                root.get("reviewer").text(),
                countries(root.get("countries")),
                sources,
                hours(root.get("hours")),
                senders(root.find("senders")),
                mention == null ? null : stopMention(mention),
                root.find("sectors") == null
                        ? List.of()
                        : root.get("sectors").items().stream().map(this::sector).toList(),
                minors == null ? null : minors(minors));
    }

    private static Map<String, Source> sources(YamlMember member) {
        Map<String, Source> sources = new HashMap<>();
        for (String name : member.names()) {
            YamlMember source = member.get(name);
            source.onlyHas("address", "date", "says");
            YamlMember address = source.get("address");
            if (!address.text().startsWith("https://") && !address.text().startsWith("http://")) {
                throw address.wrong("is no address");
            }
            sources.put(
                    name,
                    new Source(
                            address.text(),
                            source.get("date").date(),
                            source.get("says").text()));
        }
        if (sources.isEmpty()) {
            throw member.wrong("names no source");
        }
        return sources;
    }

    private Hours hours(YamlMember member) {
        member.onlyHas("exempt", "rules");
        YamlMember exempt = member.get("exempt");
        exempt.onlyHas("id", "cites", "classes");
        Exemption exemption = new Exemption(id(exempt), cites(exempt), classes(exempt.get("classes")));
        Set<MessageClass> seen = EnumSet.noneOf(MessageClass.class);
        seen.addAll(exemption.classes());
        List<HoursRule> rules = new ArrayList<>();
        for (YamlMember each : member.get("rules").items()) {
            HoursRule rule = hoursRule(each);
            for (MessageClass messageClass : rule.classes()) {
                if (!seen.add(messageClass)) {
                    throw each.get("classes").wrong("names " + messageClass + ", which another rule names, too");
                }
            }
            rules.add(rule);
        }
        for (MessageClass messageClass : MessageClass.values()) {
            if (!seen.contains(messageClass)) {
                throw member.wrong("says nothing of the class " + messageClass);
            }
        }
        if (!exemption.classes().contains(MessageClass.OTP)) {
            throw exempt.get("classes").wrong("does not name OTP: nobody can wait for a code until the morning");
        }
        return new Hours(exemption, rules);
    }

    private HoursRule hoursRule(YamlMember member) {
        member.onlyHas("id", "cites", "classes", "windows", "holidays", "unknownRegion");
        Map<DayOfWeek, List<Window>> windows = new EnumMap<>(DayOfWeek.class);
        for (YamlMember each : member.get("windows").items()) {
            each.onlyHas("days", "from", "to", "tolerated");
            LocalTime from = time(each.get("from"));
            LocalTime to = time(each.get("to"));
            if (from.equals(LocalTime.MIDNIGHT) && each.get("from").text().equals("24:00")) {
                throw each.get("from").wrong("is the end of a day");
            }
            if (!to.equals(LocalTime.MIDNIGHT) && !from.isBefore(to)) {
                throw each.get("to").wrong("is not after from");
            }
            if (to.equals(LocalTime.MIDNIGHT) && !each.get("to").text().equals("24:00")) {
                throw each.get("to").wrong("is the beginning of the day: write 24:00 for its end");
            }
            YamlMember tolerated = each.find("tolerated");
            Window window = new Window(from, to, tolerated != null && tolerated.flag());
            for (DayOfWeek day : each.get("days").oneOrMore(DayOfWeek.class)) {
                List<Window> own = windows.computeIfAbsent(day, none -> new ArrayList<>(2));
                if (own.stream().anyMatch(other -> overlap(other, window))) {
                    throw each.wrong("overlaps another window of " + day);
                }
                own.add(window);
            }
        }
        if (windows.isEmpty()) {
            throw member.get("windows").wrong("is never open");
        }
        windows.replaceAll((day, own) ->
                own.stream().sorted(Comparator.comparing(Window::from)).toList());
        YamlMember region = member.find("unknownRegion");
        return new HoursRule(
                id(member),
                cites(member),
                classes(member.get("classes")),
                windows,
                member.get("holidays").one(Holidays.class),
                region == null ? UnknownRegion.NATIONAL : region.one(UnknownRegion.class));
    }

    private static boolean overlap(Window one, Window other) {
        return startsWithin(one, other) || startsWithin(other, one);
    }

    private static boolean startsWithin(Window one, Window other) {
        return !one.from().isBefore(other.from())
                && (other.to().equals(LocalTime.MIDNIGHT) || one.from().isBefore(other.to()));
    }

    private static LocalTime time(YamlMember member) {
        String text = member.text();
        if (!TIME.matcher(text).matches()) {
            throw member.wrong("is no time of the form 08:00, to 24:00");
        }
        return text.equals("24:00") ? LocalTime.MIDNIGHT : LocalTime.parse(text);
    }

    private Senders senders(@Nullable YamlMember member) {
        if (member == null) {
            return new Senders(List.of(), null);
        }
        member.onlyHas("forbidden", "stopRoute");
        YamlMember forbidden = member.find("forbidden");
        YamlMember route = member.find("stopRoute");
        if (route != null) {
            route.onlyHas("id", "cites", "classes");
        }
        return new Senders(
                forbidden == null
                        ? List.of()
                        : forbidden.items().stream().map(this::senderBan).toList(),
                route == null ? null : new StopRoute(id(route), cites(route), classes(route.get("classes"))));
    }

    private SenderBan senderBan(YamlMember member) {
        member.onlyHas("id", "cites", "classes", "countries", "form", "from");
        return new SenderBan(
                id(member),
                cites(member),
                classes(member.get("classes")),
                countries(member.get("countries")),
                member.get("form").pattern(),
                member.get("from").date());
    }

    private StopMention stopMention(YamlMember member) {
        member.onlyHas("id", "cites", "classes", "text", "join");
        YamlMember text = member.get("text");
        if (!text.text().contains(StopMention.ROUTE)) {
            throw text.wrong("does not say where " + StopMention.ROUTE + " goes");
        }
        return new StopMention(
                id(member),
                cites(member),
                classes(member.get("classes")),
                text.text(),
                member.get("join").blankOrText());
    }

    private SectorBan sector(YamlMember member) {
        member.onlyHas("id", "cites", "sector", "classes", "from");
        return new SectorBan(
                id(member),
                cites(member),
                member.get("sector").text(Pattern.compile("[A-Z][A-Z_]{0,39}")),
                classes(member.get("classes")),
                member.get("from").date());
    }

    private Minors minors(YamlMember member) {
        member.onlyHas("id", "cites", "age", "ages", "forbidden");
        Map<String, Integer> ages = new HashMap<>();
        YamlMember own = member.find("ages");
        if (own != null) {
            for (String country : own.names()) {
                known(own, country);
                ages.put(country, own.get(country).number(0, 21));
            }
        }
        YamlMember forbidden = member.find("forbidden");
        return new Minors(
                id(member),
                cites(member),
                member.get("age").number(0, 21),
                ages,
                forbidden == null ? Set.of() : classes(forbidden));
    }

    private String id(YamlMember rule) {
        YamlMember id = rule.get("id");
        String text = id.text(RULE_ID);
        if (!ruleIds.add(text)) {
            throw id.wrong("is the id of another rule, too");
        }
        return text;
    }

    private List<String> cites(YamlMember rule) {
        YamlMember cites = rule.get("cites");
        List<String> names = cites.items().stream().map(YamlMember::text).toList();
        if (names.isEmpty()) {
            throw cites.wrong("is empty: each rule has a source");
        }
        for (String name : names) {
            if (!sources.containsKey(name)) {
                throw cites.wrong("names " + name + ", which is not among the sources");
            }
        }
        return names;
    }

    private static Set<MessageClass> classes(YamlMember member) {
        return member.oneOrMore(MessageClass.class);
    }

    private static Set<String> countries(YamlMember member) {
        Set<String> countries = new HashSet<>();
        for (YamlMember each : member.items()) {
            known(each, each.text());
            if (!countries.add(each.text())) {
                throw each.wrong("is named twice");
            }
        }
        return nonEmpty(member, countries);
    }

    private static void known(YamlMember member, String country) {
        if (!Residency.isCountry(country)) {
            throw member.wrong("names " + country + ", which is no ISO 3166-1 alpha-2 code");
        }
    }

    private static <C extends Collection<?>> C nonEmpty(YamlMember member, C values) {
        if (values.isEmpty()) {
            throw member.wrong("is empty");
        }
        return values;
    }
}
