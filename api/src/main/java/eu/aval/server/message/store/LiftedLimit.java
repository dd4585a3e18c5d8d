// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.store;

import eu.aval.server.limit.Tally;
import java.util.UUID;

/** That a message was accepted although a limit was reached; stands in its timeline. */
public record LiftedLimit(UUID messageId, Tally.Lifted lifted) {}
