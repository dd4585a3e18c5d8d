// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.audit;

import java.util.UUID;

/** Who did it, by an opaque id: {@code operator:<id>}, {@code key:<id>} or {@code system}. */
public record Actor(String value) {

    public static final Actor SYSTEM = new Actor("system");

    public static Actor operator(UUID id) {
        return new Actor("operator:" + id);
    }

    public static Actor key(UUID id) {
        return new Actor("key:" + id);
    }

    /** @throws IllegalArgumentException if it is no operator */
    public UUID operatorId() {
        return UUID.fromString(value.substring("operator:".length()));
    }

    @Override
    public String toString() {
        return value;
    }
}
