// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.delivery;

import eu.aval.server.delivery.store.ParkedReceiptTable;
import eu.aval.server.delivery.store.ReceiptBundleTable;
import eu.aval.server.delivery.store.ReceiptRows.Bundle;
import eu.aval.server.delivery.store.ReceiptTable;
import eu.aval.server.encryption.Keys;
import eu.aval.server.encryption.SealBroken;
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
import eu.aval.server.tenant.Trouble;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Keeps receipts until they are applied. What comes together is kept in one row, and that is when the carrier is answered;
 * applying follows from memory, many in one transaction, which takes the row away. What a node leaves behind any other
 * applies: twice is harmless, since a receipt has its id from the beginning. One whose message is not known goes to the
 * {@linkplain ParkedReceipts parked}.
 */
final class Receipts implements SubmittedListener {

    private static final Logger LOG = LoggerFactory.getLogger(Receipts.class);
    private static final Trouble AFTERWARDS = new Trouble(LOG, "Applying receipts");

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
    private final AppliedReceipts appliedReceipts;
    private final ParkedReceipts parked;
    private final ReceiptBundleTable bundles;
    private final Keys keys;
    private final PendingIds pendingIds;
    private final Clock clock;
    /** Tells when what it kept is applied. */
    private final GroupCommit<Boolean, Received, Mono<Void>> keeping;

    private final GroupCommit<Boolean, One, Boolean> applying;

    /** What is being applied, by bundle. */
    private final ConcurrentMap<UUID, Mono<Void>> held = new ConcurrentHashMap<>();

    private final AtomicInteger arrears = new AtomicInteger();
    /** Bundles that this node cannot apply. */
    private final Set<UUID> stuck = ConcurrentHashMap.newKeySet();

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
        this.appliedReceipts = new AppliedReceipts(table, keys, metrics);
        this.parked = new ParkedReceipts(database, keyed, parkedTable, appliedReceipts, keys, metrics, clock);
        this.bundles = bundles;
        this.keys = keys;
        this.pendingIds = pendingIds;
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
                // any node applies them later
                .transform(AFTERWARDS::watch)
                .onErrorComplete()
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
        return database.in(client -> appliedReceipts
                        .apply(client, group)
                        .delayUntil(unknown -> parked.park(client, unknown))
                        .delayUntil(unknown -> bundles.delete(
                                client, whole.stream().map(each -> each.id).toList())))
                .onErrorResume(StaleKeys.class, this::refreshed)
                .doOnNext(unknown -> {
                    whole.forEach(each -> each.gone = true);
                    parked.lookAgain(unknown);
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

    @Override
    public void submitted(List<Submitted> messages) {
        parked.submitted(messages);
    }

    /** Looks at what was parked lately. */
    Mono<Void> retryRecent() {
        return parked.retryRecent();
    }

    /** Looks at everything that is parked, and gives up what has waited too long. */
    Mono<Void> retryAll() {
        return parked.retryAll()
                .then(database.in(client -> bundles.deleteBefore(
                        client, TimeOrderedId.atLeast(clock.instant().minus(LONGEST)))))
                .then();
    }
}
