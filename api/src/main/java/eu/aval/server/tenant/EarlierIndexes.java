// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.tenant;

import eu.aval.server.encryption.TenantKeys;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Blind indexes under keys that are not the primary one, as ranges for an ordered index: {@code > low and <= high}. An
 * index begins with the id of its key, so the values of one key lie side by side.
 */
public final class EarlierIndexes {

    private static final HexFormat HEX = HexFormat.of();

    private final List<byte[]> lows = new ArrayList<>();
    private final List<byte[]> highs = new ArrayList<>();

    private EarlierIndexes() {}

    /** @param position {@link #position} of the last value that was looked at; null is none */
    public static EarlierIndexes after(TenantKeys keys, @Nullable String position) {
        byte[] last = position == null ? new byte[0] : HEX.parseHex(position);
        EarlierIndexes ranges = new EarlierIndexes();
        for (byte[] low : keys.earlierIndexPrefixes()) {
            // longer than any value with this prefix, so above all of them
            byte[] high = Arrays.copyOf(low, TenantKeys.INDEX_LENGTH + 1);
            Arrays.fill(high, low.length, high.length, (byte) 0xFF);
            if (Arrays.compareUnsigned(last, high) < 0) {
                ranges.lows.add(Arrays.compareUnsigned(last, low) < 0 ? low : last);
                ranges.highs.add(high);
            }
        }
        return ranges;
    }

    /** How progress is noted. */
    public static String position(ByteBuffer index) {
        byte[] octets = new byte[index.remaining()];
        index.duplicate().get(octets);
        return HEX.formatHex(octets);
    }

    /** For {@code bytea[]}. */
    public byte[][] lows() {
        return Octets.arrayOf(lows);
    }

    /** For {@code bytea[]}. */
    public byte[][] highs() {
        return Octets.arrayOf(highs);
    }
}
