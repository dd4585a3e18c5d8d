// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier;

import eu.aval.spi.event.CarrierEvent;
import java.util.UUID;
import reactor.core.publisher.Mono;

/** Where events of carriers go: implemented by the feature that stores them. */
@FunctionalInterface
public interface CarrierEvents {

    /** Completes when the event is durable: the carrier is acknowledged then. Harmless when repeated. */
    Mono<Void> accept(UUID carrierAccountId, CarrierEvent event);
}
