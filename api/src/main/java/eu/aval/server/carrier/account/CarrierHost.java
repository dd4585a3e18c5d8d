// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.account;

import eu.aval.server.carrier.plugin.Approval;
import eu.aval.server.carrier.plugin.InstalledPlugins;
import eu.aval.server.carrier.store.AccountRow;
import eu.aval.server.carrier.store.AccountRows;
import eu.aval.server.carrier.store.ApprovalRows;
import eu.aval.server.carrier.store.SessionRows;
import eu.aval.server.shared.StartOrder;
import eu.aval.server.tenant.PlatformDatabase;
import eu.aval.server.tenant.Trouble;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Looks every few seconds at what is configured, allowed and lying there, and brings plugins and accounts of this node in
 * line with it. While the database is away everything goes on as it is, except sessions whose lease ends.
 */
final class CarrierHost implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(CarrierHost.class);

    /** A session ends for us so long before it is free for others: time to unbind. */
    private static final Duration LEASE_MARGIN = Duration.ofSeconds(6);

    private final CarrierSettings settings;
    private final PlatformDatabase database;
    private final ApprovalRows approvals;
    private final AccountRows accounts;
    private final SessionRows sessions;
    private final InstalledPlugins plugins;
    private final HostedAccounts hosted;
    private final UUID node;
    private final Mono<Void> look;
    private final Mono<Void> scanned;
    private volatile @Nullable Disposable running;

    CarrierHost(
            CarrierSettings settings,
            PlatformDatabase database,
            ApprovalRows approvals,
            AccountRows accounts,
            SessionRows sessions,
            InstalledPlugins plugins,
            HostedAccounts hosted,
            UUID node) {
        this.settings = settings;
        this.database = database;
        this.approvals = approvals;
        this.accounts = accounts;
        this.sessions = sessions;
        this.plugins = plugins;
        this.hosted = hosted;
        this.node = node;
        // Both scan, and two scans at once would load each plugin twice
        OneAtATime turns = new OneAtATime();
        this.look = turns.run(Mono.defer(this::lookNow));
        this.scanned = turns.run(Mono.defer(
                () -> plugins.known().isEmpty() ? database.in(approvals::all).flatMap(this::scan) : Mono.empty()));
    }

    private record Wanted(List<Approval> approvals, List<AccountRow> accounts, int liveNodes, Set<UUID> elsewhere) {}

    /** Brings everything in line now; completes when accounts are on their way. */
    Mono<Void> look() {
        return running == null ? scanned() : look;
    }

    /** Completes when the plugins of this node are known, which may be before accounts open. */
    Mono<Void> scanned() {
        return scanned;
    }

    private Mono<Void> lookNow() {
        return database.in(client -> approvals
                        .all(client)
                        .flatMap(allowed -> accounts.all(client)
                                .flatMap(rows -> accounts.liveNodes(client)
                                        .flatMap(nodes -> sessions.heldElsewhere(client, node)
                                                .map(elsewhere -> new Wanted(allowed, rows, nodes, elsewhere))))))
                .flatMap(wanted -> scan(wanted.approvals())
                        .then(Mono.defer(() -> hold(wanted.accounts())
                                .doOnNext(leases -> hosted.bringAbout(
                                        wanted.accounts(), wanted.liveNodes(), leases, wanted.elsewhere())))))
                .then();
    }

    private Mono<Void> scan(List<Approval> allowed) {
        Map<String, Approval> byDigest =
                allowed.stream().collect(Collectors.toMap(Approval::sha256, Function.identity()));
        return plugins.scan(byDigest);
    }

    private Mono<Map<UUID, Long>> hold(List<AccountRow> rows) {
        long ends = System.nanoTime() + settings.lease().minus(LEASE_MARGIN).toNanos();
        Map<UUID, Long> held = new HashMap<>();
        return Flux.fromIterable(rows)
                .filter(row -> row.maximumNodes() != null && row.enabled() && plugins.find(row.carrierId()) != null)
                .concatMap(row -> {
                    Integer slots = row.maximumNodes();
                    return database.in(client ->
                                    sessions.hold(client, row.id(), node, slots == null ? 1 : slots, settings.lease()))
                            .doOnNext(holds -> {
                                if (holds) {
                                    held.put(row.id(), ends);
                                }
                            });
                })
                .then(Mono.just(held));
    }

    @Override
    public void start() {
        // threads of the shared schedulers must not be born on a plugin's thread and inherit its class loader
        for (int i = 0; i < Schedulers.DEFAULT_POOL_SIZE; i++) {
            Schedulers.parallel().schedule(() -> {});
        }
        Disposable looking = new Trouble(log, "Looking at accounts and plugins")
                .on(Flux.interval(Duration.ZERO, settings.poll()), () -> look);
        Disposable watching =
                Flux.interval(Duration.ofSeconds(1)).onBackpressureDrop().subscribe(tick -> hosted.everySecond());
        running = Disposables.composite(looking, watching);
    }

    @Override
    public void stop() {
        stop(() -> {});
    }

    @Override
    public void stop(Runnable callback) {
        Disposable was = running;
        running = null;
        if (was != null) {
            was.dispose();
        }
        hosted.closeAll()
                .then(database.in(client -> accounts.all(client)
                        .flatMap(rows -> Flux.fromIterable(rows)
                                .filter(row -> row.maximumNodes() != null)
                                .concatMap(row -> sessions.release(client, row.id(), node))
                                .then())))
                .doOnError(error -> log.warn(
                        "Sessions stay leased until their time is over: {}",
                        error.getClass().getSimpleName()))
                .doFinally(signal -> {
                    plugins.retireAll();
                    callback.run();
                })
                .onErrorComplete()
                .subscribe();
    }

    @Override
    public boolean isRunning() {
        return running != null;
    }

    @Override
    public int getPhase() {
        return StartOrder.CARRIERS;
    }
}
