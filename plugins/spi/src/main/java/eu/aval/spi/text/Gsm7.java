// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.spi.text;

import java.util.Set;

/**
 * The codec of the GSM 7-bit alphabet (3GPP TS 23.038), unpacked: one septet in each octet, an extension character as
 * the escape 0x1B and a second septet. This is how SMPP carries it; packing is the network's work.
 */
public final class Gsm7 {

    private Gsm7() {}

    /** Whether each character is in the default alphabet or its extension. */
    public static boolean canEncode(CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            if (Alphabet.DEFAULT.code(text.charAt(i)) == Alphabet.NONE) {
                return false;
            }
        }
        return true;
    }

    /**
     * {@code text} in the default alphabet.
     *
     * @throws IllegalArgumentException if a character is not in it; names its position and not the text
     */
    public static byte[] encode(CharSequence text) {
        return encode(text, 0, text.length(), Alphabet.DEFAULT);
    }

    /**
     * {@code text} in the alphabet that these tables make.
     *
     * @throws IllegalArgumentException if a character is not in it, or if the tables do not go together
     */
    public static byte[] encode(CharSequence text, Set<NationalShift> tables) {
        return encode(text, 0, text.length(), Alphabet.with(tables));
    }

    /**
     * What these septets say in the default alphabet. Total: an escape before an unknown septet is left out, as a handset
     * would; a lone escape at the end is a space; an octet above 0x7F is no septet and becomes U+FFFD.
     */
    public static String decode(byte[] septets) {
        return decode(septets, Alphabet.DEFAULT);
    }

    /** As {@link #decode(byte[])}, with the tables that the message's header names. */
    public static String decode(byte[] septets, Set<NationalShift> tables) {
        return decode(septets, Alphabet.with(tables));
    }

    static byte[] encode(CharSequence text, int start, int end, Alphabet alphabet) {
        int length = 0;
        for (int i = start; i < end; i++) {
            int code = alphabet.code(text.charAt(i));
            if (code == Alphabet.NONE) {
                throw new IllegalArgumentException("The character at position " + i + " is not in the GSM-7 alphabet");
            }
            length += Alphabet.septets(code);
        }
        byte[] septets = new byte[length];
        int at = 0;
        for (int i = start; i < end; i++) {
            int code = alphabet.code(text.charAt(i));
            if (Alphabet.septets(code) == 2) {
                septets[at++] = Alphabet.ESCAPE;
            }
            septets[at++] = (byte) (code & 0x7F);
        }
        return septets;
    }

    private static String decode(byte[] septets, Alphabet alphabet) {
        StringBuilder text = new StringBuilder(septets.length);
        boolean escaped = false;
        for (byte octet : septets) {
            if (octet < 0) {
                text.append('\uFFFD');
                escaped = false;
            } else if (octet == Alphabet.ESCAPE && !escaped) {
                escaped = true;
            } else {
                char character = alphabet.character(octet, escaped);
                text.append(character == 0 ? plain(octet, alphabet) : character);
                escaped = false;
            }
        }
        return escaped ? text.append(' ').toString() : text.toString();
    }

    /** What a handset shows for an escape and a septet that the extension does not have. */
    private static char plain(int septet, Alphabet alphabet) {
        return septet == Alphabet.ESCAPE ? ' ' : alphabet.character(septet, false);
    }
}
