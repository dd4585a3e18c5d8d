// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.spi.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The GSM 7-bit default alphabet and its extension table, with or without national tables, made for look-up: characters
 * by pages of 256, so that one character costs two array reads.
 */
final class Alphabet {

    static final int ESCAPE = 0x1B;

    /** What {@link #code} answers for a character that has no septets. */
    static final int NONE = -1;

    /** What {@link #code} adds to a septet that follows an escape. */
    private static final int ESCAPED = ESCAPE << 8;

    /** 3GPP TS 23.038, 6.2.1; the escape stands at 1B. */
    private static final String DEFAULT_TABLE = "@£$¥èéùìòÇ\nØø\rÅå"
            + "Δ_ΦΓΛΩΠΨΣΘΞ\u001BÆæßÉ"
            + " !\"#¤%&'()*+,-./"
            + "0123456789:;<=>?"
            + "¡ABCDEFGHIJKLMNO"
            + "PQRSTUVWXYZÄÖÑÜ§"
            + "¿abcdefghijklmno"
            + "pqrstuvwxyzäöñüà";

    /** 3GPP TS 23.038, 6.2.1.1. */
    private static final String EXTENSION_TABLE = "0A\f 14^ 28{ 29} 2F\\ 3C[ 3D~ 3E] 40| 65€";

    private static final short[] EMPTY_PAGE = emptyPage();

    static final Alphabet DEFAULT = new Alphabet(null, null);

    private final @Nullable NationalShift locking;
    private final @Nullable NationalShift single;
    private final char[] base = DEFAULT_TABLE.toCharArray();
    private final char[] extension = new char[128];
    private final short[][] pages = new short[256][];

    private Alphabet(@Nullable NationalShift locking, @Nullable NationalShift single) {
        this.locking = locking;
        this.single = single;
        put(EXTENSION_TABLE, extension);
        if (single != null) {
            put(single.additions(), extension);
        }
        if (locking != null) {
            put(locking.additions(), base);
        }
        Arrays.fill(pages, EMPTY_PAGE);
        for (int septet = 0; septet < 128; septet++) {
            if (extension[septet] != 0) {
                map(extension[septet], ESCAPED | septet);
            }
        }
        // After the extension, so that a character which both tables have takes the septet and not the pair
        for (int septet = 0; septet < 128; septet++) {
            if (septet != ESCAPE) {
                map(base[septet], septet);
            }
        }
    }

    /** The alphabet with exactly these tables; at most one locking and one single shift. */
    static Alphabet with(Set<NationalShift> tables) {
        NationalShift locking = null;
        NationalShift single = null;
        for (NationalShift table : tables) {
            if (table.isLocking() ? locking != null : single != null) {
                throw new IllegalArgumentException(
                        "At most one locking and one single shift table go together, not " + tables);
            }
            if (table.isLocking()) {
                locking = table;
            } else {
                single = table;
            }
        }
        return Catalogue.find(locking, single);
    }

    /** All that these tables allow, the cheapest header first; the default alphabet is always the first of them. */
    static List<Alphabet> permittedBy(Set<NationalShift> tables) {
        if (tables.isEmpty()) {
            return Catalogue.DEFAULT_ONLY;
        }
        List<Alphabet> permitted = new ArrayList<>();
        for (Alphabet candidate : Catalogue.ALL) {
            if ((candidate.locking == null || tables.contains(candidate.locking))
                    && (candidate.single == null || tables.contains(candidate.single))) {
                permitted.add(candidate);
            }
        }
        return permitted;
    }

    /** Its septet; with the escape in the upper octet when it is in the extension; {@link #NONE} when it has none. */
    int code(char character) {
        return pages[character >>> 8][character & 0xFF];
    }

    /** How many septets {@link #code} stands for. */
    static int septets(int code) {
        return code < ESCAPED ? 1 : 2;
    }

    /** The character of a septet; of the septet after an escape: 0 when that table has none. */
    char character(int septet, boolean escaped) {
        return escaped ? extension[septet] : base[septet];
    }

    /** The header elements that name the national tables, as octets; empty for the default alphabet. */
    byte[] headerElements() {
        byte[] elements = new byte[headerOctets()];
        int at = 0;
        for (NationalShift table : new @Nullable NationalShift[] {single, locking}) {
            if (table != null) {
                elements[at++] = (byte) table.informationElement();
                elements[at++] = 1;
                elements[at++] = (byte) table.language();
            }
        }
        return elements;
    }

    int headerOctets() {
        return (locking == null ? 0 : 3) + (single == null ? 0 : 3);
    }

    private void map(char character, int code) {
        int page = character >>> 8;
        if (pages[page] == EMPTY_PAGE) {
            pages[page] = emptyPage();
        }
        pages[page][character & 0xFF] = (short) code;
    }

    private static void put(String entries, char[] table) {
        // Each entry is two hex digits, the character, and a space between entries
        for (int i = 0; i < entries.length(); i += 4) {
            table[Integer.parseInt(entries, i, i + 2, 16)] = entries.charAt(i + 2);
        }
    }

    private static short[] emptyPage() {
        short[] page = new short[256];
        Arrays.fill(page, (short) NONE);
        return page;
    }

    /** Every combination of tables, made when the first national table is asked for. */
    private static final class Catalogue {

        static final List<Alphabet> DEFAULT_ONLY = List.of(DEFAULT);

        static final List<Alphabet> ALL = all();

        private static List<Alphabet> all() {
            List<Alphabet> one = new ArrayList<>();
            List<Alphabet> two = new ArrayList<>();
            for (NationalShift table : NationalShift.values()) {
                one.add(table.isLocking() ? new Alphabet(table, null) : new Alphabet(null, table));
                if (table.isLocking()) {
                    for (NationalShift other : NationalShift.values()) {
                        if (!other.isLocking()) {
                            two.add(new Alphabet(table, other));
                        }
                    }
                }
            }
            List<Alphabet> all = new ArrayList<>(DEFAULT_ONLY);
            all.addAll(one);
            all.addAll(two);
            return List.copyOf(all);
        }

        static Alphabet find(@Nullable NationalShift locking, @Nullable NationalShift single) {
            for (Alphabet candidate : ALL) {
                if (candidate.locking == locking && candidate.single == single) {
                    return candidate;
                }
            }
            throw new IllegalArgumentException("No alphabet with " + locking + " and " + single);
        }
    }
}
