// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.consent.store;

import eu.aval.server.consent.Sender;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import java.util.List;
import java.util.regex.Pattern;

/** Which values a sender can have. */
final class SenderForm {

    /** Characters that every handset shows alike. */
    private static final Pattern ALPHANUMERIC =
            Pattern.compile("(?=.*[A-Za-z])[A-Za-z0-9](?:[A-Za-z0-9 .&_+-]{0,9}[A-Za-z0-9.])?");

    private static final Pattern SHORT_CODE = Pattern.compile("[1-9][0-9]{2,7}");
    private static final Pattern INTERNATIONAL = Pattern.compile("\\+[1-9][0-9]{6,14}");
    /** ARCEP decision 2022-1583: no platform sends from a mobile number. */
    private static final Pattern FRENCH_MOBILE = Pattern.compile("\\+33[67][0-9]+");

    private SenderForm() {}

    /**
     * @throws Problem INVALID_REQUEST
     */
    static Sender.Kind kindOf(String value) {
        if (FRENCH_MOBILE.matcher(value).matches()) {
            throw invalid("FRENCH_MOBILE_SENDER", "Platforms may not send from French mobile numbers.");
        }
        if (INTERNATIONAL.matcher(value).matches()) {
            return Sender.Kind.INTERNATIONAL;
        }
        if (SHORT_CODE.matcher(value).matches()) {
            return Sender.Kind.SHORT_CODE;
        }
        if (ALPHANUMERIC.matcher(value).matches()) {
            return Sender.Kind.ALPHANUMERIC;
        }
        throw invalid(
                "INVALID_SENDER",
                "A sender is up to 11 letters, digits, spaces and . & _ + - with a letter among them, a short code of"
                        + " 3 to 8 digits, or a number in E.164.");
    }

    private static Problem invalid(String code, String detail) {
        return new Problem(
                ProblemType.INVALID_REQUEST,
                "The sender cannot be declared.",
                List.of(new Problem.Field("/value", code, detail)));
    }
}
