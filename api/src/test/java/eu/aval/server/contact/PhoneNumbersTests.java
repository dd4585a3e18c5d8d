// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.contact;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.Phonenumber;
import eu.aval.server.shared.ProblemType;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PhoneNumbersTests {

    @ParameterizedTest
    @CsvSource({
        "+33612345678, FR",
        "+33753123456, FR",
        "+33639980000, FR",
        "+33639989999, FR",
        "+262692123456, RE",
        "+262639012345, YT",
        "+590690001234, GP",
        "+596696123456, MQ",
        "+594694123456, GF",
        "+508551234, PM",
        "+687751234, NC",
        "+4915112345678, DE",
        "+393123456789, IT",
        "+447400123456, GB",
        "+12015550123, US"
    })
    void readsMobileNumbersWithTheirCountry(String text, String country) {
        assertThat(PhoneNumbers.read(text))
                .isInstanceOfSatisfying(
                        PhoneNumbers.Reading.Mobile.class,
                        mobile -> assertThat(mobile.number().country()).isEqualTo(country));
    }

    @ParameterizedTest
    @CsvSource({
        "+33123456789, NOT_MOBILE",
        "+33987654321, NOT_MOBILE",
        "+33899123456, NOT_MOBILE",
        "+33801234567, NOT_MOBILE",
        "+262262161234, NOT_MOBILE",
        "+33, INVALID_NUMBER",
        "+336123, INVALID_NUMBER",
        "+336123456789, INVALID_NUMBER",
        "+330612345678, INVALID_NUMBER",
        "+99912345678, INVALID_NUMBER",
        "0612345678, INVALID_NUMBER",
        "33612345678, INVALID_NUMBER",
        "+33 612345678, INVALID_NUMBER",
        "+3363998000, INVALID_NUMBER",
        "+3363998000000, INVALID_NUMBER",
        "36180, INVALID_NUMBER",
        "+1234567890123456, INVALID_NUMBER"
    })
    void refusesOthers(String text, ProblemType problem) {
        assertThat(PhoneNumbers.read(text)).isInstanceOfSatisfying(PhoneNumbers.Reading.Refused.class, refused -> {
            assertThat(refused.problem()).isEqualTo(problem);
            assertThat(refused.detail()).doesNotContain(text);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "+", "+٣٣٦١٢٣٤٥٦٧٨", "+33612345678;ext=1", "tel:+33612345678", "+33612345678\n"})
    void refusesWhatIsNoNumber(String text) {
        assertThat(PhoneNumbers.read(text)).isInstanceOf(PhoneNumbers.Reading.Refused.class);
    }

    /** The numbers of all countries, and what a slip of a finger makes of them. */
    @Test
    void readsWhatTheLibrarysParserWouldRead() {
        PhoneNumberUtil plans = PhoneNumberUtil.getInstance();
        Random random = new Random(20261126);
        for (String region : plans.getSupportedRegions()) {
            for (PhoneNumberUtil.PhoneNumberType type : PhoneNumberUtil.PhoneNumberType.values()) {
                Phonenumber.PhoneNumber example = plans.getExampleNumberForType(region, type);
                if (example != null) {
                    String text = plans.format(example, PhoneNumberUtil.PhoneNumberFormat.E164);
                    assertReadAsByTheLibrary(plans, text);
                    for (int slip = 0; slip < 5; slip++) {
                        int at = 1 + random.nextInt(text.length() - 1);
                        assertReadAsByTheLibrary(
                                plans, text.substring(0, at) + random.nextInt(10) + text.substring(at + 1));
                        assertReadAsByTheLibrary(
                                plans, text.substring(0, at) + random.nextInt(10) + text.substring(at));
                        assertReadAsByTheLibrary(plans, text.substring(0, at) + text.substring(at + 1));
                    }
                }
            }
        }
    }

    private static void assertReadAsByTheLibrary(PhoneNumberUtil plans, String text) {
        boolean mobile;
        try {
            Phonenumber.PhoneNumber number = plans.parse(text, null);
            PhoneNumberUtil.PhoneNumberType type = plans.getNumberType(number);
            mobile = (type == PhoneNumberUtil.PhoneNumberType.MOBILE
                            || type == PhoneNumberUtil.PhoneNumberType.FIXED_LINE_OR_MOBILE)
                    && plans.format(number, PhoneNumberUtil.PhoneNumberFormat.E164)
                            .equals(text);
        } catch (NumberParseException e) {
            mobile = false;
        }
        assertThat(PhoneNumbers.read(text) instanceof PhoneNumbers.Reading.Mobile)
                .as(text)
                .isEqualTo(mobile);
    }
}
