// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** Running carrier accounts: opened, shaped, watched, replaced without loss, closed. */
@NullMarked
package eu.aval.server.carrier.account;

import org.jspecify.annotations.NullMarked;
