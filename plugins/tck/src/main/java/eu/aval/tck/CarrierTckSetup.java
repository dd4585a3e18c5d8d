// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.tck;

import eu.aval.spi.CarrierProvider;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the author of a carrier gives to the kit. JUnit makes an instance for each test, so fields are fresh in each. */
@ExtendWith(CarrierTrialExtension.class)
public interface CarrierTckSetup {

    /** The provider under test. */
    CarrierProvider provider();

    /** A far side, running; called once for each test that needs one, and closed after it. */
    CarrierFixture fixture();

    /** Whether the carrier, or the far side, does this. Say no to what it does not. */
    default boolean has(CarrierBehavior behavior) {
        return true;
    }
}
