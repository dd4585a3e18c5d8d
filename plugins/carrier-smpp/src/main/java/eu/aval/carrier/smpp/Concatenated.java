// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.smpp;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A part of an inbound message, as told by its header or its SAR parameters.
 *
 * <p>Privacy: {@link #toString()} does not show the text.
 *
 * @param number from 1
 */
record Concatenated(int reference, int total, int number) {

    private static final int REFERENCE_8 = 0x00;
    private static final int REFERENCE_16 = 0x08;

    /** Null when the message is whole. */
    static @Nullable Concatenated of(ShortMessage message) {
        Tlvs tlvs = message.tlvs();
        int total = tlvs.findNumber(Tag.SAR_TOTAL, 0);
        if (total > 1) {
            return checked(tlvs.findNumber(Tag.SAR_REFERENCE, 0), total, tlvs.findNumber(Tag.SAR_NUMBER, 0));
        }
        byte[] octets = message.content();
        int end = headerLength(message);
        int at = 1;
        while (at + 1 < end) {
            int element = octets[at];
            int length = octets[at + 1] & 0xFF;
            if (at + 2 + length > end) {
                return null;
            }
            if (element == REFERENCE_8 && length == 3) {
                return checked(octets[at + 2] & 0xFF, octets[at + 3] & 0xFF, octets[at + 4] & 0xFF);
            }
            if (element == REFERENCE_16 && length == 4) {
                int reference = ((octets[at + 2] & 0xFF) << 8) | (octets[at + 3] & 0xFF);
                return checked(reference, octets[at + 4] & 0xFF, octets[at + 5] & 0xFF);
            }
            at += 2 + length;
        }
        return null;
    }

    /** The text without its header. */
    static byte[] text(ShortMessage message) {
        byte[] octets = message.content();
        int length = headerLength(message);
        return length == 0 ? octets : Arrays.copyOfRange(octets, length, octets.length);
    }

    /** 0 when there is no header, or none that can be. */
    private static int headerLength(ShortMessage message) {
        byte[] octets = message.content();
        if ((message.esmClass() & ShortMessage.HEADER) == 0 || octets.length == 0) {
            return 0;
        }
        int length = 1 + (octets[0] & 0xFF);
        return length > octets.length ? 0 : length;
    }

    private static @Nullable Concatenated checked(int reference, int total, int number) {
        return total > 1 && total <= 255 && number >= 1 && number <= total
                ? new Concatenated(reference, total, number)
                : null;
    }
}
