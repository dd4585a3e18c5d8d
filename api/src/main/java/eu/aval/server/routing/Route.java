// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.routing;

import java.util.UUID;

/**
 * One way for one message.
 *
 * @param priority lower is tried first
 */
public record Route(UUID id, UUID accountId, int priority) {}
