// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.dispatch;

import eu.aval.server.message.dispatch.ClaimedMessage.Attempt;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import reactor.core.publisher.Mono;

/** Attempts of which nobody knows whether they were sent, until somebody does. */
public interface Doubts {

    /** One that is due; leased for a minute, so that another node takes it if this one dies. */
    record Doubt(Settlement.Resolution step, int looks, ClaimedMessage message) {}

    /** Why a message of which nobody knew whether it was sent is sent again; shown in its timeline. */
    enum Reason {
        /** The carrier was asked again and again and does not know it. */
        NOT_FOUND,
        /** A duplicate of this class of message does no harm. */
        DUPLICATE_HARMLESS
    }

    /** Those that are due. Look-ups only for accounts that are open here. Those whose message moved on are forgotten. */
    Mono<List<Doubt>> due(Collection<UUID> openAccounts, int atMost);

    /** The carrier did not know it yet. */
    Mono<Void> lookAgain(Attempt attempt, Instant due);

    /** The carrier has it, under these ids. */
    Mono<Void> found(Attempt attempt, List<String> carrierMessageIds, Instant at);

    /** It goes back into the queue, unless it has expired or a receipt came. */
    Mono<Void> queueAgain(Attempt attempt, Reason reason, UUID accountId);

    /** Nobody will ever know more, unless a receipt comes: it stays uncertain. */
    Mono<Void> leave(Attempt attempt);
}
