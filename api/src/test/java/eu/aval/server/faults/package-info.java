// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** Whole server processes that are killed while they send, against an SMSC that counts. */
@NullMarked
package eu.aval.server.faults;

import org.jspecify.annotations.NullMarked;
