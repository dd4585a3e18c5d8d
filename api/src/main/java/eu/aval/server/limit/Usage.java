// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.limit;

import eu.aval.server.shared.Money;
import eu.aval.server.shared.TenantId;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/** What was accepted, counted in the transaction that accepts it. */
public interface Usage {

    /**
     * What is used up of what is limited. Empty numbers for what is not limited.
     *
     * @param blocks of the one-time codes that are asked for
     */
    Mono<Used> read(DatabaseClient client, TenantId tenant, TrafficRules rules, Set<String> blocks, Instant now);

    /**
     * Counts messages that were admitted and written.
     *
     * @return an error {@link LimitPassed} when somebody else was faster with what was left: then everything is done
     *     again, from reading
     */
    Mono<Void> add(DatabaseClient client, TenantId tenant, TrafficRules rules, List<Asked> accepted, Instant now);

    /** What the API keys of a tenant sent on each of the last days, newest day first. */
    Mono<List<OfDay>> ofDays(TenantId tenant, int days);

    /**
     * What one API key sent on one day (UTC).
     *
     * @param price expected; null for messages of which no price is known
     */
    record OfDay(
            LocalDate day,
            UUID apiKeyId,
            long messages,
            long parts,
            @Nullable Money price) {}
}
