// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.smpp;

/** PDUs in hexadecimal that other implementations read as intended. */
final class Vectors {

    /** A receipt for {@code a1b2c3}, delivered, by parameters and by text. */
    static final String RECEIPT =
            "000000b100000005000000000000000700010133333631323334353637380005004d594252414e4400040000"
                    + "0000000000006769643a613162326333207375623a30303120646c7672643a303031207375626d697420646174653a3236303131353133"
                    + "303020646f6e6520646174653a3236303131353133303120737461743a44454c49565244206572723a30303020746578743a48656c6c6f"
                    + "001e000761316232633300042700010204230003030000";

    private Vectors() {}
}
