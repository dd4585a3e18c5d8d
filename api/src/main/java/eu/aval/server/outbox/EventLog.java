// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.outbox;

import eu.aval.server.shared.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/**
 * Events in their order: whoever has seen one has seen every one with a smaller id. All in the transaction of
 * {@code client}.
 */
public interface EventLog {

    /**
     * One event.
     *
     * @param data a JSON object
     */
    record Event(UUID id, String type, Instant at, String data) {}

    /**
     * Events that became visible.
     *
     * @param after the first of them has a greater id
     * @param last the last of them
     */
    record Moved(int events, UUID after, UUID last) {}

    /**
     * Since when a tenant's events are written down.
     *
     * @param now the database's clock
     */
    record Listening(Instant since, Instant now) {}

    /**
     * Moves up to {@code atMost} events from the outbox to the log; empty when there are none, or while another node does
     * it. What happened before something else that it caused comes before it.
     */
    Mono<Moved> move(DatabaseClient client, int atMost);

    /**
     * Up to {@code limit} events of a tenant, oldest first, after {@code after}.
     *
     * @param excluded fields of {@code data} to leave out
     */
    Mono<List<Event>> page(DatabaseClient client, TenantId tenant, UUID after, Collection<String> excluded, int limit);

    /** Whether an event is there. */
    Mono<Boolean> has(DatabaseClient client, TenantId tenant, UUID event);

    /** Id of the newest event of anybody; ids that come later are greater. */
    Mono<UUID> newest(DatabaseClient client);

    /** Id of the newest event of a tenant, or of none. */
    Mono<UUID> newest(DatabaseClient client, TenantId tenant);

    /** The newest event of each tenant that has one after {@code after}. */
    Mono<Map<TenantId, UUID>> newest(DatabaseClient client, UUID after);

    /** Writes the events of a tenant down, for at least this long; null is until further notice. */
    Mono<Listening> listen(DatabaseClient client, TenantId tenant, @Nullable Duration atLeast);

    /** Takes "until further notice" back: no longer than this from now on. */
    Mono<Void> cease(DatabaseClient client, TenantId tenant, Duration after);
}
