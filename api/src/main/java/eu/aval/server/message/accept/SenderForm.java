// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.accept;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What can stand where the handset shows who wrote. */
final class SenderForm {

    private static final Pattern ALPHANUMERIC = Pattern.compile("[A-Za-z0-9 ]*[A-Za-z][A-Za-z0-9 ]*");
    private static final Pattern DIGITS = Pattern.compile("\\+?[0-9]{3,15}");
    /** Business traffic may not come from a personal mobile number: ARCEP decision 2022-1583. */
    private static final Pattern FRENCH_MOBILE = Pattern.compile("(\\+33|0033|33|0)[67][0-9]{8}");

    private SenderForm() {}

    /** Why it cannot be a sender; null when it can. */
    static @Nullable String misfit(String value) {
        if (FRENCH_MOBILE.matcher(value).matches()) {
            return "A French mobile number may not send business messages";
        }
        if (DIGITS.matcher(value).matches()) {
            return null;
        }
        if (value.length() > 11) {
            return "A name has at most 11 characters";
        }
        return ALPHANUMERIC.matcher(value).matches() ? null : "Letters, digits and spaces, at least one letter";
    }
}
