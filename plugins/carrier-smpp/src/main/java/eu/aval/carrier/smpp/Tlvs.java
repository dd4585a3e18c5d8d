// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.smpp;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The optional parameters of a PDU, in order.
 *
 * <p>Privacy: values may be a text or a number; {@link #toString()} shows tags and lengths only.
 */
final class Tlvs {

    static final Tlvs NONE = new Tlvs(new int[0], new byte[0][]);

    private final int[] tags;
    private final byte[][] values;

    private Tlvs(int[] tags, byte[][] values) {
        this.tags = tags;
        this.values = values;
    }

    /** The rest of a body. One whose length goes beyond the body ends the reading; what came before it counts. */
    static Tlvs read(ByteBuf in, int end) {
        int[] tags = new int[8];
        byte[][] values = new byte[8][];
        int size = 0;
        while (end - in.readerIndex() >= 4) {
            int tag = in.readUnsignedShort();
            int length = in.readUnsignedShort();
            if (length > end - in.readerIndex()) {
                break;
            }
            byte[] value = new byte[length];
            in.readBytes(value);
            if (size == tags.length) {
                tags = Arrays.copyOf(tags, 2 * size);
                values = Arrays.copyOf(values, 2 * size);
            }
            tags[size] = tag;
            values[size++] = value;
        }
        in.readerIndex(end);
        return size == 0 ? NONE : new Tlvs(Arrays.copyOf(tags, size), Arrays.copyOf(values, size));
    }

    Tlvs with(int tag, byte... value) {
        int[] moreTags = Arrays.copyOf(tags, tags.length + 1);
        byte[][] moreValues = Arrays.copyOf(values, values.length + 1);
        moreTags[tags.length] = tag;
        moreValues[values.length] = value;
        return new Tlvs(moreTags, moreValues);
    }

    /** With a C-octet string. */
    Tlvs with(int tag, String value) {
        byte[] octets = value.getBytes(StandardCharsets.ISO_8859_1);
        return with(tag, Arrays.copyOf(octets, octets.length + 1));
    }

    byte @Nullable [] find(int tag) {
        for (int i = 0; i < tags.length; i++) {
            if (tags[i] == tag) {
                return values[i];
            }
        }
        return null;
    }

    /** A C-octet string, also where the closing zero was forgotten. */
    @Nullable
    String findText(int tag) {
        byte[] value = find(tag);
        if (value == null) {
            return null;
        }
        int length = 0;
        while (length < value.length && value[length] != 0) {
            length++;
        }
        return new String(value, 0, length, StandardCharsets.ISO_8859_1);
    }

    /** A number of one to four octets; {@code absent} when there is none. */
    int findNumber(int tag, int absent) {
        byte[] value = find(tag);
        if (value == null || value.length == 0 || value.length > 4) {
            return absent;
        }
        int number = 0;
        for (byte octet : value) {
            number = (number << 8) | (octet & 0xFF);
        }
        return number;
    }

    boolean isEmpty() {
        return tags.length == 0;
    }

    void write(ByteBuf out) {
        for (int i = 0; i < tags.length; i++) {
            out.writeShort(tags[i]).writeShort(values[i].length).writeBytes(values[i]);
        }
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("Tlvs[");
        for (int i = 0; i < tags.length; i++) {
            text.append(i == 0 ? "0x" : ", 0x")
                    .append(Integer.toHexString(tags[i]))
                    .append(':')
                    .append(values[i].length);
        }
        return text.append(']').toString();
    }
}
