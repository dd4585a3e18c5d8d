// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.dispatch;

import eu.aval.server.message.dispatch.ClaimedMessage.Attempt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** The attempts this node knows it has leased, from the answer of the claim until their outcome is written. */
final class HeldAttempts {

    private record Key(UUID messageId, int number) {}

    private final Set<Key> held = ConcurrentHashMap.newKeySet();

    void add(Attempt attempt) {
        held.add(new Key(attempt.messageId(), attempt.number()));
    }

    void remove(Attempt attempt) {
        held.remove(new Key(attempt.messageId(), attempt.number()));
    }

    boolean contains(Attempt attempt) {
        return held.contains(new Key(attempt.messageId(), attempt.number()));
    }
}
