// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** Keys and tokens as rows. */
@NullMarked
package eu.aval.server.access.store;

import org.jspecify.annotations.NullMarked;
