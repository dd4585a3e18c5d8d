// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** SMPP 3.4 to any operator or aggregator: sessions, windows, receipts, and the messages of handsets. */
@NullMarked
package eu.aval.carrier.smpp;

import org.jspecify.annotations.NullMarked;
