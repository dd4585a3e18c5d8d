// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** What a reply means: a pure reading of a text, French or English. */
@NullMarked
package eu.aval.server.inbound.reply;

import org.jspecify.annotations.NullMarked;
