// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.smpp;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The text of a receipt: {@code id:… sub:001 dlvrd:001 submit date:… done date:… stat:DELIVRD err:000 text:…}, in any
 * order and case, with fields missing. Fields after the excerpt of the message ({@code text:}) only count where there
 * were none before, because a sender may write anything there.
 *
 * <p>Privacy: the excerpt is cut before anything else sees it.
 */
final class ReceiptText {

    private static final Pattern KEY = Pattern.compile(
            "(?<![a-z])(id|sub|dlvrd|submit[ _]?date|done[ _]?date|stat|err|text)[ ]?:", Pattern.CASE_INSENSITIVE);

    private static final int LONGEST = 300;

    private enum Field {
        ID,
        SUB,
        DLVRD,
        SUBMIT_DATE,
        DONE_DATE,
        STAT,
        ERR,
        TEXT
    }

    private final Map<Field, String> fields = new EnumMap<>(Field.class);
    private final String withoutExcerpt;
    private final boolean nothingBefore;

    private ReceiptText(String text) {
        Matcher matcher = KEY.matcher(text);
        this.nothingBefore =
                matcher.find() && text.substring(0, matcher.start()).isBlank();
        matcher.reset();
        int excerpt = text.length();
        Field field = null;
        int start = 0;
        while (matcher.find()) {
            keep(field, text, start, matcher.start());
            field = field(matcher.group(1));
            start = matcher.end();
            if (field == Field.TEXT && excerpt == text.length()) {
                excerpt = start;
            }
        }
        keep(field, text, start, text.length());
        String kept = text.substring(0, excerpt);
        this.withoutExcerpt = kept.length() > LONGEST ? kept.substring(0, LONGEST) : kept;
    }

    /** A zero that ends the text, as it ends other strings of SMPP, is no part of the last value. */
    static ReceiptText of(String text) {
        return new ReceiptText(text.replace('\0', ' '));
    }

    /** Whether nothing of it can be told. */
    boolean isEmpty() {
        return fields.isEmpty();
    }

    /** Whether it reads as a receipt and as nothing else: no word before its first field, an id, and a state. */
    boolean isWhole() {
        return nothingBefore && fields.containsKey(Field.ID) && fields.containsKey(Field.STAT);
    }

    @Nullable
    String id() {
        return fields.get(Field.ID);
    }

    /** In upper case, without spaces. */
    @Nullable
    String state() {
        String state = fields.get(Field.STAT);
        return state == null ? null : state.toUpperCase(Locale.ROOT);
    }

    @Nullable
    String errorCode() {
        return fields.get(Field.ERR);
    }

    /** When it happened, if the receipt says so in a form that is known: 10, 12 or 14 digits. */
    @Nullable
    Instant doneAt(ZoneId zone) {
        String date = fields.get(Field.DONE_DATE);
        if (date == null || !date.matches("[0-9]{10}|[0-9]{12}|[0-9]{14}")) {
            return null;
        }
        boolean century = date.length() == 14 || (date.length() == 12 && date.startsWith("20") && isLongYear(date));
        int year = Integer.parseInt(date.substring(0, century ? 4 : 2)) + (century ? 0 : 2000);
        int at = century ? 4 : 2;
        int[] rest = new int[5];
        for (int i = 0; i < rest.length && at + 2 * i + 2 <= date.length(); i++) {
            rest[i] = Integer.parseInt(date.substring(at + 2 * i, at + 2 * i + 2));
        }
        try {
            return LocalDateTime.of(year, rest[0], rest[1], rest[2], rest[3], rest[4])
                    .atZone(zone)
                    .toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** The receipt up to and with {@code text:}. */
    String withoutExcerpt() {
        return withoutExcerpt;
    }

    /** {@code 202601151301}: as YYMMDDhhmmss it would be a month 26. */
    private static boolean isLongYear(String date) {
        return Integer.parseInt(date.substring(2, 4)) > 12;
    }

    private void keep(@Nullable Field field, String text, int start, int end) {
        if (field == null || field == Field.TEXT || fields.containsKey(field)) {
            return;
        }
        String value = text.substring(start, end).strip();
        int space = 0;
        while (space < value.length() && !Character.isWhitespace(value.charAt(space))) {
            space++;
        }
        if (space > 0) {
            fields.put(field, value.substring(0, space));
        }
    }

    private static Field field(String key) {
        return switch (key.toLowerCase(Locale.ROOT).charAt(0)) {
            case 'i' -> Field.ID;
            case 'd' -> key.length() == 5 ? Field.DLVRD : Field.DONE_DATE;
            case 'e' -> Field.ERR;
            case 't' -> Field.TEXT;
            default ->
                switch (key.length()) {
                    case 3 -> Field.SUB;
                    case 4 -> Field.STAT;
                    default -> Field.SUBMIT_DATE;
                };
        };
    }
}
