// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.account;

import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Runs of one piece of work one after another: who asks gets a run that begins after asking. */
final class OneAtATime {

    private final Mono<Void> work;
    private Mono<Void> last = Mono.empty();

    OneAtATime(Mono<Void> work) {
        this.work = work;
    }

    Mono<Void> asMono() {
        return Mono.defer(this::enqueue);
    }

    private synchronized Mono<Void> enqueue() {
        Mono<Void> before = last;
        Sinks.Empty<Void> done = Sinks.empty();
        last = done.asMono().onErrorComplete();
        return before.then(work).doOnError(done::tryEmitError).doFinally(signal -> done.tryEmitEmpty());
    }
}
