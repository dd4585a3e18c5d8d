// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.delivery;

import eu.aval.server.delivery.store.ParkedReceiptTable;
import eu.aval.server.delivery.store.ReceiptBundleTable;
import eu.aval.server.delivery.store.ReceiptRows.Bundle;
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
import eu.aval.server.shared.GroupCommit.Outcome;
import eu.aval.server.shared.GroupCommit.Remedy;
import eu.aval.server.shared.TenantId;
import eu.aval.server.shared.TimeOrderedId;
import eu.aval.server.tenant.KeyedDatabase;
import eu.aval.server.tenant.PlatformDatabase;
import eu.aval.server.tenant.StaleKeys;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Keeps receipts and applies them. What comes together is kept in one row, and that is when the carrier is answered;
 * applying follows from memory, many in one transaction, which takes the row away. What a node leaves behind any other
 * applies: twice is harmless, since a receipt has its id from the beginning.
 *
 * <p>One whose message is not known is parked; whoever writes the id of its message looks there afterwards, and whoever
 * has parked it looks for the message afterwards: one of the two sees the other.
 */
final class Receipts implements SubmittedListener {

    private static final Logger LOG = LoggerFactory.getLogger(Receipts.class);

    /**
     * At once, and one at a time: a carrier with few receipts open sends the next ones when it is answered, and what
     * arrives meanwhile is kept together.
     */
    private static final Limits KEEPING = new Limits(1, 1, 1, 400, 50_000, Duration.ofSeconds(10));

    /** A transaction has a price of its own, and nobody waits for this one. */
    private static final Limits APPLYING =
            new Limits(1, 1, 1, 500, 100_000, Duration.ofMinutes(1), Duration.ofMillis(40));

    /** Receipts that are kept and not applied; beyond, a carrier is only answered when its receipt is applied. */
    private static final int LARGEST_ARREARS = 5_000;

    /** What is older was left behind: by a node that is gone, or by this one in an outage of the database. */
    private static final Duration LEFT = Duration.ofSeconds(10);

    /** What nobody could apply in this time nobody will. */
    private static final Duration LONGEST = Duration.ofDays(3);

    private static final UUID BEFORE_ALL = new UUID(0, 0);
    private static final int PAGE = 200;
    private static final Duration RECENT = Duration.ofMinutes(2);

    /** What came together. */
    private static final class Together {
        final UUID id;
        final List<Received> receipts;
        /** Whether its row is gone. */
        volatile boolean gone;

        Together(UUID id, List<Received> receipts) {
            this.id = id;
            this.receipts = receipts;
        }
    }

    private record One(Together together, Received received) {}

    private final PlatformDatabase database;
    private final KeyedDatabase keyed;
    private final ReceiptTable table;
    private final ReceiptBundleTable bundles;
    private final ParkedReceiptTable parkedTable;
    private final Keys keys;
    private final PendingIds pendingIds;
    private final ReceiptMetrics metrics;
    private final Clock clock;
    /** Tells when what it kept is applied. */
    private final GroupCommit<Boolean, Received, Mono<Void>> keeping;

    private final GroupCommit<Boolean, One, Boolean> applying;

    /** What is being applied, by bundle. */
    private final ConcurrentMap<UUID, Mono<Void>> held = new ConcurrentHashMap<>();

    private final AtomicInteger arrears = new AtomicInteger();
    /** Bundles that this node cannot apply. */
    private final Set<UUID> stuck = ConcurrentHashMap.newKeySet();

    /** Whether anything may be parked: nearly always nothing is, and then nobody needs to look. */
    private volatile boolean anyParked = true;

    Receipts(
            PlatformDatabase database,
            KeyedDatabase keyed,
            ReceiptTable table,
            ReceiptBundleTable bundles,
            ParkedReceiptTable parkedTable,
            Keys keys,
            PendingIds pendingIds,
            ReceiptMetrics metrics,
            Clock clock) {
        this.database = database;
        this.keyed = keyed;
        this.table = table;
        this.bundles = bundles;
        this.parkedTable = parkedTable;
        this.keys = keys;
        this.pendingIds = pendingIds;
        this.metrics = metrics;
        this.clock = clock;
        this.keeping = new GroupCommit<>(
                (lane, group) -> keep(group),
                error -> error instanceof StaleKeys ? Remedy.RETRY : Remedy.FAIL,
                KEEPING,
                (items, waited, took, succeeded) -> {});
        this.applying = new GroupCommit<>(
                (lane, group) -> commit(group), Receipts::remedy, APPLYING, (items, waited, took, succeeded) -> {});
    }

    /** Completes when it is durable: it will be applied or parked, by this node or another. */
    Mono<Void> accept(Received received) {
        return received.isStorable()
                ? keeping.submit(Boolean.TRUE, received)
                        .flatMap(applied -> arrears.get() < LARGEST_ARREARS ? Mono.empty() : applied)
                : Mono.error(new IllegalArgumentException("No id or code of a carrier looks like this"));
    }

    /** Completes when what was accepted before is applied, parked, or left to others. */
    Mono<Void> applied() {
        return Mono.defer(() -> Mono.when(List.copyOf(held.values())));
    }

    Mono<Void> close() {
        return keeping.close().then(applying.close()).then(applied());
    }

