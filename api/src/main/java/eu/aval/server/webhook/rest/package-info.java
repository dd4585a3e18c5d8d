// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** Webhook endpoints and the stream of events for partner applications. */
@NullMarked
package eu.aval.server.webhook.rest;

import org.jspecify.annotations.NullMarked;
