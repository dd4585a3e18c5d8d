// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.dispatch;

import eu.aval.spi.submit.SubmitRequest;

/**
 * A leased message as the carrier will see it.
 *
 * @param claimedAt {@link System#nanoTime()} before the lease was asked for
 */
record OpenedMessage(ClaimedMessage message, SubmitRequest request, long claimedAt) {}
