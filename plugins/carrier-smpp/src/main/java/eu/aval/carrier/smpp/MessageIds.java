// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.smpp;

import eu.aval.carrier.smpp.SmppConfiguration.MessageIdFormat;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Message ids in one form, whatever the peer makes of them: many SMSCs answer a submit in hexadecimal and write the
 * receipt in decimal, or the other way round, with other letters or more zeros.
 *
 * <p>With {@link MessageIdFormat#AUTO} it learns: each receipt is held against the ids of recent submits, and the way
 * that finds one where the others find none is tried first from then on. Not thread-safe.
 */
final class MessageIds {

    /** The standard has 64 octets; what is far beyond is no id, and no database would keep it as one. */
    static final int LONGEST = 255;

    private static final int REMEMBERED = 20_000;

    /** Longer ids are no numbers. */
    private static final int LONGEST_NUMBER = 32;

    private final MessageIdFormat format;
    private final Map<String, Boolean> recent = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    };

    private int same;
    private int hexToDecimal;
    private int decimalToHex;

    MessageIds(MessageIdFormat format) {
        this.format = format;
    }

    /** The id of a {@code submit_sm_resp}, normalised. */
    String submitted(String id) {
        String plain = plain(id);
        if (format == MessageIdFormat.AUTO) {
            recent.put(plain, Boolean.TRUE);
        }
        return plain;
    }

    /** The forms an id in a receipt may have had in the submit, the likeliest first. */
    List<String> candidates(String id) {
        String plain = plain(id);
        String asHex = decimalToHex(plain);
        String asDecimal = hexToDecimal(plain);
        return switch (format) {
            case AS_IS -> List.of(plain);
            case SUBMIT_HEX_RECEIPT_DEC -> distinct(asHex, plain);
            case SUBMIT_DEC_RECEIPT_HEX -> distinct(asDecimal, plain);
            case AUTO -> learned(plain, asHex, asDecimal);
        };
    }

    private List<String> learned(String plain, @Nullable String asHex, @Nullable String asDecimal) {
        boolean knownSame = recent.containsKey(plain);
        boolean knownHex = asHex != null && recent.containsKey(asHex);
        boolean knownDecimal = asDecimal != null && recent.containsKey(asDecimal);
        if (knownSame && !knownHex && !knownDecimal) {
            same++;
        } else if (knownHex && !knownSame && !knownDecimal) {
            decimalToHex++;
        } else if (knownDecimal && !knownSame && !knownHex) {
            hexToDecimal++;
        }
        if (decimalToHex > same && decimalToHex >= hexToDecimal) {
            return distinct(asHex, plain, asDecimal);
        }
        if (hexToDecimal > same) {
            return distinct(asDecimal, plain, asHex);
        }
        return distinct(plain, asHex, asDecimal);
    }

    /** Without surrounding space, in lower case, without leading zeros where it may be a number. */
    static String plain(String id) {
        String plain = id.strip().toLowerCase(Locale.ROOT);
        if (plain.length() > LONGEST_NUMBER || !isNumber(plain, true)) {
            return plain;
        }
        int zeros = 0;
        while (zeros < plain.length() - 1 && plain.charAt(zeros) == '0') {
            zeros++;
        }
        return plain.substring(zeros);
    }

    private static @Nullable String decimalToHex(String id) {
        if (id.length() > LONGEST_NUMBER || !isNumber(id, false)) {
            return null;
        }
        return id.length() <= 18 ? Long.toHexString(Long.parseLong(id)) : new BigInteger(id).toString(16);
    }

    private static @Nullable String hexToDecimal(String id) {
        if (id.length() > LONGEST_NUMBER || !isNumber(id, true)) {
            return null;
        }
        return id.length() <= 15 ? Long.toString(Long.parseLong(id, 16)) : new BigInteger(id, 16).toString();
    }

    private static boolean isNumber(String id, boolean hexadecimal) {
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            boolean digit = c >= '0' && c <= '9';
            boolean letter = hexadecimal && c >= 'a' && c <= 'f';
            if (!digit && !letter) {
                return false;
            }
        }
        return !id.isEmpty();
    }

    private static List<String> distinct(@Nullable String... forms) {
        List<String> distinct = new ArrayList<>(forms.length);
        for (String form : forms) {
            if (form != null && !distinct.contains(form)) {
                distinct.add(form);
            }
        }
        return distinct;
    }
}
