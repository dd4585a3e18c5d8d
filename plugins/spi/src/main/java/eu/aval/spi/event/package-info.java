// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** What a carrier tells us later: delivery receipts, inbound messages, opt-outs. */
@NullMarked
package eu.aval.spi.event;

import org.jspecify.annotations.NullMarked;
