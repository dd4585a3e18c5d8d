// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.smpp;

import eu.aval.spi.Capability;
import eu.aval.spi.Carrier;
import eu.aval.spi.CarrierContext;
import eu.aval.spi.CarrierDescriptor;
import eu.aval.spi.CarrierProvider;
import eu.aval.spi.config.CarrierConfiguration;
import java.util.Set;
import reactor.core.publisher.Mono;

/** SMPP 3.4 for any operator or aggregator. */
public final class SmppCarrierProvider implements CarrierProvider {

    static final Set<Capability> CAPABILITIES = Set.of(
            Capability.ALPHANUMERIC_SENDER,
            Capability.MULTIPART,
            Capability.RECEIPTS,
            Capability.INBOUND,
            Capability.VALIDITY,
            Capability.SESSION);

    private static final CarrierDescriptor DESCRIPTOR =
            new CarrierDescriptor("smpp", "SMPP 3.4", CAPABILITIES, SmppSettings.ALL);

    public SmppCarrierProvider() {
        SmppOutcomes.load();
    }

    @Override
    public CarrierDescriptor descriptor() {
        return DESCRIPTOR;
    }

    @Override
    public Mono<Carrier> open(CarrierConfiguration configuration, CarrierContext context) {
        return Mono.fromCallable(() -> SmppCarrier.open(SmppConfiguration.of(configuration), context));
    }
}
