// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** Routes as rows. */
@NullMarked
package eu.aval.server.routing.store;

import org.jspecify.annotations.NullMarked;
