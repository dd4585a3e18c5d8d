// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.contact;

import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberType;
import com.google.i18n.phonenumbers.Phonenumber;
import eu.aval.server.personaldata.PhoneNumber;
import eu.aval.server.personaldata.PlaintextAccess;
import eu.aval.server.shared.ProblemType;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads numbers that are to receive an SMS. E.164 only: a national number means another person in another country. Keeps
 * nothing of what it reads.
 *
 * <p>{@code +33 6 39 98 00 00} to {@code 99 99} is the range that the French regulator keeps for fiction. It belongs to
 * nobody, and is accepted: the simulator answers there.
 */
public final class PhoneNumbers {

    /** What a text turned out to be. */
    public sealed interface Reading {

        /** A number that takes SMS. */
        record Mobile(PhoneNumber number) implements Reading {}

        /** Another thing; {@code detail} does not repeat it. */
        record Refused(ProblemType problem, String detail) implements Reading {}
    }

    private static final Pattern E164 = Pattern.compile("\\+[1-9][0-9]{1,14}");
    private static final String FRENCH_FICTION = "+3363998";
    private static final int FRENCH_LENGTH = 12;

    private static final Reading NOT_E164 = new Reading.Refused(
            ProblemType.INVALID_NUMBER,
            "Write the number in E.164: a plus sign, the country code, the number, digits only.");
    private static final Reading UNKNOWN =
            new Reading.Refused(ProblemType.INVALID_NUMBER, "No numbering plan has this number.");
    private static final Reading NOT_MOBILE =
            new Reading.Refused(ProblemType.NOT_MOBILE, "The number belongs to a range that takes no SMS.");

    private static final PhoneNumberUtil PLANS = PhoneNumberUtil.getInstance();
    /** Of countries and of what belongs to none. No code is the beginning of another. */
    private static final Set<Integer> CODES = Set.copyOf(PLANS.getSupportedCallingCodes());

    private static final int LONGEST_CODE = 3;

    private PhoneNumbers() {}

    public static Reading read(String text) {
        if (!E164.matcher(text).matches()) {
            return NOT_E164;
        }
        if (isFiction(text)) {
            return new Reading.Mobile(PhoneNumber.of(text, "FR"));
        }
        Phonenumber.PhoneNumber number = parse(text);
        if (number == null) {
            return UNKNOWN;
        }
        String region = PLANS.getRegionCodeForNumber(number);
        PhoneNumberType type = region == null ? PhoneNumberType.UNKNOWN : PLANS.getNumberType(number);
        return switch (type) {
            case MOBILE, FIXED_LINE_OR_MOBILE -> new Reading.Mobile(PhoneNumber.of(text, region));
            case UNKNOWN -> UNKNOWN;
            case FIXED_LINE, TOLL_FREE, PREMIUM_RATE, SHARED_COST, VOIP, PERSONAL_NUMBER, PAGER, UAN, VOICEMAIL ->
                NOT_MOBILE;
        };
    }

    /** As the library has it; null if no plan has it. */
    static Phonenumber.@Nullable PhoneNumber parsed(PhoneNumber number) {
        return parse(number.reveal(PlaintextAccess.forSealing()));
    }

    /**
     * Without the library's parser, which looks for a number in any text and takes most of the time a message costs. A
     * trunk zero, as in +33 06, stays: no plan has such a number.
     */
    private static Phonenumber.@Nullable PhoneNumber parse(String e164) {
        int code = 0;
        for (int end = 1; end <= Math.min(LONGEST_CODE, e164.length() - 2); end++) {
            code = code * 10 + e164.charAt(end) - '0';
            if (CODES.contains(code)) {
                String national = e164.substring(end + 1);
                Phonenumber.PhoneNumber number =
                        new Phonenumber.PhoneNumber().setCountryCode(code).setNationalNumber(Long.parseLong(national));
                int zeros = leadingZeros(national);
                return zeros == 0 ? number : number.setItalianLeadingZero(true).setNumberOfLeadingZeros(zeros);
            }
        }
        return null;
    }

    private static int leadingZeros(String digits) {
        int zeros = 0;
        while (zeros < digits.length() - 1 && digits.charAt(zeros) == '0') {
            zeros++;
        }
        return zeros;
    }

    /** Whether it belongs to nobody. */
    public static boolean isFiction(PhoneNumber number) {
        return isFiction(number.reveal(PlaintextAccess.forSealing()));
    }

    private static boolean isFiction(String text) {
        return text.length() == FRENCH_LENGTH && text.startsWith(FRENCH_FICTION);
    }

    /** How the numbers of a country begin, such as {@code +33}; a plus sign alone if it has none. */
    public static String callingCode(String country) {
        int code = PLANS.getCountryCodeForRegion(country);
        return code == 0 ? "+" : "+" + code;
    }

    /** A mobile number of the country that the library has for examples; or how its numbers begin if it has none. */
    public static String exampleMobile(String country) {
        Phonenumber.PhoneNumber example = PLANS.getExampleNumberForType(country, PhoneNumberType.MOBILE);
        return example == null ? callingCode(country) : PLANS.format(example, PhoneNumberUtil.PhoneNumberFormat.E164);
    }

    /** Reads the numbering plans of all countries, so that no request has to wait for a file. */
    static void load() {
        for (String region : PLANS.getSupportedRegions()) {
            PLANS.getExampleNumberForType(region, PhoneNumberType.MOBILE);
        }
    }
}
