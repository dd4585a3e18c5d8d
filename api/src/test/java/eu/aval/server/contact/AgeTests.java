// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.contact;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import org.junit.jupiter.api.Test;

final class AgeTests {

    private static final LocalDate TODAY = LocalDate.of(2026, 11, 26);
    private static final LocalDate BIRTHDAY = LocalDate.of(2027, 3, 14);
    private static final Age CHILD = Age.UNKNOWN.declared(AgeBand.CHILD, BIRTHDAY, TODAY);

    @Test
    void asksForAGuardianUntilTheBirthday() {
        assertThat(CHILD.asksForGuardian(BIRTHDAY.minusDays(1))).isTrue();
        assertThat(CHILD.asksForGuardian(BIRTHDAY)).isFalse();
    }

    @Test
    void outgrowsAConsentOnTheBirthday() {
        LocalDate before = BIRTHDAY.minusDays(1);

        assertThat(CHILD.hasOutgrown(before, before)).isFalse();
        assertThat(CHILD.hasOutgrown(before, BIRTHDAY)).isTrue();
        assertThat(CHILD.hasOutgrown(BIRTHDAY, BIRTHDAY)).isFalse();
    }

    @Test
    void becomesATeenagerOnTheBirthdayAndNotOfFullAge() {
        assertThat(CHILD.on(BIRTHDAY.minusDays(1))).isEqualTo(AgeBand.CHILD);
        assertThat(CHILD.on(BIRTHDAY)).isEqualTo(AgeBand.TEEN);
        assertThat(CHILD.on(BIRTHDAY.plusYears(40))).isEqualTo(AgeBand.TEEN);
    }

    @Test
    void letsNoOldConsentCountWhenTheBandIsDeclaredAnew() {
        Age older = CHILD.declared(AgeBand.TEEN, null, BIRTHDAY);

        assertThat(older.hasOutgrown(BIRTHDAY.minusDays(1), BIRTHDAY)).isTrue();
        assertThat(older.hasOutgrown(BIRTHDAY, BIRTHDAY)).isFalse();
    }

    @Test
    void letsNoOldConsentCountWhenAChildTurnsOutToBeNone() {
        Age corrected = CHILD.declared(AgeBand.ADULT, null, TODAY);

        assertThat(corrected.asksForGuardian(TODAY)).isFalse();
        assertThat(corrected.hasOutgrown(TODAY.minusDays(1), TODAY)).isTrue();
        assertThat(corrected.hasOutgrown(TODAY, TODAY)).isFalse();
    }

    @Test
    void noticesWhoIsMadeOlder() {
        assertThat(CHILD.isLoosenedBy(AgeBand.TEEN, null, TODAY)).isTrue();
        assertThat(CHILD.isLoosenedBy(AgeBand.CHILD, BIRTHDAY.minusDays(1), TODAY))
                .isTrue();
        assertThat(CHILD.isLoosenedBy(AgeBand.CHILD, BIRTHDAY.plusDays(1), TODAY))
                .isFalse();
        assertThat(CHILD.isLoosenedBy(AgeBand.TEEN, null, BIRTHDAY)).isFalse();
        assertThat(CHILD.isLoosenedBy(AgeBand.ADULT, null, BIRTHDAY)).isTrue();
        assertThat(Age.UNKNOWN.isLoosenedBy(AgeBand.ADULT, null, TODAY)).isFalse();
    }
}
