// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.spi;

import eu.aval.spi.config.CarrierConfiguration;
import reactor.core.publisher.Mono;

/**
 * The entry of a plugin: one per jar, named in {@code META-INF/services/eu.aval.spi.CarrierProvider}, with a public
 * constructor without arguments. Stateless. It may be called from several threads.
 */
public interface CarrierProvider {

    /** Who this is, what it can do, and the settings of an account. Constant; called often; must not do I/O. */
    CarrierDescriptor descriptor();

    /**
     * Opens one configured account. Called once for each account when it is enabled, and again after its settings
     * change. Must do nothing before subscription, must not block, and must not wait for the carrier: connect in the
     * background, and tell by {@link Carrier#health()} how that goes.
     *
     * <p>An {@link IllegalArgumentException} signals settings that cannot work, with a message that names the setting;
     * any other error is a bug of the plugin. Either way the account stays closed and other accounts are not touched.
     */
    Mono<Carrier> open(CarrierConfiguration configuration, CarrierContext context);
}
