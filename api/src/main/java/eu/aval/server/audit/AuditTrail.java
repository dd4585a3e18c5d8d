// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.audit;

import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/** The append-only trail: nobody may change or delete what it holds, the roles of the database see to that. */
public interface AuditTrail {

    /**
     * Appends within the transaction that {@code client} runs in, so that there is no change without its event and no
     * event without its change.
     */
    Mono<Void> append(DatabaseClient client, AuditEvent event);
}
