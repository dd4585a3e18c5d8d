// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.consent.store;

import eu.aval.server.shared.TenantId;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * Small tables of tenants as they were at most two seconds ago. Who asks while it is read waits with the others; if it
 * cannot be read, all of them get the error, and nobody an old copy.
 */
final class Snapshots<T> {

    private static final Duration AGE = Duration.ofSeconds(2);

    private record Snapshot<T>(T value, long readAt) {

        boolean isFresh() {
            return System.nanoTime() - readAt < AGE.toNanos();
        }
    }

    private final Function<TenantId, Mono<T>> read;
    private final ConcurrentMap<TenantId, Snapshot<T>> snapshots = new ConcurrentHashMap<>();
    private final ConcurrentMap<TenantId, Mono<T>> reading = new ConcurrentHashMap<>();

    Snapshots(Function<TenantId, Mono<T>> read) {
        this.read = read;
    }

    Mono<T> of(TenantId tenant) {
        Snapshot<T> snapshot = snapshots.get(tenant);
        return snapshot != null && snapshot.isFresh()
                ? Mono.just(snapshot.value())
                : Mono.defer(() -> reading.computeIfAbsent(tenant, this::load));
    }

    /** After a change on this node. */
    void forget(TenantId tenant) {
        snapshots.remove(tenant);
        reading.remove(tenant);
    }

    private Mono<T> load(TenantId tenant) {
        return Mono.defer(() -> {
                    long askedAt = System.nanoTime();
                    return read.apply(tenant).doOnNext(value -> snapshots.put(tenant, new Snapshot<>(value, askedAt)));
                })
                .doFinally(signal -> reading.remove(tenant))
                .cache();
    }
}
