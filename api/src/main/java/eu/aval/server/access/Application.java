// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import eu.aval.server.shared.TenantId;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Mono;

/**
 * A partner application, as its verified API key tells: what it may do, for which tenant.
 *
 * @param purposes keys it may send for; null is all of the tenant
 * @param senders senders it may use; null is all of the tenant
 */
public record Application(
        UUID keyId,
        TenantId tenant,
        Kind kind,
        Set<Scope> scopes,
        @Nullable Set<String> purposes,
        @Nullable Set<String> senders,
        int requestsPerSecond) {

    static final String ATTRIBUTE = Application.class.getName();
    static final String ENDED = ATTRIBUTE + ".ended";

    /** The caller of a request below {@code /v1}. */
    public static Application of(ServerRequest request) {
        return (Application) request.attribute(ATTRIBUTE)
                .orElseThrow(() -> new IllegalStateException("A request that did not come through RestRoutes"));
    }

    /** Completes when the key has ended: what goes on for long ends with it. */
    @SuppressWarnings("unchecked")
    public static Mono<Void> ended(ServerRequest request) {
        return (Mono<Void>) request.attribute(ENDED)
                .orElseThrow(() -> new IllegalStateException("A request that did not come through RestRoutes"));
    }

    /** How far a key reaches. */
    public enum Kind {
        /** Only the simulator. */
        TEST,
        /** Only recipients on the key's list. */
        TEAM,
        LIVE
    }

    /** What a key may do; written in the API as {@code messages:send}. */
    public enum Scope {
        MESSAGES_SEND("messages:send"),
        MESSAGES_READ("messages:read"),
        CONSENTS_WRITE("consents:write"),
        OPT_OUTS_WRITE("opt-outs:write"),
        INBOUND_READ("inbound:read"),
        WEBHOOKS_MANAGE("webhooks:manage"),
        EVENTS_READ("events:read");

        private final String value;

        Scope(String value) {
            this.value = value;
        }

        public String value() {
            return value;
        }
    }
}
