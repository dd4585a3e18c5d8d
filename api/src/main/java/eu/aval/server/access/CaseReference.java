// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import eu.aval.server.shared.Problem;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Of a case in somebody's own files: it is kept for ever, so it is not to say who it is about. */
public final class CaseReference {

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/#-]{0,63}");
    /** What could be a number. */
    private static final Pattern DIGITS = Pattern.compile("[0-9]{8}");

    private CaseReference() {}

    /** What is wrong with it; none is no mistake. */
    public static Optional<Problem.Field> defect(@Nullable String reference) {
        return reference == null
                        || (FORM.matcher(reference).matches()
                                && !DIGITS.matcher(reference).find())
                ? Optional.empty()
                : Optional.of(new Problem.Field(
                        "/reference", "INVALID", "Letters, digits and . _ / # -, at most 64, without a number in it"));
    }
}
