// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.delivery;

import eu.aval.server.delivery.store.ParkedReceiptTable;
import eu.aval.server.delivery.store.ReceiptRows.KnownMessage;
import eu.aval.server.delivery.store.ReceiptRows.ParkedReceipt;
import eu.aval.server.delivery.store.ReceiptRows.Sought;
import eu.aval.server.delivery.store.ReceiptTable;
import eu.aval.server.encryption.Keys;
import eu.aval.server.encryption.SealBroken;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.message.dispatch.PendingIds;
import eu.aval.server.message.dispatch.Settlement.Submitted;
import eu.aval.server.message.dispatch.SubmittedListener;
import eu.aval.server.shared.GroupCommit;
import eu.aval.server.shared.GroupCommit.Limits;
import eu.aval.server.shared.GroupCommit.Remedy;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.KeyedDatabase;
import eu.aval.server.tenant.PlatformDatabase;
import eu.aval.server.tenant.StaleKeys;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Applies receipts, many in one transaction. One whose message is not known is parked, durably; whoever writes the id of
 * its message looks there afterwards, and whoever has parked it looks for the message afterwards: one of the two sees the
 * other.
 */
final class Receipts implements SubmittedListener {

    private static final Logger LOG = LoggerFactory.getLogger(Receipts.class);

    /**
     * Two at a time, for a carrier that waits for our answer before it tells more: while one batch is written the next
     * one need not wait. Of two with parts of the same message one is written again.
     */
    private static final Limits LIMITS = new Limits(2, 2, 1, 400, 50_000, Duration.ofSeconds(10));

    private static final UUID BEFORE_ALL = new UUID(0, 0);
    private static final int PAGE = 200;
    private static final Duration RECENT = Duration.ofMinutes(2);

    private final PlatformDatabase database;
    private final KeyedDatabase keyed;
    private final ReceiptTable table;
    private final ParkedReceiptTable parkedTable;
    private final Keys keys;
    private final PendingIds pendingIds;
    private final ReceiptMetrics metrics;
    private final Clock clock;
    private final GroupCommit<Boolean, Received, Boolean> groups;

    /** Whether anything may be parked: nearly always nothing is, and then nobody needs to look. */
    private volatile boolean anyParked = true;

    Receipts(
            PlatformDatabase database,
            KeyedDatabase keyed,
            ReceiptTable table,
            ParkedReceiptTable parkedTable,
            Keys keys,
            PendingIds pendingIds,
            ReceiptMetrics metrics,
            Clock clock) {
        this.database = database;
        this.keyed = keyed;
        this.table = table;
        this.parkedTable = parkedTable;
        this.keys = keys;
        this.pendingIds = pendingIds;
        this.metrics = metrics;
        this.clock = clock;
        this.groups = new GroupCommit<>(
                (lane, group) -> commit(group), Receipts::remedy, LIMITS, (items, waited, took, succeeded) -> {});
    }

    /** Completes when it is applied or parked. */
    Mono<Void> accept(Received received) {
        return pendingIds
                .settled(received.accountId(), received.delivery().carrierMessageIds())
                .then(groups.submit(Boolean.TRUE, received))
                .then();
    }

    Mono<Void> close() {
        return groups.close();
    }

    private static Remedy remedy(Throwable error) {
        if (ReceiptTable.isConflict(error) || error instanceof StaleKeys) {
            return Remedy.RETRY;
        }
        return ReceiptTable.isFaultOfData(error) ? Remedy.SPLIT : Remedy.FAIL;
    }

    private Mono<List<Boolean>> commit(List<Received> group) {
        return database.in(client -> apply(client, group).flatMap(unknown -> park(client, unknown)))
                .onErrorResume(StaleKeys.class, this::refreshed)
                .doOnNext(parked -> {
                    if (!parked.isEmpty()) {
                        anyParked = true;
                        lookAgain(parked.stream()
                                .flatMap(received -> received.waitsFor().stream())
                                .toList());
                    }
                })
                .thenReturn(group.stream().map(each -> Boolean.TRUE).toList());
    }

    private <T> Mono<T> refreshed(StaleKeys stale) {
        return Flux.fromIterable(stale.tenants()).concatMap(keys::refresh).then(Mono.error(stale));
    }

