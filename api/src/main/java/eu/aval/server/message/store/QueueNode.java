// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.store;

import java.util.List;
import java.util.UUID;
import reactor.core.publisher.Mono;

/** This node among the others, as the queue needs it. */
interface QueueNode {

    UUID id();

    /** Nodes that have been silent for too long. */
    Mono<List<UUID>> dead();

    /** After everything a dead node held is free. */
    Mono<Void> forget(UUID node);
}
