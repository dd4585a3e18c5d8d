// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.delivery;

import eu.aval.server.delivery.store.ParkedReceiptTable;
import eu.aval.server.delivery.store.ReceiptRows.ParkedReceipt;
import eu.aval.server.encryption.Keys;
import eu.aval.server.encryption.SealBroken;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.message.dispatch.Settlement.Submitted;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.KeyedDatabase;
import eu.aval.server.tenant.PlatformDatabase;
import eu.aval.server.tenant.Trouble;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/**
 * Receipts whose message is not known yet. Whoever writes the id of a message looks here afterwards, and whoever has parked
 * a receipt looks for the message afterwards: one of the two sees the other.
 */
final class ParkedReceipts {

    private static final Logger LOG = LoggerFactory.getLogger(ParkedReceipts.class);
    private static final Trouble LOOKING = new Trouble(LOG, "Looking for what receipts wait for");

    private static final UUID BEFORE_ALL = new UUID(0, 0);
    private static final int PAGE = 200;
    private static final Duration RECENT = Duration.ofMinutes(2);

    private final PlatformDatabase database;
    private final KeyedDatabase keyed;
    private final ParkedReceiptTable table;
    private final AppliedReceipts appliedReceipts;
    private final Keys keys;
    private final ReceiptMetrics metrics;
    private final Clock clock;
    /** Whether anything may be parked: nearly always nothing is, and then nobody needs to look. */
    private volatile boolean anyParked = true;

    ParkedReceipts(
            PlatformDatabase database,
            KeyedDatabase keyed,
            ParkedReceiptTable table,
            AppliedReceipts appliedReceipts,
            Keys keys,
            ReceiptMetrics metrics,
            Clock clock) {
        this.database = database;
        this.keyed = keyed;
        this.table = table;
        this.appliedReceipts = appliedReceipts;
        this.keys = keys;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** In the transaction of {@code client}; {@link #lookAgain} follows once it is committed. */
    Mono<Void> park(DatabaseClient client, List<Received> unknown) {
        if (unknown.isEmpty()) {
            return Mono.empty();
        }
        return keys.of(TenantId.PLATFORM)
                .delayUntil(platform -> KeyedDatabase.hold(client, List.of(platform)))
                .flatMap(platform -> table.insert(
                        client,
                        unknown.stream()
                                .map(received -> SealedReceipts.seal(received, platform))
                                .toList()))
                .doOnSuccess(done -> metrics.parked(unknown.size()));
    }

    /** After these have been parked. */
    void lookAgain(List<Received> parked) {
        if (!parked.isEmpty()) {
            anyParked = true;
            lookFor(parked.stream()
                    .flatMap(received -> received.waitsFor().stream())
                    .toList());
        }
    }

    /** After the ids of these have been written. */
    void submitted(List<Submitted> messages) {
        if (!anyParked) {
            return;
        }
        List<String> ids = new ArrayList<>();
        messages.forEach(message -> {
            ids.addAll(message.carrierMessageIds());
            ids.add(Received.ours(message.attempt().messageId()));
        });
        lookFor(ids);
    }

    private void lookFor(Collection<String> ids) {
        LOOKING.watch(unpark(client -> table.waitingFor(client, ids)))
                .onErrorComplete()
                .subscribe();
    }

    /** Looks at what was parked lately. */
    Mono<Void> retryRecent() {
        return database.in(table::any)
                .doOnNext(any -> anyParked = any)
                .filter(any -> any)
                .flatMap(any -> retry(clock.instant().minus(RECENT), BEFORE_ALL));
    }

    /** Looks at everything that is parked, and gives up what has waited too long. */
    Mono<Void> retryAll() {
        return retry(Instant.EPOCH, BEFORE_ALL)
                .then(database.in(table::deleteExpired))
                .doOnNext(metrics::expired)
                .then();
    }

    private Mono<Void> retry(Instant since, UUID after) {
        return unpark(client -> table.since(client, since, after, PAGE))
                .flatMap(page -> page.size() < PAGE
                        ? Mono.empty()
                        : retry(since, page.getLast().id()));
    }

    private Mono<List<ParkedReceipt>> unpark(Function<DatabaseClient, Mono<List<ParkedReceipt>>> choice) {
        return keyed.acrossTenants(
                TenantId.PLATFORM,
                (client, platform) -> choice.apply(client).flatMap(page -> unpark(client, page, platform)));
    }

    private Mono<List<ParkedReceipt>> unpark(DatabaseClient client, List<ParkedReceipt> page, TenantKeys platform) {
        List<ParkedReceipt> rows = new ArrayList<>();
        List<Received> received = new ArrayList<>();
        for (ParkedReceipt row : page) {
            try {
                received.add(SealedReceipts.open(row, platform));
                rows.add(row);
            } catch (SealBroken e) {
                LOG.error("Parked receipt {} does not open", row.id());
            }
        }
        if (rows.isEmpty()) {
            return Mono.just(page);
        }
        return appliedReceipts
                .apply(client, received)
                .flatMap(unknown -> {
                    Set<Received> still = new HashSet<>(unknown);
                    List<UUID> done = IntStream.range(0, rows.size())
                            .filter(i -> !still.contains(received.get(i)))
                            .mapToObj(i -> rows.get(i).id())
                            .toList();
                    return table.delete(client, done);
                })
                .thenReturn(page);
    }
}
