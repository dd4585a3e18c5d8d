// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.dispatch;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Ids that carriers have given to this node and that are not in the database yet. A receipt is often faster than the
 * commit; who asks here waits a few milliseconds instead of finding nothing.
 */
@Component
public class PendingIds {

    private record Key(UUID accountId, String carrierMessageId) {}

    private final ConcurrentMap<Key, CompletableFuture<Void>> pending = new ConcurrentHashMap<>();

    /** Completes when all of these ids that are pending have been written; at once if none is. */
    public Mono<Void> settled(UUID accountId, List<String> carrierMessageIds) {
        if (pending.isEmpty()) {
            return Mono.empty();
        }
        Mono<Void> all = Mono.empty();
        for (String id : carrierMessageIds) {
            CompletableFuture<Void> one = pending.get(new Key(accountId, id));
            if (one != null) {
                all = all.and(Mono.fromFuture(one, true));
            }
        }
        return all;
    }

    void begin(UUID accountId, List<String> carrierMessageIds) {
        for (String id : carrierMessageIds) {
            pending.computeIfAbsent(new Key(accountId, id), key -> new CompletableFuture<>());
        }
    }

    void end(UUID accountId, List<String> carrierMessageIds) {
        for (String id : carrierMessageIds) {
            CompletableFuture<Void> one = pending.remove(new Key(accountId, id));
            if (one != null) {
                one.complete(null);
            }
        }
    }
}
