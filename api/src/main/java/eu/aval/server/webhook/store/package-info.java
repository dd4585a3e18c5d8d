// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
/** Endpoints, their secrets, what they have still to be told, and the delivery log, as rows. */
@NullMarked
package eu.aval.server.webhook.store;

import org.jspecify.annotations.NullMarked;
