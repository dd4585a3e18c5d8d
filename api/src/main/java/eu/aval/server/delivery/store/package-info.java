// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** The SQL of receipts and inbound messages. */
@NullMarked
package eu.aval.server.delivery.store;

import org.jspecify.annotations.NullMarked;
