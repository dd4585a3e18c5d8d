// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.inbound;

import eu.aval.server.inbound.reply.Meaning;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which inbound messages.
 *
 * @param meanings empty is any
 * @param to the tenant's number or name; null is any
 */
public record InboundFilter(
        Set<Meaning> meanings,
        @Nullable String to,
        @Nullable Instant receivedFrom,
        @Nullable Instant receivedBefore) {

    public InboundFilter {
        meanings = Set.copyOf(meanings);
    }
}
