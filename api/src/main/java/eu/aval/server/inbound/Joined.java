// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.inbound;

import eu.aval.spi.text.Gsm7;
import java.nio.ByteBuffer;
import java.util.List;

/** Texts of parts as octets and back, and joined. Half a pair of surrogates survives, which UTF-8 would lose. */
final class Joined {

    private static final char ESCAPE = 0x1B;

    private Joined() {}

    static byte[] octets(String part) {
        ByteBuffer octets = ByteBuffer.allocate(part.length() * Character.BYTES);
        octets.asCharBuffer().put(part);
        return octets.array();
    }

    static String text(byte[] octets) {
        return ByteBuffer.wrap(octets).asCharBuffer().toString();
    }

    /** What was cut in two is whole again; what stays without its other half is U+FFFD, or left out if it is an escape. */
    static String of(List<String> parts) {
        StringBuilder text = new StringBuilder();
        for (String part : parts) {
            int last = text.length() - 1;
            if (last < 0 || text.charAt(last) != ESCAPE || part.isEmpty()) {
                text.append(part);
                continue;
            }
            text.setLength(last);
            text.append(escaped(part.substring(0, 1))).append(part, 1, part.length());
        }
        if (!text.isEmpty() && text.charAt(text.length() - 1) == ESCAPE) {
            text.setLength(text.length() - 1);
        }
        for (int i = 0; i < text.length(); i++) {
            if (i + 1 < text.length() && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(text.charAt(i))) {
                text.setCharAt(i, '\uFFFD');
            }
        }
        return text.toString();
    }

    /** The character that an escape makes of the next one. */
    private static String escaped(String next) {
        byte[] septets = Gsm7.canEncode(next) ? Gsm7.encode(next) : new byte[0];
        return septets.length == 1 ? Gsm7.decode(new byte[] {ESCAPE, septets[0]}) : next;
    }
}
