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
     */
    Mono<Void> emit(CarrierEvent event);
}
