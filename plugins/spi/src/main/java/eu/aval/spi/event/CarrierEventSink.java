// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.spi.event;

import reactor.core.publisher.Mono;

/** Where a carrier hands its events to the host. Thread-safe; never blocks. */
@FunctionalInterface
public interface CarrierEventSink {

    /**
     * Stores the event. Completes when it is durable: only then may the carrier be acknowledged. Ends in an error when
     * it was not stored; the plugin then tells the carrier to send it again. Emitting the same event twice is harmless.
     *
     * <p>The host works on a limited number of an account's events at once. Further ones wait for their turn, which is how
     * the carrier learns to wait, too: it is answered later. Where more wait than the host keeps, the error comes at once.
     * Cancelling gives up the place in the queue.
     */
    Mono<Void> emit(CarrierEvent event);
}
