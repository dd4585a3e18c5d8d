// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.spi.text;

import java.nio.charset.StandardCharsets;

/**
 * One part of a text: what goes into one short message on the air.
 *
 * <p>Privacy: {@link #toString()} shows neither the text nor the octets.
 */
public final class Segment {

    private final int number;
    private final int total;
    private final String text;
    private final Encoding encoding;
    private final Alphabet alphabet;
    private final boolean wideReference;

    Segment(int number, int total, String text, Encoding encoding, Alphabet alphabet, boolean wideReference) {
        this.number = number;
        this.total = total;
        this.text = text;
        this.encoding = encoding;
        this.alphabet = alphabet;
        this.wideReference = wideReference;
    }

    /** From 1. */
    public int number() {
        return number;
    }

    public int total() {
        return total;
    }

    public Encoding encoding() {
        return encoding;
    }

    /** The plain text of this part; all of them joined are the text. */
    public String text() {
        return text;
    }

    /** The text as it goes on the wire, without header: a septet in each octet, or UTF-16 big-endian. */
    public byte[] octets() {
        return encoding == Encoding.GSM7
                ? Gsm7.encode(text, 0, text.length(), alphabet)
                : text.getBytes(StandardCharsets.UTF_16BE);
    }

    /**
     * The user data header of this part, its own length first: national tables, and the concatenation element when there
     * are several parts. Empty when neither is needed. The room for it is already left.
     *
     * @param reference the same for all parts of a text; cut to 8 bits unless the options ask for a wide one
     */
    public byte[] header(int reference) {
        byte[] tables = encoding == Encoding.GSM7 ? alphabet.headerElements() : new byte[0];
        if (total == 1 && tables.length == 0) {
            return tables;
        }
        byte[] concatenation = total == 1 ? new byte[0] : concatenation(reference);
        byte[] header = new byte[1 + concatenation.length + tables.length];
        header[0] = (byte) (header.length - 1);
        System.arraycopy(concatenation, 0, header, 1, concatenation.length);
        System.arraycopy(tables, 0, header, 1 + concatenation.length, tables.length);
        return header;
    }

    private byte[] concatenation(int reference) {
        return wideReference
                ? new byte[] {0x08, 0x04, (byte) (reference >> 8), (byte) reference, (byte) total, (byte) number}
                : new byte[] {0x00, 0x03, (byte) reference, (byte) total, (byte) number};
    }

    @Override
    public String toString() {
        return "Segment[" + number + " of " + total + ", " + encoding + ", " + text.length() + " chars]";
    }
}
