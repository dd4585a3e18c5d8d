// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.spi.text;

import org.jspecify.annotations.Nullable;

/**
 * A character that keeps a text out of GSM-7.
 *
 * <p>Privacy: {@link #toString()} shows where it is and not which: all of them together can be the whole text.
 *
 * @param position in UTF-16 units from the start of the text, as JavaScript and Java count
 * @param codePoint which; a lone surrogate as itself
 * @param suggestion what {@link Transliteration#french} writes instead; null when nothing safe is known
 */
public record OffendingCharacter(
        int position, int codePoint, @Nullable String suggestion) {

    @Override
    public String toString() {
        return "OffendingCharacter[position " + position + "]";
    }
}
