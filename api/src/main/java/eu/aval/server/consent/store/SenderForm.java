// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.consent.store;

import eu.aval.server.consent.Sender;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which values a sender can have. */
final class SenderForm {

    /** Characters that every handset shows alike. */
    private static final Pattern ALPHANUMERIC =
            Pattern.compile("(?=.*[A-Za-z])[A-Za-z0-9](?:[A-Za-z0-9 .&_+-]{0,9}[A-Za-z0-9.])?");

    private static final Pattern SHORT_CODE = Pattern.compile("[1-9][0-9]{2,7}");
    private static final Pattern INTERNATIONAL = Pattern.compile("\\+[1-9][0-9]{6,14}");
    /** What every handset makes a link of, in characters that GSM-7 has; no place for a name or a number of somebody. */
    private static final Pattern ADDRESS =
            Pattern.compile("https://(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\\.)+[A-Za-z]{2,}(?::[0-9]{1,5})?"
                    + "(?:/[A-Za-z0-9._/?=&%+-]*)?(?<![.?&])");

    private static final int LONGEST_ADDRESS = 100;

    private SenderForm() {}

    /**
     * @throws Problem INVALID_REQUEST
     */
    static Sender.Kind kindOf(String value) {
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
                "/value",
                "INVALID_SENDER",
                "A sender is up to 11 letters, digits, spaces and . & _ + - with a letter among them, a short code of"
                        + " 3 to 8 digits, or a number in E.164.");
    }

    /**
     * Where a STOP can go.
     *
     * @throws Problem INVALID_REQUEST
     */
    static void checkStopRoute(@Nullable String route) {
        if (route == null || SHORT_CODE.matcher(route).matches()) {
            return;
        }
        if (route.length() > LONGEST_ADDRESS || !ADDRESS.matcher(route).matches()) {
            throw invalid(
                    "/stopRoute",
                    "INVALID_STOP_ROUTE",
                    "A short code of 3 to 8 digits, or an https address of up to " + LONGEST_ADDRESS
                            + " characters: letters, digits and . _ / ? = & % + -");
        }
    }

    private static Problem invalid(String pointer, String code, String detail) {
        return new Problem(
                ProblemType.INVALID_REQUEST,
                "The sender cannot be declared.",
                List.of(new Problem.Field(pointer, code, detail)));
    }
}