    /** Emits those whose message is not known. */
    private Mono<List<Received>> apply(DatabaseClient client, List<Received> group) {
        List<Sought> sought = IntStream.range(0, group.size())
                .mapToObj(i -> new Sought(
                        i,
                        group.get(i).accountId(),
                        group.get(i).delivery().carrierMessageIds(),
                        group.get(i).delivery().messageId()))
                .toList();
        return table.read(client, sought).flatMap(messages -> {
            Set<Integer> known = new HashSet<>();
            messages.forEach(message -> known.addAll(message.receipts()));
            List<Received> unknown = IntStream.range(0, group.size())
                    .filter(i -> !known.contains(i))
                    .mapToObj(group::get)
                    .toList();
            return messages.isEmpty()
                    ? Mono.just(unknown)
                    : keysOf(messages)
                            .doOnNext(own -> requireCurrent(messages, own))
                            .flatMap(own -> write(client, messages, group, own))
                            .thenReturn(unknown);
        });
    }

    /** A subject's key that was read just now may be wrapped under a key that is newer than those at hand. */
    private static void requireCurrent(List<KnownMessage> messages, Map<TenantId, TenantKeys> own) {
        Set<TenantId> stale = new HashSet<>();
        for (KnownMessage message : messages) {
            TenantId tenant = new TenantId(message.tenant());
            if (Objects.requireNonNull(own.get(tenant)).aeadVersion() != message.keysetVersion()) {
                stale.add(tenant);
            }
        }
        if (!stale.isEmpty()) {
            throw new StaleKeys(stale);
        }
    }

    private Mono<Void> write(
            DatabaseClient client, List<KnownMessage> messages, List<Received> group, Map<TenantId, TenantKeys> own) {
        ReceiptBatch batch = new ReceiptBatch();
        for (KnownMessage message : messages) {
            batch.add(
                    message,
                    message.receipts().stream().map(group::get).toList(),
                    Objects.requireNonNull(own.get(new TenantId(message.tenant()))));
        }
        return table.write(client, batch.parts, batch.newParts, batch.messages, batch.receipts)
                .doOnSuccess(done -> metrics.applied(batch));
    }

    private Mono<Map<TenantId, TenantKeys>> keysOf(List<KnownMessage> messages) {
        return Flux.fromStream(messages.stream().map(KnownMessage::tenant).distinct())
                .concatMap(tenant -> keys.of(new TenantId(tenant)))
                .collect(HashMap::new, (all, one) -> all.put(one.tenant(), one));
    }

    private Mono<List<Received>> park(DatabaseClient client, List<Received> unknown) {
        if (unknown.isEmpty()) {
            return Mono.just(unknown);
        }
        return keys.of(TenantId.PLATFORM)
                .delayUntil(platform -> KeyedDatabase.hold(client, List.of(platform)))
                .flatMap(platform -> parkedTable.insert(
                        client,
                        unknown.stream()
                                .map(received -> SealedReceipts.seal(received, platform))
                                .toList()))
                .doOnSuccess(done -> metrics.parked(unknown.size()))
                .thenReturn(unknown);
    }

    @Override
    public void submitted(List<Submitted> messages) {
        if (!anyParked) {
            return;
        }
        List<String> ids = new ArrayList<>();
        messages.forEach(message -> {
            ids.addAll(message.carrierMessageIds());
            ids.add(Received.ours(message.attempt().messageId()));
        });
        lookAgain(ids);
    }

    private void lookAgain(Collection<String> ids) {
        unpark(client -> parkedTable.waitingFor(client, ids))
                .subscribe(
                        found -> {},
                        error -> LOG.warn("Parked receipts are looked at again later: {}", error.toString()));
    }

    /** Looks at what was parked lately; whether it was a full look. */
    Mono<Void> retryRecent() {
        return database.in(parkedTable::any)
                .doOnNext(any -> anyParked = any)
                .filter(any -> any)
                .flatMap(any -> retry(clock.instant().minus(RECENT), BEFORE_ALL));
    }

    /** Looks at everything that is parked, and gives up what has waited too long. */
    Mono<Void> retryAll() {
        return retry(Instant.EPOCH, BEFORE_ALL)
                .then(database.in(parkedTable::deleteExpired))
                .doOnNext(metrics::expired)
                .then();
    }

    private Mono<Void> retry(Instant since, UUID after) {
        return unpark(client -> parkedTable.since(client, since, after, PAGE))
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
        return apply(client, received)
                .flatMap(unknown -> {
                    Set<Received> still = new HashSet<>(unknown);
                    List<UUID> done = IntStream.range(0, rows.size())
                            .filter(i -> !still.contains(received.get(i)))
                            .mapToObj(i -> rows.get(i).id())
                            .toList();
                    return parkedTable.delete(client, done);
                })
                .thenReturn(page);
    }
}
