// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.dispatch;

import eu.aval.server.message.dispatch.ClaimedMessage.Attempt;
import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Mono;

/** What no event brings about: the end of validity, the death of a node, silence. */
public interface QueueSweeps {

    /** Ends messages whose validity is over before they left. Emits how many. */
    Mono<Integer> expireOverdue(int atMost);

    /**
     * Attempts of nodes that died: from the first of them on the dead node gets no lease any more, should it live after
     * all. Each is to be settled as doubtful; when none is left, the node is forgotten.
     *
     * @param silence how long a node must have been silent to be dead
     */
    Mono<List<Attempt>> abandoned(Duration silence, int atMost);

    /** Moves a slice of the messages that no receipt came for, a day after their validity, to UNKNOWN. */
    Mono<Integer> endSilent();
}
