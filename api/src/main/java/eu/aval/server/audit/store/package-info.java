// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** The trail as rows. */
@NullMarked
package eu.aval.server.audit.store;

import org.jspecify.annotations.NullMarked;
