// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** From a request to a durable message: validation, preparation, and the journal in which requests share a transaction. */
@NullMarked
package eu.aval.server.message.accept;

import org.jspecify.annotations.NullMarked;
