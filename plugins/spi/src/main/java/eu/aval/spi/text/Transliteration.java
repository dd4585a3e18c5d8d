// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.spi.text;

import java.text.Normalizer;
import org.jspecify.annotations.Nullable;

/**
 * Writes a text with characters that GSM-7 has, where a reader of the language takes no notice: an ordinary French
 * sentence holds ’ or ç, which would cut a part from 160 to 70 characters.
 */
public final class Transliteration {

    private Transliteration() {}

    /**
     * {@code text} as a French reader would accept it: typographic quotes, dashes, ellipsis and no-break spaces become
     * their plain forms; œ, ç and the accented vowels that GSM-7 lacks lose what it lacks; é è à ù É Ç stay, as does
     * everything else. An accent that stands apart as a combining mark is joined to its letter first. Doing it twice
     * changes nothing more, and a text without such characters comes back as it is.
     */
    public static String french(String text) {
        int first = -1;
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            if (isCombining(character)) {
                return compose(text);
            }
            if (first < 0 && replacement(character) != null) {
                first = i;
            }
        }
        return first < 0 ? text : replaceFrom(first, text);
    }

    /** What {@link #french} writes for one character; null when it leaves it. */
    static @Nullable String suggestion(int codePoint) {
        return Character.isBmpCodePoint(codePoint) ? replacement((char) codePoint) : null;
    }

    private static String replaceFrom(int start, String text) {
        StringBuilder plain = new StringBuilder(text.length() + 16).append(text, 0, start);
        for (int i = start; i < text.length(); i++) {
            String replacement = replacement(text.charAt(i));
            if (replacement == null) {
                plain.append(text.charAt(i));
            } else {
                plain.append(replacement);
            }
        }
        return plain.toString();
    }

    /** A letter that comes out of a replacement may take a mark that the one before could not. */
    private static String compose(String text) {
        String composed = Normalizer.normalize(text, Normalizer.Form.NFC);
        String plain = replaceFrom(0, composed);
        return plain.equals(text) ? text : french(plain);
    }

    private static boolean isCombining(char character) {
        return character >= '\u0300' && character <= '\u036F';
    }

    private static @Nullable String replacement(char character) {
        if (character < '\u00A0') {
            return null;
        }
        return switch (character) {
            case '\u00A0', '\u202F' -> " ";
            case '’', '‘' -> "'";
            case '“', '”', '«', '»' -> "\"";
            case '…' -> "...";
            case '–', '—' -> "-";
            case 'œ' -> "oe";
            case 'Œ' -> "OE";
            case 'ç' -> "c";
            case 'â' -> "a";
            case 'ê', 'ë' -> "e";
            case 'î', 'ï' -> "i";
            case 'ô' -> "o";
            case 'û' -> "u";
            case 'ÿ' -> "y";
            case 'À', 'Â' -> "A";
            case 'È', 'Ê', 'Ë' -> "E";
            case 'Î', 'Ï' -> "I";
            case 'Ô' -> "O";
            case 'Ù', 'Û' -> "U";
            case 'Ÿ' -> "Y";
            default -> null;
        };
    }
}
