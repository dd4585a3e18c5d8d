// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.consent;

import eu.aval.server.audit.Actor;
import eu.aval.server.shared.TenantId;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The senders each tenant has declared. */
public interface Senders {

    /**
     * A sender to be. Its kind follows from its value.
     *
     * @param isDefault takes the place of the default before it
     * @param stopRoute where a STOP goes that cannot go to the sender itself: a short code, or an https address
     */
    record Declaration(
            String value, boolean isDefault, @Nullable String stopRoute) {}

    /** By value, retired ones included. From memory in nearly all cases; a change elsewhere shows within two seconds. */
    Mono<Map<String, Sender>> of(TenantId tenant);

    /**
     * @return an error {@link eu.aval.server.shared.Problem} INVALID_REQUEST, SENDER_FORBIDDEN or CONFLICT
     */
    Mono<Sender> declare(TenantId tenant, Declaration declaration, Actor actor);

    /** One without a way of its own to stop its messages. */
    default Mono<Sender> declare(TenantId tenant, String value, boolean isDefault, Actor actor) {
        return declare(tenant, new Declaration(value, isDefault, null), actor);
    }

    /**
     * Says where a STOP goes from now on; null is to the sender itself, if it can be answered. What has been accepted keeps
     * the text it was accepted with. NOT_FOUND if there is no such sender, or INVALID_REQUEST.
     */
    Mono<Sender> routeStops(TenantId tenant, String value, @Nullable String stopRoute, Actor actor);

    /** Ends a sender; messages still queued from it are refused. Idempotent. NOT_FOUND if there is none. */
    Mono<Sender> retire(TenantId tenant, String value, Actor actor);
}
