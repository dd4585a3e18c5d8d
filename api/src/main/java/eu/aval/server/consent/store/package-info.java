// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** Tables of purposes, senders, the consent ledger and the suppression list. */
@NullMarked
package eu.aval.server.consent.store;

import org.jspecify.annotations.NullMarked;
