// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.spi.failure;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The carrier's own words for a failure.
 *
 * @param code the carrier's code, exact, e.g. {@code 0x00000058} or {@code 21610}
 * @param text a short explanation without number, text or URL query: it is stored in clear and shown to support
 */
public record CarrierError(String code, @Nullable String text) {

    /** What is too long for a column is cut, not refused; so is a zero, which no database keeps in a text. */
    private static final int MAXIMUM_CODE = 64;

    private static final int MAXIMUM_TEXT = 200;

    public CarrierError {
        Objects.requireNonNull(code, "code");
        code = code.replace("\0", "");
        code = code.length() > MAXIMUM_CODE ? code.substring(0, MAXIMUM_CODE) : code;
        text = text == null ? null : text.replace("\0", "");
        text = text != null && text.length() > MAXIMUM_TEXT ? text.substring(0, MAXIMUM_TEXT) : text;
    }

    public static CarrierError of(String code) {
        return new CarrierError(code, null);
    }

    public static CarrierError of(String code, String text) {
        return new CarrierError(code, text);
    }
}
