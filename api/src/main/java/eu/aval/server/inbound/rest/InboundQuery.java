// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.inbound.rest;

import eu.aval.server.access.Cursor;
import eu.aval.server.inbound.InboundFilter;
import eu.aval.server.inbound.reply.Meaning;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;

/** The query of a list request. */
record InboundQuery(
        InboundFilter filter, int limit, @Nullable UUID after) {

    private static final Set<String> NAMES =
            Set.of("meaning", "to", "receivedFrom", "receivedBefore", "limit", "after");
    private static final int LIMIT = 50;
    private static final int HIGHEST_LIMIT = 200;

    /** @throws Problem INVALID_REQUEST with everything that is wrong */
    static InboundQuery parse(MultiValueMap<String, String> parameters) {
        List<Problem.Field> defects = new ArrayList<>();
        for (String name : parameters.keySet()) {
            if (!NAMES.contains(name)) {
                defects.add(new Problem.Field("/query", "UNKNOWN_FIELD", "One of the parameters does not exist"));
            } else if (!name.equals("meaning") && parameters.get(name).size() > 1) {
                defects.add(new Problem.Field("/query/" + name, "DUPLICATE_FIELD", "The parameter stands twice"));
            }
        }
        Set<Meaning> meanings = EnumSet.noneOf(Meaning.class);
        for (String meaning : parameters.getOrDefault("meaning", List.of())) {
            try {
                meanings.add(Meaning.valueOf(meaning));
            } catch (IllegalArgumentException e) {
                defects.add(new Problem.Field("/query/meaning", "INVALID_VALUE", "There is no such meaning"));
            }
        }
        String to = parameters.getFirst("to");
        if (to != null && (to.isEmpty() || to.length() > 16)) {
            defects.add(new Problem.Field("/query/to", "INVALID_LENGTH", "1 to 16 characters"));
        }
        InboundQuery query = new InboundQuery(
                new InboundFilter(
                        meanings,
                        to == null ? null : to.strip(),
                        time(parameters, "receivedFrom", defects),
                        time(parameters, "receivedBefore", defects)),
                limit(parameters.getFirst("limit"), defects),
                after(parameters.getFirst("after"), defects));
        if (!defects.isEmpty()) {
            throw new Problem(ProblemType.INVALID_REQUEST, "The query has invalid parameters", defects);
        }
        return query;
    }

    private static @Nullable Instant time(
            MultiValueMap<String, String> parameters, String name, List<Problem.Field> defects) {
        String value = parameters.getFirst(name);
        if (value == null) {
            return null;
        }
        try {
            // A plus sign that nobody encoded arrives as a space
            return OffsetDateTime.parse(value.replace(' ', '+')).toInstant();
        } catch (DateTimeException e) {
            defects.add(new Problem.Field("/query/" + name, "INVALID_VALUE", "RFC 3339 with an offset"));
            return null;
        }
    }

    private static int limit(@Nullable String value, List<Problem.Field> defects) {
        if (value == null) {
            return LIMIT;
        }
        if (value.matches("[0-9]{1,3}")) {
            int limit = Integer.parseInt(value);
            if (limit >= 1 && limit <= HIGHEST_LIMIT) {
                return limit;
            }
        }
        defects.add(new Problem.Field("/query/limit", "INVALID_VALUE", "1 to " + HIGHEST_LIMIT));
        return LIMIT;
    }

    private static @Nullable UUID after(@Nullable String value, List<Problem.Field> defects) {
        UUID after = value == null ? null : Cursor.parse(value);
        if (value != null && after == null) {
            defects.add(new Problem.Field("/query/after", "INVALID_VALUE", "Give back next of the page before"));
        }
        return after;
    }
}
