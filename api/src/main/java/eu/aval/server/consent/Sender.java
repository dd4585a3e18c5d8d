// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.consent;

import java.util.UUID;

/**
 * What recipients see as the originator.
 *
 * @param isDefault used where a request names none
 */
public record Sender(UUID id, String value, Kind kind, boolean isDefault, boolean retired) {

    /** The three forms an originator can have. */
    public enum Kind {
        /** Up to 11 characters with a letter; nobody can answer it. */
        ALPHANUMERIC,
        SHORT_CODE,
        /** E.164. */
        INTERNATIONAL
    }
}
