// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.accept;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What can stand where the handset shows who wrote. */
final class SenderForm {

    private static final Pattern ALPHANUMERIC = Pattern.compile("[A-Za-z0-9 ]*[A-Za-z][A-Za-z0-9 ]*");
    private static final Pattern DIGITS = Pattern.compile("\\+?[0-9]{3,15}");

    private SenderForm() {}

    /** Why it cannot be a sender; null when it can. */
    static @Nullable String misfit(String value) {
        if (DIGITS.matcher(value).matches()) {
            return null;
        }
        if (value.length() > 11) {
            return "A name has at most 11 characters";
        }
        return ALPHANUMERIC.matcher(value).matches() ? null : "Letters, digits and spaces, at least one letter";
    }
}
