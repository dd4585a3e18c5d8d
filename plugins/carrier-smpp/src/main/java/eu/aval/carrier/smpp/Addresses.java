// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.smpp;

import eu.aval.carrier.smpp.Pdu.Endpoint;
import eu.aval.spi.text.Address;

/** Numbers as carriers write them, in the platform's form. */
final class Addresses {

    private static final int INTERNATIONAL = 1;
    private static final int NETWORK_SPECIFIC = 3;
    private static final int ALPHANUMERIC = 5;
    private static final int ABBREVIATED = 6;

    private static final int LONGEST_SHORT_CODE = 8;
    private static final int SHORTEST_UNMARKED = 10;
    private static final int LONGEST_NUMBER = 15;

    private final String countryCode;

    /** @param countryCode completes national numbers; empty for none */
    Addresses(String countryCode) {
        this.countryCode = countryCode;
    }

    /** A number that may be national and cannot be completed is {@link Address.Kind#UNKNOWN}. */
    Address read(Endpoint endpoint) {
        String value = endpoint.value().strip();
        if (endpoint.ton() == ALPHANUMERIC) {
            return Address.of(Address.Kind.ALPHANUMERIC, value);
        }
        if (value.startsWith("+")) {
            return international(value.substring(1), value);
        }
        if (!isDigits(value)) {
            return Address.of(Address.Kind.UNKNOWN, value);
        }
        if (endpoint.ton() == INTERNATIONAL && !value.startsWith("00")) {
            return international(value, value);
        }
        if (value.startsWith("00")) {
            return international(value.substring(2), value);
        }
        if (endpoint.ton() == NETWORK_SPECIFIC
                || endpoint.ton() == ABBREVIATED
                || value.length() <= LONGEST_SHORT_CODE) {
            return Address.of(Address.Kind.SHORT_CODE, value);
        }
        if (value.startsWith("0")) {
            return countryCode.isEmpty()
                    ? Address.of(Address.Kind.UNKNOWN, value)
                    : international(countryCode + value.substring(1), value);
        }
        return endpoint.ton() == 0 && value.length() >= SHORTEST_UNMARKED
                ? international(value, value)
                : Address.of(Address.Kind.UNKNOWN, value);
    }

    private static Address international(String digits, String asWritten) {
        return isDigits(digits) && digits.length() > 2 && digits.length() <= LONGEST_NUMBER
                ? Address.e164("+" + digits)
                : Address.of(Address.Kind.UNKNOWN, asWritten);
    }

    private static boolean isDigits(String value) {
        return !value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
