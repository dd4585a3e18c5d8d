// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** Tables of tenants and their keysets. */
@NullMarked
package eu.aval.server.tenant.store;

import org.jspecify.annotations.NullMarked;
