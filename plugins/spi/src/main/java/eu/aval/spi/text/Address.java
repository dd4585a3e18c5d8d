// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.spi.text;

import java.util.Objects;

/**
 * A number, short code or alphanumeric name at either end of a message.
 *
 * <p>Privacy: {@link #toString()} never shows more than the kind and the last two characters of a number, so an address
 * may stand in a log line or an exception by mistake without telling who it is. {@link #value()} is the plain value: it
 * goes on the wire to the carrier and nowhere else.
 */
public final class Address {

    /** What the value is; SMPP calls it type of number. */
    public enum Kind {
        /** E.164 with its {@code +}, at most 15 digits. */
        INTERNATIONAL,
        /** A short code or a national number of the carrier: digits only. */
        SHORT_CODE,
        /** At most 11 characters with at least one letter. */
        ALPHANUMERIC,
        /** As the carrier gave it; nothing is known of its form. */
        UNKNOWN
    }

    private final Kind kind;
    private final String value;

    private Address(Kind kind, String value) {
        this.kind = Objects.requireNonNull(kind, "kind");
        this.value = Objects.requireNonNull(value, "value");
    }

    /** {@code value} as given: the caller has validated it. */
    public static Address of(Kind kind, String value) {
        return new Address(kind, value);
    }

    /**
     * A number in E.164.
     *
     * @throws IllegalArgumentException unless it is {@code +} and 3 to 15 digits; the message does not repeat the value
     */
    public static Address e164(String value) {
        if (value.length() < 4 || value.length() > 16 || value.charAt(0) != '+') {
            throw new IllegalArgumentException("An E.164 number is + and 3 to 15 digits");
        }
        for (int i = 1; i < value.length(); i++) {
            if (value.charAt(i) < '0' || value.charAt(i) > '9') {
                throw new IllegalArgumentException("An E.164 number is + and 3 to 15 digits");
            }
        }
        return new Address(Kind.INTERNATIONAL, value);
    }

    public Kind kind() {
        return kind;
    }

    /** The plain value, for the carrier's wire only. */
    public String value() {
        return value;
    }

    /** The value without a leading {@code +}, as most carriers write international numbers. */
    public String digits() {
        return value.startsWith("+") ? value.substring(1) : value;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Address that && kind == that.kind && value.equals(that.value);
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind, value);
    }

    @Override
    public String toString() {
        if (kind == Kind.ALPHANUMERIC) {
            return value;
        }
        return kind + ":***" + (value.length() > 6 ? value.substring(value.length() - 2) : "");
    }
}
