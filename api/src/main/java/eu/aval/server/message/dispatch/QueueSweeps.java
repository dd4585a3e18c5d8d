// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.dispatch;

import eu.aval.server.message.dispatch.ClaimedMessage.Attempt;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import reactor.core.publisher.Mono;

/** What no event brings about: the end of validity, the death of a node, silence. */
public interface QueueSweeps {

    /** Ends messages whose validity is over before they left. Emits how many. */
    Mono<Long> expireOverdue(int atMost);

    /**
     * Attempts of nodes that died or ended without settling. From then on the dead node gets no lease, should it live
     * after all. Each is to be settled as doubtful.
     */
    Mono<List<Attempt>> abandoned(int atMost);

    /**
     * Leases what waits and was due before a moment to a node that is gone, as if that had died while it was sending: it is
     * {@link #abandoned}. Emits how many.
     */
    Mono<Long> abandon(Instant dueBefore, int atMost);

    /** Forgets dead nodes of which nothing is left. */
    Mono<Void> forgetDead();

    /** Attempts that this node has leased for so long and that are not settled. */
    Mono<List<Attempt>> own(Duration age, int atMost);

    /** Moves a slice of the messages that no receipt came for, a day after their validity, to UNKNOWN. Emits how many. */
    Mono<Integer> endSilent();
}
