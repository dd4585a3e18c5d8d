// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.consent.rest;

import eu.aval.server.contact.PhoneNumbers;
import eu.aval.server.personaldata.PhoneNumber;
import eu.aval.server.shared.Characters;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import eu.aval.server.shared.Rfc3339;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks the fields of one request and remembers what is wrong, so that the caller learns all of it at once. */
final class Fields {

    /** A place or a form, not a person: no address, no number. */
    private static final Pattern SOURCE = Pattern.compile("(?!.*[0-9]{6})[\\p{L}\\p{N}][\\p{L}\\p{N} ._:/-]{0,63}");

    private static final Pattern LOCALE = Pattern.compile("[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*");

    private final List<Problem.Field> defects = new ArrayList<>();
    private @Nullable ProblemType single;

    /** A number that takes SMS. */
    @Nullable
    PhoneNumber mobile(@Nullable String to) {
        if (to == null) {
            missing("/to");
            return null;
        }
        return switch (PhoneNumbers.read(to)) {
            case PhoneNumbers.Reading.Mobile mobile -> mobile.number();
            case PhoneNumbers.Reading.Refused refused -> {
                single = refused.problem();
                defect("/to", refused.problem().name(), refused.detail());
                yield null;
            }
        };
    }

    @Nullable
    String required(String pointer, @Nullable String value) {
        if (value == null || value.isBlank()) {
            missing(pointer);
            return null;
        }
        return value;
    }

    @Nullable
    String source(@Nullable String value) {
        if (value != null && !SOURCE.matcher(value).matches()) {
            defect(
                    "/source",
                    "INVALID_SOURCE",
                    "Up to 64 letters, digits, spaces and . _ : / - that name a place, not a person.");
        }
        return value;
    }

    @Nullable
    String text(String pointer, @Nullable String value, int most) {
        if (value != null && (value.isBlank() || value.length() > most)) {
            defect(pointer, "INVALID_LENGTH", "1 to " + most + " characters.");
        } else if (value != null && !Characters.canBeKept(value)) {
            defect(pointer, "INVALID_VALUE", "Without U+0000 and halves of surrogate pairs.");
        }
        return value;
    }

    @Nullable
    String locale(@Nullable String value) {
        if (value != null && !LOCALE.matcher(value).matches()) {
            defect("/locale", "INVALID_LOCALE", "A BCP 47 language tag, as fr-FR.");
        }
        return value;
    }

    @Nullable
    Instant instant(String pointer, @Nullable String value) {
        if (value == null) {
            return null;
        }
        try {
            return Rfc3339.parse(value);
        } catch (DateTimeException e) {
            defect(pointer, "INVALID_TIME", "An RFC 3339 time with its offset.");
            return null;
        }
    }

    /** The first day after a day or a month that is given as the last. */
    @Nullable
    LocalDate end(String pointer, @Nullable String value) {
        if (value == null) {
            return null;
        }
        try {
            return value.length() == "2030-12".length()
                    ? YearMonth.parse(value).plusMonths(1).atDay(1)
                    : LocalDate.parse(value);
        } catch (DateTimeException e) {
            defect(
                    pointer,
                    "INVALID_DATE",
                    "A month such as 2030-06, or the first day after the band such as 2030-07-01.");
            return null;
        }
    }

    <E extends Enum<E>> @Nullable E member(String pointer, @Nullable String value, Class<E> type) {
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(value)) {
                return constant;
            }
        }
        defect(pointer, "INVALID_VALUE", "One of " + String.join(", ", names(type)) + ".");
        return null;
    }

    void defect(String pointer, String code, String detail) {
        defects.add(new Problem.Field(pointer, code, detail));
    }

    /** What to answer; null if nothing is wrong. */
    @Nullable
    Problem problem() {
        if (defects.isEmpty()) {
            return null;
        }
        ProblemType type = single != null && defects.size() == 1 ? single : ProblemType.INVALID_REQUEST;
        return new Problem(type, defects.size() == 1 ? defects.getFirst().detail() : type.title() + ".", defects);
    }

    private void missing(String pointer) {
        defect(pointer, "REQUIRED", "Required.");
    }

    private static <E extends Enum<E>> List<String> names(Class<E> type) {
        return Arrays.stream(type.getEnumConstants()).map(Enum::name).toList();
    }
}
