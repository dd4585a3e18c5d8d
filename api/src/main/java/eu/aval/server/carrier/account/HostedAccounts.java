// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.account;

import eu.aval.server.carrier.CarrierAccount;
import eu.aval.server.carrier.CarrierAccounts;
import eu.aval.server.carrier.CarrierEvents;
import eu.aval.server.carrier.plugin.LoadedPlugin;
import eu.aval.server.carrier.store.AccountRow;
import eu.aval.spi.Capability;
import eu.aval.spi.CarrierHealth.Status;
import eu.aval.spi.config.CarrierConfiguration;
import eu.aval.spi.config.Secret;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/**
 * Brings the accounts of this node in line with what is wanted: opens, replaces and closes them, each apart from the
 * others, so that one that hangs holds up nobody.
 */
final class HostedAccounts implements CarrierAccounts {

    private static final Logger log = LoggerFactory.getLogger(HostedAccounts.class);

    private static final Duration FIRST_RETRY = Duration.ofSeconds(5);
    private static final Duration LAST_RETRY = Duration.ofSeconds(60);
    private static final Duration FIRST_LOOK = Duration.ofMillis(50);
    private static final Duration SLOWEST_LOOK_WHILE_DOWN = Duration.ofSeconds(2);

    /** As it ought to be with an account that may have so many sessions only. */
    private static final String ELSEWHERE = "Other nodes hold its sessions";

    private final CarrierSettings settings;
    private final Function<String, @Nullable LoadedPlugin> plugins;
    private final AccountSecrets secrets;
    private final Supplier<CarrierEvents> events;
    private final MeterRegistry registry;
    private final Clock clock;

    private final Map<UUID, Slot> slots = new ConcurrentHashMap<>();
    private final Sinks.Many<Change> changes = Sinks.many().multicast().directBestEffort();
    private volatile Set<UUID> heldElsewhere = Set.of();
    private volatile boolean closing;

    HostedAccounts(
            CarrierSettings settings,
            Function<String, @Nullable LoadedPlugin> plugins,
            AccountSecrets secrets,
            Supplier<CarrierEvents> events,
            MeterRegistry registry,
            Clock clock) {
        this.settings = settings;
        this.plugins = plugins;
        this.secrets = secrets;
        this.events = events;
        this.registry = registry;
        this.clock = clock;
    }

    /** What belongs to an account besides itself. Only one transition of an account runs at a time. */
    private static final class Slot {

        private final HostedAccount account;
        private boolean busy;
        private boolean visible;
        private @Nullable String failedTarget;
        private long retryAt;
        private Duration retryAfter = FIRST_RETRY;
        private volatile @Nullable String problem;

        private Slot(HostedAccount account) {
            this.account = account;
        }
    }

    @Override
    public Collection<CarrierAccount> open() {
        return slots.values().stream()
                .filter(slot -> slot.visible)
                .<CarrierAccount>map(slot -> slot.account)
                .toList();
    }

    @Override
    public @Nullable CarrierAccount find(UUID id) {
        Slot slot = slots.get(id);
        return slot == null || !slot.visible ? null : slot.account;
    }

    @Override
    public boolean reachable(UUID id) {
        CarrierAccount account = find(id);
        return (account != null && account.available()) || heldElsewhere.contains(id);
    }

    @Override
    public Flux<Change> changes() {
        return changes.asFlux();
    }

    /** Why an account is not open here, or not with its newest settings. */
    @Nullable
    String problem(UUID id) {
        Slot slot = slots.get(id);
        return slot == null ? null : slot.problem;
    }

    /** Of accounts that ought to be open here and are not, or not with their newest settings, why. */
    Map<String, String> problems() {
        Map<String, String> problems = new TreeMap<>();
        slots.values().forEach(slot -> {
            String problem = slot.problem;
            if (problem != null && !problem.equals(ELSEWHERE)) {
                problems.put(slot.account.name(), problem);
            }
        });
        return problems;
    }

