// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** The SQL of messages. */
@NullMarked
package eu.aval.server.message.store;

import org.jspecify.annotations.NullMarked;
