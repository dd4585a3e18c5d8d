// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.consent;

import eu.aval.server.audit.Actor;
import eu.aval.server.shared.TenantId;
import eu.aval.spi.submit.MessageClass;
import java.util.Map;
import reactor.core.publisher.Mono;

/** The purposes each tenant has declared. */
public interface Purposes {

    /** By key, retired ones included. From memory in nearly all cases; a change elsewhere shows within two seconds. */
    Mono<Map<String, Purpose>> of(TenantId tenant);

    /**
     * @return an error {@link eu.aval.server.shared.Problem} INVALID_REQUEST or CONFLICT
     */
    Mono<Purpose> declare(TenantId tenant, Declaration declaration, Actor actor);

    /** Ends a purpose; messages still queued for it are refused. Idempotent. NOT_FOUND if there is none. */
    Mono<Purpose> retire(TenantId tenant, String key, Actor actor);

    /** A purpose to be. */
    record Declaration(
            String key,
            MessageClass messageClass,
            LegalBasis legalBasis,
            RetentionClass retentionClass,
            Sector sector,
            boolean directedAtMinors) {

        /** About nothing in particular, and for nobody in particular. */
        public Declaration(
                String key, MessageClass messageClass, LegalBasis legalBasis, RetentionClass retentionClass) {
            this(key, messageClass, legalBasis, retentionClass, Sector.GENERAL, false);
        }
    }
}
