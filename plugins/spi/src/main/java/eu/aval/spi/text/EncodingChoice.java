// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.spi.text;

/** Which encoding the sender of a message wants. */
public enum EncodingChoice {
    /** GSM-7 when the text is in it, else UCS-2. Never costs more parts than {@link #UCS2}. */
    AUTO,
    /** GSM-7 or nothing: a text that is not in it does not fit. */
    GSM7,
    /** UCS-2 even where GSM-7 would do. */
    UCS2
}
