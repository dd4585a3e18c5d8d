// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** What people wrote, as rows. */
@NullMarked
package eu.aval.server.inbound.store;

import org.jspecify.annotations.NullMarked;
