// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.shared;

/** What is no text though JSON can write it. */
public final class Characters {

    private static final int LONGEST_ID = 1_000;

    private Characters() {}

    /** Whether half of a surrogate pair stands alone: it would be kept as a question mark. */
    public static boolean hasLoneSurrogate(String text) {
        return text.codePoints()
                .anyMatch(character -> character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE);
    }

    /** Whether the database keeps it as the id or the code that a carrier gave: a plugin may tell anything. */
    public static boolean canBeId(String text) {
        return text.length() <= LONGEST_ID && text.indexOf('\0') < 0;
    }

    /** Whether PostgreSQL keeps it as a text: it has no U+0000. */
    public static boolean canBeKept(String text) {
        return text.indexOf('\0') < 0 && !hasLoneSurrogate(text);
    }
}
