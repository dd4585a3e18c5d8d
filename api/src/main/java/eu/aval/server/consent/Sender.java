// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.consent;

import java.util.Collection;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What recipients see as the originator.
 *
 * @param isDefault used where a request names none
 * @param stopRoute where a STOP goes that cannot go to the sender itself: a short code, or an https address
 */
public record Sender(
        UUID id,
        String value,
        Kind kind,
        boolean isDefault,
        @Nullable String stopRoute,
        boolean retired) {

    /** One that names no other way to stop its messages. */
    public Sender(UUID id, String value, Kind kind, boolean isDefault, boolean retired) {
        this(id, value, kind, isDefault, null, retired);
    }

    /** The one that is used where a request names none; null if there is no such. */
    public static @Nullable Sender standard(Collection<Sender> senders) {
        for (Sender sender : senders) {
            if (sender.isDefault() && !sender.retired()) {
                return sender;
            }
        }
        return null;
    }

    /** The three forms an originator can have. */
    public enum Kind {
        /** Up to 11 characters with a letter; nobody can answer it. */
        ALPHANUMERIC,
        SHORT_CODE,
        /** E.164. */
        INTERNATIONAL
    }

    /** Where a STOP goes: what was declared, or the sender itself if it can be answered. Null is nowhere. */
    public @Nullable String whereToStop() {
        return stopRoute != null || kind == Kind.ALPHANUMERIC ? stopRoute : value;
    }
}
