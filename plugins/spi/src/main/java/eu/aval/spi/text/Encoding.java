// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.spi.text;

/** How the text of a message goes over the air: 3GPP TS 23.038. */
public enum Encoding {
    /** The GSM 7-bit alphabet with its extension table; 160 septets alone, 153 in each part of several. */
    GSM7,
    /** UTF-16 big-endian; 70 code units alone, 67 in each part of several. */
    UCS2
}