    /** Must be repeated: what fails or is busy is taken up the next time. */
    void bringAbout(Collection<AccountRow> wanted, int liveNodes, Map<UUID, Long> leases, Set<UUID> elsewhere) {
        heldElsewhere = elsewhere;
        Map<UUID, AccountRow> rows = new ConcurrentHashMap<>();
        wanted.forEach(row -> rows.put(row.id(), row));
        for (AccountRow row : wanted) {
            if (row.enabled()) {
                slots.computeIfAbsent(
                        row.id(),
                        id -> new Slot(new HostedAccount(row, events.get(), settings.events(), registry, this::emit)));
            }
        }
        for (Slot slot : List.copyOf(slots.values())) {
            HostedAccount account = slot.account;
            account.shareWith(liveNodes);
            AccountRow row = rows.get(account.id());
            boolean leased = row == null || row.maximumNodes() == null || leases.containsKey(row.id());
            account.lease(row == null || row.maximumNodes() == null ? null : leases.getOrDefault(row.id(), 0L));
            step(slot, row != null && row.enabled() ? row : null, leased);
            account.adjust();
        }
    }

    private synchronized void step(Slot slot, @Nullable AccountRow row, boolean leased) {
        if (slot.busy) {
            return;
        }
        LoadedPlugin plugin = row == null ? null : plugins.apply(row.carrierId());
        if (row == null || !leased || plugin == null || closing) {
            slot.problem = row == null || closing
                    ? null
                    : plugin == null
                            ? "No working plugin of carrier " + row.carrierId() + " is on this node"
                            : ELSEWHERE;
            if (slot.account.connection() != null || slot.visible) {
                begin(slot, retreat(slot));
            } else if (row == null) {
                slots.remove(slot.account.id());
                slot.account.meters().close();
            }
            return;
        }
        if (slot.account.runs(plugin, row)) {
            slot.problem = null;
            return;
        }
        String target = row.version() + " " + plugin.sha256();
        if (target.equals(slot.failedTarget) && System.nanoTime() - slot.retryAt < 0) {
            return;
        }
        begin(slot, advance(slot, row, plugin, target));
    }

    private void begin(Slot slot, Mono<Void> transition) {
        slot.busy = true;
        transition
                .onErrorResume(error -> {
                    log.warn(
                            "Account {} did not change: {}",
                            slot.account.name(),
                            error.getClass().getName());
                    return Mono.empty();
                })
                .doFinally(signal -> {
                    synchronized (this) {
                        slot.busy = false;
                    }
                })
                .subscribe();
    }

    private Mono<Void> retreat(Slot slot) {
        return Mono.defer(() -> {
            HostedAccount account = slot.account;
            Connection before = account.replace(account.row(), null);
            slot.visible = false;
            account.announce(Change.Kind.CLOSED);
            log.info("Account {} closes", account.name());
            return before == null ? Mono.empty() : close(before);
        });
    }

    /**
     * A carrier without sessions has its new connection before the old one ends. Where the carrier counts sessions the
     * old one must go first; what is to be sent waits in its queue meanwhile.
     */
    private Mono<Void> advance(Slot slot, AccountRow row, LoadedPlugin plugin, String target) {
        return Mono.defer(() -> {
            HostedAccount account = slot.account;
            Connection current = account.connection();
            Mono<Void> before = Mono.empty();
            if (current != null && current.capabilities().contains(Capability.SESSION)) {
                account.replace(account.row(), null);
                account.announceAvailability();
                before = close(current);
            }
            return before.then(connect(account, row, plugin))
                    .flatMap(next -> install(slot, row, next))
                    .onErrorResume(NotOpened.class, failure -> {
                        slot.problem = failure.reason();
                        slot.retryAfter = target.equals(slot.failedTarget) ? longer(slot.retryAfter) : FIRST_RETRY;
                        slot.failedTarget = target;
                        slot.retryAt = System.nanoTime() + slot.retryAfter.toNanos();
                        log.warn("Account {} cannot be opened: {}", row.name(), failure.reason());
                        return Mono.empty();
                    });
        });
    }

