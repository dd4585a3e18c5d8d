// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.spi.text;

import java.util.Objects;

/**
 * The text of a message.
 *
 * <p>Privacy: {@link #toString()} shows its length only. {@link #value()} is the plain text, for the carrier's wire.
 */
public final class Text {

    private final String value;

    private Text(String value) {
        this.value = Objects.requireNonNull(value, "value");
    }

    public static Text of(String value) {
        return new Text(value);
    }

    /** The plain text, for the carrier's wire only. */
    public String value() {
        return value;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Text that && value.equals(that.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return "Text[" + value.length() + " chars]";
    }
}
