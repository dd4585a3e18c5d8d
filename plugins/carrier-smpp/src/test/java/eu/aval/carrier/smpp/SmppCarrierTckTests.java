// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.smpp;

import eu.aval.spi.CarrierProvider;
import eu.aval.tck.CarrierBehavior;
import eu.aval.tck.CarrierFixture;
import eu.aval.tck.CarrierTck;

final class SmppCarrierTckTests implements CarrierTck {

    @Override
    public CarrierProvider provider() {
        return new SmppCarrierProvider();
    }

    @Override
    public CarrierFixture fixture() {
        return new SmppFixture();
    }

    @Override
    public boolean has(CarrierBehavior behavior) {
        return behavior != CarrierBehavior.DEDUPLICATION && behavior != CarrierBehavior.RECONCILE;
    }
}
