// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** The outbox and the log of events as rows. */
@NullMarked
package eu.aval.server.outbox.store;

import org.jspecify.annotations.NullMarked;
