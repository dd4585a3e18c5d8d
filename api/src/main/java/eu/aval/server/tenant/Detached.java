// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.tenant;

import reactor.core.publisher.Mono;

/** Work that runs to its end though its subscriber cancels: a transaction cut off in the middle would go back to the pool open. */
final class Detached {

    private Detached() {}

    static <T> Mono<T> from(Mono<T> work) {
        return Mono.deferContextual(context -> Mono.fromFuture(
                () -> work.contextWrite(own -> own.putAll(context)).toFuture(), true));
    }
}
