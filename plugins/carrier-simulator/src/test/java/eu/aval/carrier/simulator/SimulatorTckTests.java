// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.simulator;

import eu.aval.spi.CarrierProvider;
import eu.aval.tck.CarrierBehavior;
import eu.aval.tck.CarrierFixture;
import eu.aval.tck.CarrierTck;
import reactor.core.scheduler.Schedulers;

/** The kit, with an account that can be asked about an uncertain submit and recognises a repeated key. */
final class SimulatorTckTests implements CarrierTck {

    private final SimulatorFixture fixture = new SimulatorFixture();

    @Override
    public CarrierProvider provider() {
        return new SimulatorCarrierProvider(fixture::network, name -> Schedulers.newSingle(name), fixture::opened);
    }

    @Override
    public CarrierFixture fixture() {
        return fixture;
    }

    @Override
    public boolean has(CarrierBehavior behavior) {
        return behavior != CarrierBehavior.SESSION;
    }
}
