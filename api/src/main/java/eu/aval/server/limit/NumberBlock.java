// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.limit;

import eu.aval.server.personaldata.PhoneNumber;
import eu.aval.server.personaldata.PlaintextAccess;

/**
 * The numbers that differ from one in the last four digits only. Shared by ten thousand numbers, it leads to nobody, and
 * what is counted by it goes after two hours.
 */
public final class NumberBlock {

    private static final int HIDDEN = 4;

    private NumberBlock() {}

    /** As {@code +3363998}. */
    public static String of(PhoneNumber number) {
        String e164 = number.reveal(PlaintextAccess.forSealing());
        return e164.substring(0, Math.max(2, e164.length() - HIDDEN));
    }
}
