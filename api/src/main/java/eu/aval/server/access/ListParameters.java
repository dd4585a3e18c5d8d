// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import eu.aval.server.shared.Rfc3339;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;

/**
 * Reads the query of a request for a list. What is wrong is collected and told at once, by {@link #requireSound}; until
 * then what is wrong reads as if it were not there.
 */
public final class ListParameters {

    private static final int LIMIT = 50;
    private static final int HIGHEST_LIMIT = 200;

    private final MultiValueMap<String, String> parameters;
    private final List<Problem.Field> defects = new ArrayList<>();

    /**
     * @param names all that may stand there
     * @param repeatable the one of them that may stand there again and again
     */
    public ListParameters(MultiValueMap<String, String> parameters, Set<String> names, String repeatable) {
        this.parameters = parameters;
        for (String name : parameters.keySet()) {
            if (!names.contains(name)) {
                defects.add(new Problem.Field("/query", "UNKNOWN_FIELD", "One of the parameters does not exist"));
            } else if (!name.equals(repeatable) && parameters.get(name).size() > 1) {
                defects.add(new Problem.Field("/query/" + name, "DUPLICATE_FIELD", "The parameter stands twice"));
            }
        }
    }

    /** Any of the constants of {@code type}, each a parameter of its own. */
    public <E extends Enum<E>> Set<E> constants(String name, Class<E> type) {
        Set<E> constants = EnumSet.noneOf(type);
        for (String value : parameters.getOrDefault(name, List.of())) {
            try {
                constants.add(Enum.valueOf(type, value));
            } catch (IllegalArgumentException e) {
                defects.add(new Problem.Field("/query/" + name, "INVALID_VALUE", "There is no such " + name));
            }
        }
        return constants;
    }

    public @Nullable String text(String name) {
        return parameters.getFirst(name);
    }

    /** A text of at least one character. */
    public @Nullable String text(String name, int longest) {
        String value = text(name);
        if (value != null && (value.isEmpty() || value.length() > longest)) {
            defects.add(new Problem.Field("/query/" + name, "INVALID_LENGTH", "1 to " + longest + " characters"));
            return null;
        }
        return value;
    }

    /** A text of one form. */
    public @Nullable String text(String name, Pattern form, String detail) {
        String value = text(name);
        if (value != null && !form.matcher(value).matches()) {
            defects.add(new Problem.Field("/query/" + name, "INVALID_VALUE", detail));
            return null;
        }
        return value;
    }

    public @Nullable UUID uuid(String name) {
        String value = text(name);
        try {
            return value == null ? null : UUID.fromString(value);
        } catch (IllegalArgumentException e) {
            defects.add(new Problem.Field("/query/" + name, "INVALID_VALUE", "A UUID"));
            return null;
        }
    }

    public @Nullable Instant time(String name) {
        String value = text(name);
        if (value == null) {
            return null;
        }
        try {
            // A plus sign that nobody encoded arrives as a space
            return Rfc3339.parse(value.replace(' ', '+'));
        } catch (DateTimeException e) {
            defects.add(new Problem.Field("/query/" + name, "INVALID_VALUE", "RFC 3339 with an offset"));
            return null;
        }
    }

    public boolean flag(String name, boolean otherwise) {
        String value = text(name);
        if (value != null && !value.equals("true") && !value.equals("false")) {
            defects.add(new Problem.Field("/query/" + name, "INVALID_VALUE", "true or false"));
        }
        return value == null ? otherwise : value.equals("true");
    }

    /** How many items a page has: {@code limit}. */
    public int limit() {
        String value = text("limit");
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

    /** The last item of the page before: {@code after}. */
    public @Nullable UUID after() {
        String value = text("after");
        UUID after = value == null ? null : Cursor.parse(value);
        if (value != null && after == null) {
            defects.add(new Problem.Field("/query/after", "INVALID_VALUE", "Give back next of the page before"));
        }
        return after;
    }

    /** @throws Problem INVALID_REQUEST with everything that is wrong */
    public void requireSound() {
        if (!defects.isEmpty()) {
            throw new Problem(ProblemType.INVALID_REQUEST, "The query has invalid parameters", defects);
        }
    }
}
