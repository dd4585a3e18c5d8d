// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.spi.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A text cut into the parts that go on the air: the one place that counts. The preview, the number of parts a message is
 * charged with, and the octets a carrier sends all come from here, so they cannot differ.
 *
 * <p>Rules: 160 septets or 70 UTF-16 units alone, less what the header takes in each of several; a character of the
 * extension costs two septets and its pair is never split; neither is a surrogate pair; at most 255 parts. Counting is
 * one pass over the text; {@link #segments()} and {@link #offendingCharacters()} are made when asked for.
 *
 * <p>Privacy: {@link #toString()} does not show the text.
 */
public final class Segmentation {

    /** The most parts a concatenation header can count. */
    public static final int MAXIMUM_PARTS = 255;

    /** What one short message holds, in octets. */
    private static final int OCTETS = 140;

    private static final int[] ONE_PART = {0};

    /** Why a text cannot be sent as asked. */
    public enum Misfit {
        /** Half of a surrogate pair: not a text. */
        LONE_SURROGATE,
        /** {@link EncodingChoice#GSM7} was asked for and some characters are not in it. */
        NOT_IN_ALPHABET,
        /** More than {@link #MAXIMUM_PARTS}. */
        TOO_MANY_PARTS
    }

    private final String text;
    private final SegmentationOptions options;
    private final Encoding encoding;
    private final Alphabet alphabet;
    private final int units;
    /** Where each part starts. */
    private final int[] starts;

    private final int parts;
    private final @Nullable Misfit misfit;

    private Segmentation(
            String text,
            SegmentationOptions options,
            Encoding encoding,
            Alphabet alphabet,
            Cuts cuts,
            @Nullable Misfit misfit) {
        this.text = text;
        this.options = options;
        this.encoding = encoding;
        this.alphabet = alphabet;
        this.units = cuts.units;
        this.parts = cuts.parts();
        this.starts = cuts.starts;
        this.misfit = misfit == null && parts > MAXIMUM_PARTS ? Misfit.TOO_MANY_PARTS : misfit;
    }

    /**
     * Never throws for what a text holds: ask {@link #fits()}. Where it does not fit, encoding, units and parts are those
     * it would take in the encoding that can hold it.
     */
    public static Segmentation of(String text, SegmentationOptions options) {
        Objects.requireNonNull(text, "text");
        if (options.choice() != EncodingChoice.UCS2) {
            Segmentation best = null;
            for (Alphabet alphabet : Alphabet.permittedBy(options.tables())) {
                Cuts cuts = Cuts.inGsm7(text, alphabet, options.wideReference());
                if (cuts != null && (best == null || cuts.parts() < best.parts)) {
                    best = new Segmentation(text, options, Encoding.GSM7, alphabet, cuts, null);
                    if (best.parts == 1) {
                        return best;
                    }
                }
            }
            if (best != null) {
                return best;
            }
        }
        Cuts cuts = Cuts.inUcs2(text, options.wideReference());
        Misfit misfit = cuts.loneSurrogate
                ? Misfit.LONE_SURROGATE
                : options.choice() == EncodingChoice.GSM7 ? Misfit.NOT_IN_ALPHABET : null;
        return new Segmentation(text, options, Encoding.UCS2, Alphabet.DEFAULT, cuts, misfit);
    }

    /** As a carrier splits what the host has counted: in this encoding, without national tables, 8-bit reference. */
    public static Segmentation of(String text, Encoding encoding) {
        return of(text, SegmentationOptions.of(encoding == Encoding.GSM7 ? EncodingChoice.GSM7 : EncodingChoice.UCS2));
    }

    /** Whether the text can be sent as asked; {@link #misfit()} says why not. */
    public boolean fits() {
        return misfit == null;
    }

    /** Why the text cannot be sent as asked; null when it can. */
    public @Nullable Misfit misfit() {
        return misfit;
    }

    public Encoding encoding() {
        return encoding;
    }

    /** How many short messages it takes; an empty text takes one. */
    public int parts() {
        return parts;
    }

    /** The size of the text without headers: septets in GSM-7, where an extension character counts 2; UTF-16 units. */
    public int units() {
        return units;
    }

    /**
     * The parts in order.
     *
     * @throws IllegalStateException unless the text {@link #fits()}
     */
    public List<Segment> segments() {
        if (misfit != null) {
            throw new IllegalStateException("A text that does not fit has no segments: " + misfit);
        }
        if (parts == 1) {
            return List.of(segment(1, text));
        }
        Segment[] segments = new Segment[parts];
        for (int i = 0; i < parts; i++) {
            int end = i + 1 < parts ? starts[i + 1] : text.length();
            segments[i] = segment(i + 1, text.substring(starts[i], end));
        }
        return List.of(segments);
    }

    /**
     * Those characters which keep the text out of GSM-7, in order; without them it would be in it. Empty when it is.
     * Where national tables are allowed, counted against the one that leaves the fewest.
     */
    public List<OffendingCharacter> offendingCharacters() {
        if (encoding == Encoding.GSM7) {
            return List.of();
        }
        List<OffendingCharacter> fewest = null;
        for (Alphabet candidate : Alphabet.permittedBy(options.tables())) {
            List<OffendingCharacter> offending = offendingCharacters(candidate);
            if (fewest == null || offending.size() < fewest.size()) {
                fewest = offending;
            }
        }
        return fewest == null ? List.of() : List.copyOf(fewest);
    }

    private List<OffendingCharacter> offendingCharacters(Alphabet candidate) {
        List<OffendingCharacter> offending = new ArrayList<>();
        for (int i = 0; i < text.length(); i++) {
            if (candidate.code(text.charAt(i)) == Alphabet.NONE) {
                int codePoint = text.codePointAt(i);
                offending.add(new OffendingCharacter(i, codePoint, Transliteration.suggestion(codePoint)));
                i += Character.charCount(codePoint) - 1;
            }
        }
        return offending;
    }

    private Segment segment(int number, String part) {
        return new Segment(number, parts, part, encoding, alphabet, options.wideReference());
    }

    @Override
    public String toString() {
        return "Segmentation[" + encoding + ", " + units + " units, " + parts + " parts"
                + (misfit == null ? "" : ", " + misfit) + "]";
    }

    /** Counts units and finds where parts start, in one pass. */
    private static final class Cuts {

        /** What fits when it is alone, and in each of several. */
        private final int alone;

        private final int each;

        private int[] starts = ONE_PART;
        private int count = 1;
        private int used;
        private int units;
        private boolean loneSurrogate;

        private Cuts(int alone, int each) {
            this.alone = alone;
            this.each = each;
        }

        /** Null when a character is not in this alphabet. */
        static @Nullable Cuts inGsm7(String text, Alphabet alphabet, boolean wideReference) {
            int tables = alphabet.headerOctets();
            Cuts cuts =
                    new Cuts(septets(tables == 0 ? 0 : 1 + tables), septets(1 + tables + concatenation(wideReference)));
            for (int i = 0; i < text.length(); i++) {
                int code = alphabet.code(text.charAt(i));
                if (code == Alphabet.NONE) {
                    return null;
                }
                cuts.add(i, Alphabet.septets(code));
            }
            return cuts;
        }

        static Cuts inUcs2(String text, boolean wideReference) {
            Cuts cuts = new Cuts(OCTETS / 2, (OCTETS - 1 - concatenation(wideReference)) / 2);
            for (int i = 0; i < text.length(); i++) {
                char unit = text.charAt(i);
                if (!Character.isSurrogate(unit)) {
                    cuts.add(i, 1);
                } else if (Character.isHighSurrogate(unit)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1))) {
                    cuts.add(i, 2);
                    i++;
                } else {
                    cuts.loneSurrogate = true;
                    cuts.add(i, 1);
                }
            }
            return cuts;
        }

        int parts() {
            return units <= alone ? 1 : count;
        }

        private void add(int position, int cost) {
            units += cost;
            used += cost;
            if (used > each) {
                if (count == starts.length) {
                    starts = Arrays.copyOf(starts, Math.max(8, 2 * count));
                }
                starts[count++] = position;
                used = cost;
            }
        }

        private static int concatenation(boolean wideReference) {
            return wideReference ? 6 : 5;
        }

        private static int septets(int headerOctets) {
            return (OCTETS - headerOctets) * 8 / 7;
        }
    }
}
