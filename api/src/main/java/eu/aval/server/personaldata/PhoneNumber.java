// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.personaldata;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Objects;

/**
 * A telephone number in E.164, valid or not: parsing and checking is the caller's. Shows itself as country code and the
 * last two digits ({@code +33*******56}) in {@code toString}, JSON and exceptions.
 */
public final class PhoneNumber {

    private final String e164;
    private final String country;

    private PhoneNumber(String e164, String country) {
        this.e164 = e164;
        this.country = country;
    }

    /**
     * @param e164 {@code +} and digits
     * @param country ISO 3166-1 alpha-2, or {@code ZZ} when unknown
     */
    public static PhoneNumber of(String e164, String country) {
        return new PhoneNumber(Objects.requireNonNull(e164, "e164"), Objects.requireNonNull(country, "country"));
    }

    public String reveal(PlaintextAccess access) {
        Objects.requireNonNull(access, "access");
        return e164;
    }

    /** ISO 3166-1 alpha-2 of the numbering plan; {@code ZZ} when it belongs to none. */
    public String country() {
        return country;
    }

    /** For people who may know that there is a number, and not which. What JSON shows. */
    @JsonValue
    public String masked() {
        int shown = Math.min(3, e164.length());
        int tail = e164.length() > 8 ? 2 : 0;
        return e164.substring(0, shown)
                + "*".repeat(Math.max(0, e164.length() - shown - tail))
                + e164.substring(e164.length() - tail);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PhoneNumber that && e164.equals(that.e164);
    }

    @Override
    public int hashCode() {
        return e164.hashCode();
    }

    @Override
    public String toString() {
        return masked();
    }
}
