// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.spi.text;

/**
 * The national language shift tables of 3GPP TS 23.038 that are known here. With one of them a text keeps seven bits for
 * each character where the default alphabet would force it into UCS-2; a header in each part names the table, which
 * costs 5 septets of the first part and 4 of the others. Not every handset and carrier knows them, so none is used
 * unless {@link SegmentationOptions#tables()} allows it.
 */
public enum NationalShift {
    TURKISH_SINGLE(1, false, "47Ğ 49İ 53Ş 63ç 67ğ 69ı 73ş"),
    TURKISH_LOCKING(1, true, "04€ 07ı 0BĞ 0Cğ 1CŞ 1Dş 40İ 60ç"),
    /** Spanish has no locking table. */
    SPANISH_SINGLE(2, false, "09ç 41Á 49Í 4FÓ 55Ú 61á 69í 6Fó 75ú"),
    PORTUGUESE_SINGLE(
            3,
            false,
            "05ê 09ç 0BÔ 0Cô 0EÁ 0Fá 12Φ 13Γ 15Ω 16Π 17Ψ 18Σ 19Θ 1FÊ 41À 49Í 4FÓ 55Ú 5BÃ 5CÕ 61Â 69í 6Fó 75ú 7Bã 7Cõ"
                    + " 7Fâ"),
    PORTUGUESE_LOCKING(
            3,
            true,
            "04ê 06ú 07í 08ó 09ç 0BÔ 0Cô 0EÁ 0Fá 12ª 13Ç 14À 15∞ 16^ 17\\ 18€ 19Ó 1A| 1CÂ 1Dâ 1EÊ 24º 40Í 5BÃ 5CÕ 5DÚ"
                    + " 60~ 7Bã 7Cõ 7D`");

    private final int language;
    private final boolean locking;
    private final String additions;

    NationalShift(int language, boolean locking, String additions) {
        this.language = language;
        this.locking = locking;
        this.additions = additions;
    }

    /** The national language identifier of TS 23.038: the value of the header element. */
    public int language() {
        return language;
    }

    /** Whether the table replaces the default alphabet; otherwise it adds to the extension table. */
    public boolean isLocking() {
        return locking;
    }

    /** The header element that names the table: 0x25 for a locking one, 0x24 for a single shift. */
    public int informationElement() {
        return locking ? 0x25 : 0x24;
    }

    /** Septet in hex and its character, separated by spaces. */
    String additions() {
        return additions;
    }
}
