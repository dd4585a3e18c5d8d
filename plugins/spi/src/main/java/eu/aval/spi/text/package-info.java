// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** Phone numbers and texts that mask themselves, GSM-7 and UCS-2, and the splitting of a text into parts. */
@NullMarked
package eu.aval.spi.text;

import org.jspecify.annotations.NullMarked;
