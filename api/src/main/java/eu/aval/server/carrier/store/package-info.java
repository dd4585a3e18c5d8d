// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** Carrier accounts, allowed digests and session leases as rows. */
@NullMarked
package eu.aval.server.carrier.store;

import org.jspecify.annotations.NullMarked;
