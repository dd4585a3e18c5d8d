// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.consent;

import eu.aval.server.audit.Actor;
import eu.aval.server.shared.TenantId;
import java.util.Map;
import reactor.core.publisher.Mono;

/** The senders each tenant has declared. */
public interface Senders {

    /** By value, retired ones included. From memory in nearly all cases; a change elsewhere shows within two seconds. */
    Mono<Map<String, Sender>> of(TenantId tenant);

    /**
     * The kind follows from the value. A default takes the place of the one before it.
     *
     * @return an error {@link eu.aval.server.shared.Problem} INVALID_REQUEST or CONFLICT
     */
    Mono<Sender> declare(TenantId tenant, String value, boolean isDefault, Actor actor);

    /** Ends a sender; messages still queued from it are refused. Idempotent. NOT_FOUND if there is none. */
    Mono<Sender> retire(TenantId tenant, String value, Actor actor);
}
