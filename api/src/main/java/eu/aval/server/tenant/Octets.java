// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.tenant;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Binds arrays of octets, for {@code $n::bytea[]}. As texts: the driver writes a {@code ByteBuffer[]} as an array literal
 * in which the server takes the backslash of {@code \x} for an escape, and stores the letters instead of the octets.
 */
public final class Octets {

    private static final HexFormat HEX = HexFormat.of();

    private Octets() {}

    /** What to bind. Elements may be null; they are read from their position on and not moved. */
    public static @Nullable String[] array(Collection<? extends @Nullable ByteBuffer> values) {
        @Nullable String[] array = new @Nullable String[values.size()];
        int i = 0;
        for (ByteBuffer value : values) {
            array[i++] = value == null ? null : text(value);
        }
        return array;
    }

    /** Like {@link #array}, of arrays. */
    public static @Nullable String[] arrayOf(Collection<byte[]> values) {
        return array(values.stream().map(ByteBuffer::wrap).toList());
    }

    private static String text(ByteBuffer value) {
        byte[] octets = new byte[value.remaining()];
        value.duplicate().get(octets);
        return "\\x" + HEX.formatHex(octets);
    }
}
