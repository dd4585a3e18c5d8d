// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.account;

import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Pieces of work one after another, whichever they are: who asks gets a run that begins after asking. */
final class OneAtATime {

    private Mono<Void> last = Mono.empty();

    /** {@code work} in its turn; each subscription is one run. */
    Mono<Void> run(Mono<Void> work) {
        return Mono.defer(() -> enqueue(work));
    }

    private synchronized Mono<Void> enqueue(Mono<Void> work) {
        Mono<Void> before = last;
        Sinks.Empty<Void> done = Sinks.empty();
        last = done.asMono().onErrorComplete();
        return before.then(work).doOnError(done::tryEmitError).doFinally(signal -> done.tryEmitEmpty());
    }
}
