// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.inbound.reply;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A text as words: without case, accents, look-alikes of other alphabets and signs that nobody sees. A question mark
 * between letters is kept: it stands for an accented letter that a gateway could not write.
 */
final class Spelling {

    /**
     * A word or a number.
     *
     * @param joined whether a hyphen ties it to the one before
     */
    record Token(String text, boolean joined) {
        boolean isNumber() {
            return Character.isDigit(text.charAt(0));
        }
    }

    /** Letters of other alphabets by the Latin letter that they look like, in lower case. */
    private static final Map<Integer, Character> LOOK_ALIKES = Map.ofEntries(
            Map.entry((int) 'а', 'a'),
            Map.entry((int) 'в', 'b'),
            Map.entry((int) 'е', 'e'),
            Map.entry((int) 'і', 'i'),
            Map.entry((int) 'ј', 'j'),
            Map.entry((int) 'к', 'k'),
            Map.entry((int) 'м', 'm'),
            Map.entry((int) 'н', 'h'),
            Map.entry((int) 'о', 'o'),
            Map.entry((int) 'р', 'p'),
            Map.entry((int) 'с', 'c'),
            Map.entry((int) 'т', 't'),
            Map.entry((int) 'у', 'y'),
            Map.entry((int) 'х', 'x'),
            Map.entry((int) 'ѕ', 's'),
            Map.entry((int) 'α', 'a'),
            Map.entry((int) 'ε', 'e'),
            Map.entry((int) 'ι', 'i'),
            Map.entry((int) 'κ', 'k'),
            Map.entry((int) 'ν', 'v'),
            Map.entry((int) 'ο', 'o'),
            Map.entry((int) 'ρ', 'p'),
            Map.entry((int) 'τ', 't'),
            Map.entry((int) 'υ', 'u'),
            Map.entry((int) 'ı', 'i'),
            Map.entry((int) '$', 's'));

    private static final Pattern MISREAD_UTF8 = Pattern.compile("[\u00c2-\u00c3][\u0080-\u00bf]");
    /** In French too: whoever writes n't means not. */
    private static final Pattern NEGATION = Pattern.compile("(?<=\\p{Alpha}n)['’`´]t\\b");

    private static final Pattern BETWEEN_PIECES = Pattern.compile("\\?|(?<=\\p{L})(?=\\d)|(?<=\\d)(?=\\p{L})");

    private Spelling() {}

    /** The parts of a text that are told apart by more than a space, each as its words; none is empty. */
    static List<List<Token>> read(String text) {
        String plain = NEGATION.matcher(plain(text)).replaceAll("t");
        List<List<Token>> segments = new ArrayList<>();
        List<Token> segment = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean hyphen = false;
        boolean joined = false;
        int[] points = plain.codePoints().toArray();
        for (int i = 0; i <= points.length; i++) {
            int point = i < points.length ? points[i] : '\n';
            if (isPartOfWord(points, i, point)) {
                if (word.isEmpty()) {
                    joined = hyphen;
                }
                word.appendCodePoint(point);
                continue;
            }
            hyphen = point == '-' && !word.isEmpty();
            add(segment, word, joined);
            if (!isWeak(point) && !segment.isEmpty()) {
                segments.add(segment);
                segment = new ArrayList<>();
            }
        }
        return segments;
    }

    /** All letters and digits of a text, and nothing between them. */
    static String squeezed(String text) {
        StringBuilder letters = new StringBuilder();
        plain(text).codePoints().filter(Character::isLetterOrDigit).forEach(letters::appendCodePoint);
        return letters.toString();
    }

    private static boolean isPartOfWord(int[] points, int i, int point) {
        return Character.isLetterOrDigit(point)
                || (point == '?'
                        && i > 0
                        && i + 1 < points.length
                        && Character.isLetter(points[i - 1])
                        && Character.isLetter(points[i + 1]));
    }

    /** Stands between words of one sentence. */
    private static boolean isWeak(int point) {
        return point == ' ' || point == '\t' || "-'’`´\"«»“”„‘<>()[]*_/#@=".indexOf(point) >= 0;
    }

    private static void add(List<Token> segment, StringBuilder word, boolean joined) {
        if (word.isEmpty()) {
            return;
        }
        String whole = word.toString();
        word.setLength(0);
        if (Vocabulary.isWord(whole)) {
            segment.add(new Token(whole, joined));
            return;
        }
        boolean tied = joined;
        for (String piece : BETWEEN_PIECES.split(whole, -1)) {
            segment.add(new Token(piece, tied));
            tied = false;
        }
    }

    private static String plain(String text) {
        String folded = Normalizer.normalize(repaired(text), Normalizer.Form.NFKC);
        StringBuilder plain = new StringBuilder(folded.length());
        Normalizer.normalize(folded.toLowerCase(Locale.ROOT), Normalizer.Form.NFD)
                .codePoints()
                .forEach(point -> append(plain, point));
        return plain.toString();
    }

    private static void append(StringBuilder plain, int point) {
        switch (Character.getType(point)) {
            case Character.FORMAT, Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.SURROGATE -> {
                // Not to be seen
            }
            case Character.CONTROL -> {
                if (point == '\n' || point == '\r' || point == '\t') {
                    plain.append(point == '\t' ? ' ' : '\n');
                }
            }
            case Character.SPACE_SEPARATOR -> plain.append(' ');
            default -> {
                Character lookAlike = LOOK_ALIKES.get(point);
                if (lookAlike != null) {
                    plain.append(lookAlike.charValue());
                } else if (point == 'œ') {
                    plain.append("oe");
                } else {
                    plain.appendCodePoint(point);
                }
            }
        }
    }

    /** UTF-8 that a gateway took for Latin-1, as it was written. */
    private static String repaired(String text) {
        if (!MISREAD_UTF8.matcher(text).find() || text.chars().anyMatch(c -> c > 0xff)) {
            return text;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)))
                    .toString();
        } catch (CharacterCodingException e) {
            return text;
        }
    }
}
