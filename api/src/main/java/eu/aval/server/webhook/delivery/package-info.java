// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** From an event in the log to a signed request: who is told, when, over which connection, and what became of it. */
@NullMarked
package eu.aval.server.webhook.delivery;

import org.jspecify.annotations.NullMarked;
