// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.audit;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/**
 * Who looked at whose data, and why. Append-only, as the {@link AuditTrail} is for changes: the roles of the database may only
 * add to it, and a trigger holds its owner too.
 */
public interface AccessJournal {

    /** Appends within the transaction of the look: nothing is shown if it cannot be written. */
    Mono<Void> append(DatabaseClient client, AccessEntry entry);

    /** At most {@code limit}, newest first, older than {@code after}. */
    Mono<List<AccessEntry>> search(AccessFilter filter, int limit, @Nullable UUID after);
}
