// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.spi;

import java.util.Objects;

/**
 * How an account is.
 *
 * @param detail one sentence for the operator, without anything personal or secret
 */
public record CarrierHealth(Status status, String detail) {

    /** From good to bad. */
    public enum Status {
        UP,
        /** Works, with less than it should: one of several binds is down. */
        DEGRADED,
        /** Does not work now and tries to recover by itself. */
        DOWN,
        /** Does not work until somebody acts: credentials, credit, suspension. */
        HOLD
    }

    public CarrierHealth {
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(detail, "detail");
    }

    public static CarrierHealth up(String detail) {
        return new CarrierHealth(Status.UP, detail);
    }

    public static CarrierHealth down(String detail) {
        return new CarrierHealth(Status.DOWN, detail);
    }
}
