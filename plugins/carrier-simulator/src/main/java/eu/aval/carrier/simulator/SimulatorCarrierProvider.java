// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.simulator;

import eu.aval.spi.Capability;
import eu.aval.spi.Carrier;
import eu.aval.spi.CarrierContext;
import eu.aval.spi.CarrierDescriptor;
import eu.aval.spi.CarrierProvider;
import eu.aval.spi.config.CarrierConfiguration;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The simulator as a plugin. */
public final class SimulatorCarrierProvider implements CarrierProvider {

    private static final Set<Capability> CAPABILITIES = EnumSet.complementOf(EnumSet.of(Capability.SESSION));

    private static final CarrierDescriptor DESCRIPTOR =
            new CarrierDescriptor("simulator", "Simulator", CAPABILITIES, SimulatorSettings.PROPERTIES);

    private final Supplier<SimulatedNetwork> networks;
    private final Function<String, Scheduler> schedulers;
    private final Consumer<SimulatorCarrier> onOpen;

    /** For the service loader: each account has a network of its own. */
    public SimulatorCarrierProvider() {
        this(SimulatedNetwork::new, Schedulers::newSingle, carrier -> {});
    }

    /** For tests: with a network they hold in their hands, and perhaps a clock they turn. */
    SimulatorCarrierProvider(
            Supplier<SimulatedNetwork> networks,
            Function<String, Scheduler> schedulers,
            Consumer<SimulatorCarrier> onOpen) {
        this.networks = networks;
        this.schedulers = schedulers;
        this.onOpen = onOpen;
    }

    @Override
    public CarrierDescriptor descriptor() {
        return DESCRIPTOR;
    }

    @Override
    public Mono<Carrier> open(CarrierConfiguration configuration, CarrierContext context) {
        return Mono.fromSupplier(() -> {
            SimulatorSettings settings = SimulatorSettings.from(configuration);
            Scheduler scheduler = schedulers.apply("simulator-" + context.accountName());
            SimulatorCarrier carrier = new SimulatorCarrier(settings, context, networks.get(), scheduler);
            onOpen.accept(carrier);
            return carrier;
        });
    }
}
