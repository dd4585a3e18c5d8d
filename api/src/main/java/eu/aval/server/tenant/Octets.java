// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.tenant;

import java.nio.ByteBuffer;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Arrays of octets to bind for {@code $n::bytea[]}. */
public final class Octets {

    private Octets() {}

    /** Elements may be null; they are read from their position on and not moved. */
    public static byte[] @Nullable [] array(Collection<? extends @Nullable ByteBuffer> values) {
        byte[] @Nullable [] array = new byte[values.size()][];
        int i = 0;
        for (ByteBuffer value : values) {
            array[i++] = value == null ? null : octets(value);
        }
        return array;
    }

    /** Like {@link #array}, of arrays. */
    public static byte[][] arrayOf(Collection<byte[]> values) {
        return values.toArray(byte[][]::new);
    }

    private static byte[] octets(ByteBuffer value) {
        byte[] octets = new byte[value.remaining()];
        value.duplicate().get(octets);
        return octets;
    }
}