    private Mono<List<Mono<Void>>> keep(List<Received> group) {
        return keys.of(TenantId.PLATFORM)
                .flatMap(platform -> {
                    Bundle bundle = SealedReceipts.seal(group, platform);
                    return database.atOnce(client -> bundles.keep(client, platform, bundle))
                            .thenReturn(bundle.id());
                })
                .onErrorResume(StaleKeys.class, this::refreshed)
                .map(id -> Collections.nCopies(group.size(), apply(new Together(id, group))));
    }

    /** Starts by itself; what fails is left where it is. */
    private Mono<Void> apply(Together together) {
        List<One> ones = together.receipts.stream()
                .map(received -> new One(together, received))
                .toList();
        Mono<Void> applied = Flux.fromIterable(together.receipts)
                .concatMap(received -> pendingIds.settled(
                        received.accountId(), received.delivery().carrierMessageIds()))
                .then(Mono.defer(() -> applying.submitAll(Boolean.TRUE, ones)))
                .flatMap(outcomes -> end(together, outcomes))
                .onErrorResume(error -> {
                    LOG.warn("{} receipts are applied later: {}", ones.size(), error.toString());
                    return Mono.empty();
                })
                .doFinally(signal -> {
                    held.remove(together.id);
                    arrears.addAndGet(-ones.size());
                })
                .cache();
        held.put(together.id, applied);
        arrears.addAndGet(ones.size());
        applied.subscribe();
        return applied;
    }

    private Mono<Void> end(Together together, List<Outcome<Boolean>> outcomes) {
        if (together.gone) {
            return Mono.empty();
        }
        List<Throwable> failures = outcomes.stream()
                .filter(Outcome.Failed.class::isInstance)
                .map(outcome -> ((Outcome.Failed<Boolean>) outcome).error())
                .toList();
        if (failures.isEmpty()) {
            return database.in(client -> bundles.delete(client, List.of(together.id)));
        }
        Throwable failure = failures.getFirst();
        if (failures.stream().anyMatch(ReceiptTable::isFaultOfData)) {
            stuck.add(together.id);
            LOG.error(
                    "{} receipts of bundle {} cannot be applied: {}",
                    failures.size(),
                    together.id,
                    failure.getClass().getSimpleName());
            return Mono.empty();
        }
        return Mono.error(failure);
    }

    private static Remedy remedy(Throwable error) {
        if (ReceiptTable.isConflict(error) || error instanceof StaleKeys) {
            return Remedy.RETRY;
        }
        return ReceiptTable.isFaultOfData(error) ? Remedy.SPLIT : Remedy.FAIL;
    }

    private Mono<List<Boolean>> commit(List<One> ones) {
        List<Received> group = ones.stream().map(One::received).toList();
        List<Together> whole = whole(ones);
        return database.in(client -> apply(client, group)
                        .flatMap(unknown -> park(client, unknown))
                        .delayUntil(parked -> bundles.delete(
                                client, whole.stream().map(each -> each.id).toList())))
                .onErrorResume(StaleKeys.class, this::refreshed)
                .doOnNext(parked -> {
                    whole.forEach(each -> each.gone = true);
                    if (!parked.isEmpty()) {
                        anyParked = true;
                        lookAgain(parked.stream()
                                .flatMap(received -> received.waitsFor().stream())
                                .toList());
                    }
                })
                .thenReturn(ones.stream().map(each -> Boolean.TRUE).toList());
    }

    /** What is in these receipts with all that came together; of a group that was split it may be less. */
    private static List<Together> whole(List<One> ones) {
        Map<Together, Integer> counts = new HashMap<>();
        ones.forEach(one -> counts.merge(one.together(), 1, Integer::sum));
        return counts.entrySet().stream()
                .filter(entry -> entry.getValue() == entry.getKey().receipts.size())
                .map(Map.Entry::getKey)
                .toList();
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

    /** Applies what nodes have left behind. */
    Mono<Void> applyLeft() {
        return Mono.defer(() ->
                applyLeft(BEFORE_ALL, TimeOrderedId.atLeast(clock.instant().minus(LEFT))));
    }

    private Mono<Void> applyLeft(UUID after, UUID before) {
        return database.atOnce(client -> bundles.left(client, after, before, PAGE))
                .flatMap(page -> {
                    List<Bundle> left = page.stream()
                            .filter(bundle -> !held.containsKey(bundle.id()) && !stuck.contains(bundle.id()))
                            .toList();
                    return Flux.fromIterable(left)
                            .concatMap(this::open)
                            .collectList()
                            .flatMap(opened ->
                                    Mono.when(opened.stream().map(this::apply).toList()))
                            .then(Mono.defer(() -> page.size() < PAGE
                                    ? Mono.empty()
                                    : applyLeft(page.getLast().id(), before)));
                });
    }

    /** Another node may have sealed it a moment ago under a key that this one does not know yet. */
    private Mono<Together> open(Bundle bundle) {
        return keys.of(TenantId.PLATFORM)
                .map(platform -> SealedReceipts.open(bundle, platform))
                .onErrorResume(
                        SealBroken.class,
                        broken ->
                                keys.refresh(TenantId.PLATFORM).map(platform -> SealedReceipts.open(bundle, platform)))
                .map(receipts -> new Together(bundle.id(), receipts))
                .onErrorResume(SealBroken.class, broken -> {
                    stuck.add(bundle.id());
                    LOG.error("Bundle {} of receipts does not open", bundle.id());
                    return Mono.empty();
                });
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
                .then(database.in(client -> bundles.deleteBefore(
                        client, TimeOrderedId.atLeast(clock.instant().minus(LONGEST)))))
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
