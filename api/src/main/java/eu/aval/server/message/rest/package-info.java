// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** Messages over REST: send, batch, preview, look-up, cancel. */
@NullMarked
package eu.aval.server.message.rest;

import org.jspecify.annotations.NullMarked;
