// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.routing;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import reactor.core.publisher.Mono;

/**
 * What was read of something that changes. Reads that overlap may end in another order than they began: one that began
 * before a change does not take the place of one that began after it.
 */
final class Snapshot<T> {

    private record Seen<T>(long read, T value) {}

    private final AtomicLong reads = new AtomicLong();
    private final AtomicReference<Seen<T>> newest;

    Snapshot(T first) {
        this.newest = new AtomicReference<>(new Seen<>(0, first));
    }

    T value() {
        return newest.get().value();
    }

    /** Reads with each subscription. */
    Mono<Void> read(Mono<T> source) {
        return Mono.defer(() -> {
            long read = reads.incrementAndGet();
            return source.doOnNext(
                            value -> newest.updateAndGet(seen -> seen.read() > read ? seen : new Seen<>(read, value)))
                    .then();
        });
    }
}
