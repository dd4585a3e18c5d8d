// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * What waits to leave, and what has left and is not settled: the port behind which the engine can be changed. All of it
 * is durable when it completes.
 *
 * <p>Safe with many nodes: a message is leased by one node at a time, and a node that was declared dead gets no lease.
 */
public interface DispatchQueue {

    /**
     * Leases messages of one account that are due, one-time codes first. The gate has been asked again: what it refuses
     * now, and what has expired, ended instead. An attempt is on record for each that is returned, so it must be settled.
     */
    Mono<List<ClaimedMessage>> claim(UUID accountId, int atMost);

    /** Writes what came of attempts, all in one transaction. An attempt that was settled before stays as it is. */
    Mono<Void> settle(List<Settlement> group);

    /** Which of these accounts have work that is due. Nothing while this node is taken for dead. */
    Mono<Set<UUID>> due(Collection<UUID> accountIds);

    /** Accounts for which something waits, due or not. */
    Mono<Set<UUID>> plannedAccounts();

    /** Messages that wait for an account (null: for none), in the order in which they would leave, from a position on. */
    Mono<List<WaitingMessage>> waiting(@Nullable UUID accountId, @Nullable Position after, int atMost);

    /** Moves messages that still wait to other accounts. */
    Mono<Void> move(List<Move> moves);

    /** How much waits, by account and lane: exact while it is little, estimated when it is much. */
    Mono<List<Depth>> depths();

    /** Whether the same call may succeed at once: a deadlock, a serialization failure. */
    boolean isConflict(Throwable error);

    /** Whether something in what was given is at fault, and not the engine: the same call fails again. */
    boolean isFaultOfData(Throwable error);

    /** A place in the queue of an account. */
    record Position(int lane, Instant due, UUID messageId) {}

    /** A message that is to wait for another account. */
    record Move(UUID messageId, @Nullable UUID fromAccountId, UUID toAccountId) {}

    /**
     * How full a lane is.
     *
     * @param oldest how long the first has been due
     */
    record Depth(UUID accountId, int lane, long messages, Duration oldest) {}
}