    private Mono<Void> install(Slot slot, AccountRow row, Connection next) {
        HostedAccount account = slot.account;
        Connection before = account.replace(row, next);
        slot.problem = null;
        slot.failedTarget = null;
        if (slot.visible) {
            account.announceAvailability();
        } else {
            slot.visible = true;
            account.announce(Change.Kind.OPENED);
        }
        log.info(
                "Account {} is open with carrier {} {}",
                row.name(),
                row.carrierId(),
                next.plugin().version());
        watch(account, next, FIRST_LOOK);
        return before == null
                ? Mono.empty()
                : close(before)
                        .doFinally(signal -> before.gaugeNames().stream()
                                .filter(name -> !next.gaugeNames().contains(name))
                                .forEach(account.meters()::removeGauge));
    }

    private static Duration longer(Duration before) {
        Duration doubled = before.multipliedBy(2);
        return doubled.compareTo(LAST_RETRY) > 0 ? LAST_RETRY : doubled;
    }

    private Mono<Void> close(Connection connection) {
        return connection.close(settings.grace());
    }

    private Mono<Connection> connect(HostedAccount account, AccountRow row, LoadedPlugin plugin) {
        return Mono.defer(() -> secrets.resolve(row.id(), row.secrets())).flatMap(values -> {
            var descriptor = plugin.descriptor();
            var wrong = Settings.check(descriptor, row.configuration(), values.keySet());
            if (!wrong.isEmpty()) {
                var first = wrong.getFirst();
                return Mono.error(new NotOpened("Setting " + first.pointer() + " does not fit: " + first.code()));
            }
            return Connection.open(
                    plugin,
                    new Connection.Opening(
                            row.id(),
                            row.name(),
                            CarrierConfiguration.of(Settings.withDefaults(descriptor, row.configuration()), values),
                            values.values().stream().map(Secret::reveal).toList(),
                            clock,
                            account.events(),
                            account.meters(),
                            settings.breakerWait(),
                            account::announceAvailability));
        });
    }

    /** Asks for health again and again until the connection is replaced; more often while it is not up. */
    private void watch(HostedAccount account, Connection connection, Duration last) {
        connection
                .poll()
                .then(Mono.defer(() -> {
                    account.adjust();
                    Duration next = connection.health().status() == Status.UP
                            ? settings.health()
                            : shorter(settings.health(), shorter(last.multipliedBy(2), SLOWEST_LOOK_WHILE_DOWN));
                    return Mono.delay(next, Schedulers.parallel()).thenReturn(next);
                }))
                .subscribe(next -> {
                    if (account.connection() == connection) {
                        watch(account, connection, connection.health().status() == Status.UP ? FIRST_LOOK : next);
                    }
                });
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    void everySecond() {
        slots.values().forEach(slot -> {
            slot.account.everySecond();
            if (slot.account.isLeaseOver() && slot.account.connection() != null) {
                synchronized (this) {
                    if (!slot.busy) {
                        begin(slot, retreat(slot));
                    }
                }
            }
        });
    }

    /** Closes all, each with the grace of the settings. */
    Mono<Void> closeAll() {
        return Mono.defer(() -> {
            closing = true;
            return Flux.interval(Duration.ZERO, Duration.ofMillis(50))
                    .onBackpressureDrop()
                    .doOnNext(tick -> slots.values().forEach(slot -> step(slot, null, true)))
                    .takeUntil(tick -> slots.isEmpty())
                    .then()
                    .timeout(settings.grace().plusSeconds(5), Mono.empty());
        });
    }

    private void emit(Change change) {
        synchronized (changes) {
            var ignored = changes.tryEmitNext(change);
        }
    }
}
