// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where a page ends, in a form that nobody is tempted to compute. */
public final class Cursor {

    private Cursor() {}

    public static String of(UUID id) {
        ByteBuffer octets =
                ByteBuffer.allocate(16).putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets.array());
    }

    /** Null when it is none of ours. */
    public static @Nullable UUID parse(String cursor) {
        if (cursor.length() != 22) {
            return null;
        }
        try {
            ByteBuffer octets = ByteBuffer.wrap(Base64.getUrlDecoder().decode(cursor));
            return new UUID(octets.getLong(), octets.getLong());
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
