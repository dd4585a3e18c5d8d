// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server;

import eu.aval.server.encryption.KeysetStore.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;

/** What {@code database/classification.yaml} says, and what is wrong with it. */
final class Classification {

    private static final Set<String> CATEGORIES =
            Set.of("identity", "pseudonym", "content", "communication", "permission");
    private static final Set<String> PROTECTIONS = Set.of("subject-key", "tenant-key", "platform-key", "blind-index");
    private static final Map<String, Kind> KEYSETS =
            Map.of("tenant-key", Kind.AEAD, "platform-key", Kind.AEAD, "blind-index", Kind.PRF);
    private static final Set<String> OF_A_TABLE = Set.of("personal", "staff", "other");
    private static final Set<String> OF_PERSONAL =
            Set.of("columns", "category", "purpose", "retention", "holder", "protection", "justification");
    private static final Set<String> OF_STAFF = Set.of("columns", "answer");

    private final Set<String> retention;
    private final Map<String, Map<String, Object>> tables;

    private Classification(Set<String> retention, Map<String, Map<String, Object>> tables) {
        this.retention = retention;
        this.tables = tables;
    }

    static Classification ofTheServer() {
        try (InputStream yaml = Classification.class.getResourceAsStream("/database/classification.yaml")) {
            return of(new String(Objects.requireNonNull(yaml).readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Classification of(String yaml) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        Map<String, Object> document = new Yaml(options).load(yaml);
        return new Classification(map(document.get("retention")).keySet(), tables(document));
    }

    /**
     * @param live SQL types by column, the column as {@code schema.table.column}
     * @param holders by name, the columns they answer for as {@code table.column}
     * @return nothing if all is well
     */
    List<String> defects(Map<String, String> live, Map<String, Set<String>> holders) {
        List<String> defects = new ArrayList<>();
        Set<String> listed = new HashSet<>();
        Map<String, Set<String>> answered = new HashMap<>();
        tables.forEach((table, groups) -> {
            unknown(groups, OF_A_TABLE, table, defects);
            List<String> columns = new ArrayList<>(strings(groups.get("other")));
            for (Map<String, Object> group : groups(groups.get("staff"))) {
                unknown(group, OF_STAFF, table, defects);
                columns.addAll(strings(group.get("columns")));
                said(group, "answer", table, defects);
            }
            for (Map<String, Object> group : groups(groups.get("personal"))) {
                columns.addAll(strings(group.get("columns")));
                personal(table, group, live, defects);
                Set<String> held =
                        answered.computeIfAbsent(String.valueOf(group.get("holder")), name -> new TreeSet<>());
                strings(group.get("columns"))
                        .forEach(column -> held.add(table.substring(table.indexOf('.') + 1) + "." + column));
            }
            for (String column : columns) {
                if (!listed.add(table + "." + column)) {
                    defects.add(table + "." + column + " is listed twice");
                }
            }
        });
        difference(live.keySet(), listed, " is not classified", defects);
        difference(listed, live.keySet(), " is classified and not in the database", defects);
        answered.forEach((holder, columns) -> difference(
                columns, holders.getOrDefault(holder, Set.of()), " is not answered for by " + holder, defects));
        holders.forEach((holder, columns) ->
                difference(columns, answered.getOrDefault(holder, Set.of()), " is not given to " + holder, defects));
        return defects;
    }

    /**
     * What a rotation of keys would lose, or wait for without an end. Everything that is octets is sealed or indexed, by
     * somebody who carries it over; only what is under a person's own key, which never rotates, and keysets themselves
     * need nobody.
     *
     * @param live as for {@link #defects}
     * @param carried which keyset the values are under by column, the column as {@code table.column}
     * @return nothing if all is well
     */
    List<String> notCarriedOver(Map<String, String> live, Map<String, Kind> carried) {
        List<String> defects = new ArrayList<>();
        Map<String, String> protections = protections();
        protections.forEach((column, protection) -> {
            Kind expected = KEYSETS.get(protection);
            if (expected != null && carried.get(column) != expected) {
                defects.add(column + " is " + protection + " and not carried over by a rotation of " + expected);
            }
        });
        live.forEach((column, type) -> {
            String name = column.substring(column.indexOf('.') + 1);
            if (type.equals("bytea")
                    && !carried.containsKey(name)
                    && !protections.containsKey(name)
                    && !name.equals("keyset.wrapped")) {
                defects.add(name + " is octets that nobody carries over");
            }
        });
        Set<String> names = live.keySet().stream()
                .map(column -> column.substring(column.indexOf('.') + 1))
                .collect(Collectors.toSet());
        difference(carried.keySet(), names, " is carried over and not in the database", defects);
        defects.sort(null);
        return defects;
    }

    private Map<String, String> protections() {
        Map<String, String> protections = new TreeMap<>();
        tables.forEach((table, groups) -> groups(groups.get("personal")).forEach(group -> {
            if (group.get("protection") instanceof String protection) {
                strings(group.get("columns"))
                        .forEach(column ->
                                protections.put(table.substring(table.indexOf('.') + 1) + "." + column, protection));
            }
        }));
        return protections;
    }

    private void personal(String table, Map<String, Object> group, Map<String, String> live, List<String> defects) {
        String place = table + " " + strings(group.get("columns"));
        unknown(group, OF_PERSONAL, place, defects);
        said(group, "purpose", place, defects);
        said(group, "holder", place, defects);
        member(group, "category", CATEGORIES, place, defects);
        member(group, "retention", retention, place, defects);
        Object protection = group.get("protection");
        if (protection == null) {
            said(group, "justification", place, defects);
            return;
        }
        member(group, "protection", PROTECTIONS, place, defects);
        for (String column : strings(group.get("columns"))) {
            String type = live.get(table + "." + column);
            if (type != null && !type.equals("bytea")) {
                defects.add(table + "." + column + " is not protected by " + protection + ": it is " + type);
            }
        }
    }

    private static void unknown(Map<String, Object> group, Set<String> known, String place, List<String> defects) {
        difference(group.keySet(), known, " is no property of " + place, defects);
    }

    private static void said(Map<String, Object> group, String property, String place, List<String> defects) {
        if (!(group.get(property) instanceof String text) || text.isBlank()) {
            defects.add(place + " has no " + property);
        }
    }

    private static void member(
            Map<String, Object> group, String property, Set<String> known, String place, List<String> defects) {
        if (!known.contains(String.valueOf(group.get(property)))) {
            defects.add(place + " has a " + property + " that is not known");
        }
    }

    private static void difference(
            Collection<String> all, Collection<String> known, String complaint, List<String> defects) {
        all.stream().filter(each -> !known.contains(each)).sorted().forEach(each -> defects.add(each + complaint));
    }

    private static Map<String, Map<String, Object>> tables(Map<String, Object> document) {
        Map<String, Map<String, Object>> tables = new TreeMap<>();
        map(document.get("tables")).forEach((table, groups) -> tables.put(table, map(groups)));
        return tables;
    }

    private static List<Map<String, Object>> groups(@Nullable Object list) {
        return list instanceof List<?> groups
                ? groups.stream().map(Classification::map).toList()
                : List.of();
    }

    private static List<String> strings(@Nullable Object list) {
        return list instanceof List<?> values
                ? values.stream().map(String::valueOf).toList()
                : List.of();
    }

    private static Map<String, Object> map(@Nullable Object value) {
        Map<String, Object> map = new TreeMap<>();
        if (value instanceof Map<?, ?> entries) {
            entries.forEach((key, each) -> map.put(String.valueOf(key), each));
        }
        return map;
    }
}
