// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.webhook.delivery;

import eu.aval.server.outbox.EventLog;
import eu.aval.server.tenant.PlatformDatabase;
import eu.aval.server.webhook.store.DeliveryRows;
import reactor.core.publisher.Mono;

/** Moves events from the outbox to the log and, in the same transaction, notes who is to be told of them. */
final class Relay {

    /** Less than this at once is all there was. */
    static final int BATCH = 1_000;

    private final PlatformDatabase database;
    private final EventLog log;
    private final DeliveryRows rows;

    Relay(PlatformDatabase database, EventLog log, DeliveryRows rows) {
        this.database = database;
        this.log = log;
        this.rows = rows;
    }

    /** How many events became visible; none while another node does it. */
    Mono<Integer> move() {
        return database.in(client -> rows.isAnythingWritten(client)
                .filter(written -> written)
                .flatMap(written -> log.move(client, BATCH))
                .flatMap(moved ->
                        rows.fanOut(client, moved.after(), moved.last()).thenReturn(moved.events()))
                .defaultIfEmpty(0));
    }
}
