// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.encryption;

import eu.aval.server.shared.TenantId;
import reactor.core.publisher.Mono;

/** Where the keys of tenants come from. */
public interface Keys {

    /** The newest known keys; from memory in nearly all cases. {@link TenantId#PLATFORM} has keys too. */
    Mono<TenantKeys> of(TenantId tenant);

    /** Reads them again: after a version in the database turned out newer. */
    Mono<TenantKeys> refresh(TenantId tenant);
}
