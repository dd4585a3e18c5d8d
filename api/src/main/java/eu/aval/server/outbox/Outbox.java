// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.outbox;

import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/**
 * Where a feature writes what it changed, in the transaction of the change: there is no event without its change and no
 * change without its event. For a tenant to whom nobody listens nothing is written.
 *
 * <p>A statement that changes many rows adds {@link #INSERT} as a part of its own, and costs no further round trip.
 */
public interface Outbox {

    /** Followed by a {@code select} of these columns, restricted by {@link #isListenedTo}. */
    String INSERT = "insert into aval.outbox (tenant_id, subject_id, type, at, data) ";

    /**
     * A condition of SQL: somebody listens to this tenant.
     *
     * @param tenantId an expression of SQL; if it is a parameter, the question is asked once for the whole statement
     */
    static String isListenedTo(String tenantId) {
        return "exists (select from aval.listening l where l.tenant_id = " + tenantId + " and l.until > now())";
    }

    /** Writes one event, in the transaction of {@code client}. */
    Mono<Void> append(DatabaseClient client, OutboxEvent event);
}
