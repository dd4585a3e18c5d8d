// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.tenant;

import reactor.core.publisher.Mono;

/**
 * Work that runs to its end though its subscriber cancels: a transaction cut off in the middle would go back to the pool
 * open. It does not see the Reactor context of its subscriber either, where the transaction that the subscriber is in may
 * stand: what is read there for many at once would be read on that transaction's connection, and end with it.
 */
final class Detached {

    private Detached() {}

    static <T> Mono<T> from(Mono<T> work) {
        return Mono.fromFuture(work::toFuture, true);
    }
}
