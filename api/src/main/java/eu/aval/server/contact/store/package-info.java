// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** Tables of subjects and their wrapped keys. */
@NullMarked
package eu.aval.server.contact.store;

import org.jspecify.annotations.NullMarked;
