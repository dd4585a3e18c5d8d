// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.smpp;

import eu.aval.carrier.smpp.SmppConfiguration.Charset;
import eu.aval.spi.text.Gsm7;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Texts as octets and back, by {@code data_coding}. */
final class DataCoding {

    static final int DEFAULT = 0x00;
    static final int LATIN1 = 0x03;
    static final int UCS2 = 0x08;

    /** Class 0 of the GSM coding groups: shown at once and not stored. */
    static final int FLASH = 0x10;

    private static final int ASCII = 0x01;

    /** Bits of the GSM coding groups that choose the alphabet, and UCS-2 among them. */
    private static final int GSM_ALPHABET = 0x0C;

    private static final int GSM_UCS2 = 0x08;

    private static final int ESCAPE = 0x1B;

    private DataCoding() {}

    /** Null when the text has a character that is not in this charset. */
    static byte @Nullable [] encode(String text, Charset charset) {
        if (charset == Charset.GSM7) {
            return Gsm7.canEncode(text) ? Gsm7.encode(text) : null;
        }
        int maximum = charset == Charset.ASCII ? 0x7F : 0xFF;
        byte[] octets = new byte[text.length()];
        for (int i = 0; i < octets.length; i++) {
            char c = text.charAt(i);
            // C1 control codes are where other Latin-1 dialects keep letters: nobody agrees on them
            if (c > maximum || (c > 0x7E && c < 0xA0)) {
                return null;
            }
            octets[i] = (byte) c;
        }
        return octets;
    }

    /**
     * A part of a text. What phones cut in two stays so: half a surrogate pair, and a GSM-7 escape at the end as U+001B.
     */
    static String decodePart(byte[] octets, int dataCoding, Charset charset) {
        int alphabet = alphabet(dataCoding);
        if (alphabet == UCS2) {
            return new String(units(octets));
        }
        boolean cut = alphabet == DEFAULT && charset == Charset.GSM7 && endsInEscape(octets);
        return cut
                ? decode(Arrays.copyOf(octets, octets.length - 1), dataCoding, charset) + (char) ESCAPE
                : decode(octets, dataCoding, charset);
    }

    /** Two escapes in a row are a character of their own. */
    private static boolean endsInEscape(byte[] octets) {
        int escapes = 0;
        while (escapes < octets.length && octets[octets.length - 1 - escapes] == ESCAPE) {
            escapes++;
        }
        return escapes % 2 == 1;
    }

    static String decode(byte[] octets, int dataCoding, Charset charset) {
        return switch (alphabet(dataCoding)) {
            case UCS2 -> decodeUcs2(octets);
            case LATIN1 -> new String(octets, StandardCharsets.ISO_8859_1);
            case ASCII -> new String(octets, StandardCharsets.US_ASCII);
            default ->
                switch (charset) {
                    case GSM7 -> Gsm7.decode(octets);
                    case LATIN1 -> new String(octets, StandardCharsets.ISO_8859_1);
                    case ASCII -> new String(octets, StandardCharsets.US_ASCII);
                };
        };
    }

    /** The alphabet of the SMPP codes and of the GSM coding groups: 00xx and 1111. */
    private static int alphabet(int dataCoding) {
        if (dataCoding == ASCII || dataCoding == LATIN1 || dataCoding == UCS2) {
            return dataCoding;
        }
        boolean general = dataCoding >= 0x10 && dataCoding < 0x40;
        return general && (dataCoding & GSM_ALPHABET) == GSM_UCS2 ? UCS2 : DEFAULT;
    }

    private static char[] units(byte[] octets) {
        char[] units = new char[octets.length / 2];
        for (int i = 0; i < units.length; i++) {
            units[i] = (char) (((octets[2 * i] & 0xFF) << 8) | (octets[2 * i + 1] & 0xFF));
        }
        return units;
    }

    private static String decodeUcs2(byte[] octets) {
        char[] units = units(octets);
        for (int i = 0; i < units.length; i++) {
            if (Character.isHighSurrogate(units[i]) && i + 1 < units.length && Character.isLowSurrogate(units[i + 1])) {
                i++;
            } else if (Character.isSurrogate(units[i])) {
                units[i] = '\uFFFD';
            }
        }
        return new String(units);
    }
}
