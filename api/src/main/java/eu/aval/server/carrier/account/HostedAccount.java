// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.account;

import eu.aval.server.carrier.CarrierAccount;
import eu.aval.server.carrier.CarrierAccounts;
import eu.aval.server.carrier.CarrierAccounts.Change;
import eu.aval.server.carrier.CarrierEvents;
import eu.aval.server.carrier.plugin.LoadedPlugin;
import eu.aval.server.carrier.store.AccountRow;
import eu.aval.spi.Capability;
import eu.aval.spi.CarrierHealth;
import eu.aval.spi.Throughput;
import eu.aval.spi.submit.Reconciliation;
import eu.aval.spi.submit.SubmitOutcome;
import eu.aval.spi.submit.SubmitRequest;
import io.micrometer.core.instrument.MeterRegistry;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * One account of this node over its whole life: what callers hold while the {@link Connection} behind it is replaced.
 * Rate and window belong here, because the carrier counts over a replacement too, and so do the events at work.
 */
final class HostedAccount implements CarrierAccount {

    private static final Throughput UNKNOWN = new Throughput(0, 1, Duration.ofSeconds(30));

    private final UUID id;
    private final String carrierId;
    private final Rate rate;
    private final Window window = new Window();
    private final AccountMeters meters;
    private final EventGate events;
    private final Consumer<Change> changes;

    private volatile AccountRow row;
    private volatile int nodes = 1;
    private volatile @Nullable Connection connection;
    private volatile Throughput throughput = UNKNOWN;
    private volatile Set<Capability> capabilities = Set.of();
    private volatile boolean wasAvailable;
    /** {@link System#nanoTime()} at which the session lease has ended for us; null is no lease needed. */
    private volatile @Nullable Long leaseEnds;

    HostedAccount(
            AccountRow row,
            CarrierEvents events,
            CarrierSettings.Events limits,
            MeterRegistry registry,
            Consumer<Change> changes) {
        this.id = row.id();
        this.carrierId = row.carrierId();
        this.row = row;
        this.changes = changes;
        this.rate = new Rate(row.name(), System::nanoTime);
        this.meters = new AccountMeters(registry, row.name());
        this.events = new EventGate(events, limits, meters);
        meters.gauge("sms.breaker.state", "0 closed, 1 half open, 2 open", this, account -> grade(account.breaker()));
        meters.gauge(
                "sms.account.health",
                "0 up, 1 degraded, 2 down, 3 on hold",
                this,
                account -> grade(account.health().status()));
        meters.gauge(
                "sms.account.available", "1 when a submit has a chance", this, account -> account.available() ? 1 : 0);
        meters.gauge("sms.account.in.flight", "Submits under way", this, HostedAccount::inFlight);
        meters.gauge(
                "sms.account.rate",
                "Parts per second in force, 0 is no limit",
                this,
                account -> account.rate.current());
    }

    private static int grade(Breaker state) {
        return switch (state) {
            case CLOSED -> 0;
            case HALF_OPEN -> 1;
            case OPEN -> 2;
        };
    }

    private static int grade(CarrierHealth.Status status) {
        return switch (status) {
            case UP -> 0;
            case DEGRADED -> 1;
            case DOWN -> 2;
            case HOLD -> 3;
        };
    }

    @Override
    public UUID id() {
        return id;
    }

    @Override
    public String name() {
        return row.name();
    }

    @Override
    public String carrierId() {
        return carrierId;
    }

    @Override
    public boolean simulator() {
        return carrierId.equals(CarrierAccounts.SIMULATOR);
    }

    @Override
    public Set<Capability> capabilities() {
        return capabilities;
    }

    @Override
    public Mono<SubmitOutcome> submit(SubmitRequest request, int parts) {
        return Mono.defer(() -> {
            SubmitOutcome refusal = refusal(connection);
            if (refusal != null) {
                return Mono.just(refusal);
            }
            long wait = rate.reserve(Math.max(1, parts));
            if (wait < 0) {
                return Mono.just(Outcomes.tooFast(rate.pause()));
            }
            return wait == 0
                    ? enter(request, parts)
                    : Mono.delay(Duration.ofNanos(wait), Schedulers.parallel())
                            .then(Mono.defer(() -> enter(request, parts)));
        });
    }

    private Mono<SubmitOutcome> enter(SubmitRequest request, int parts) {
        Connection open = connection;
        SubmitOutcome refusal = refusal(open);
        if (open == null || refusal != null) {
            return Mono.just(refusal == null ? Outcomes.closed() : refusal);
        }
        if (!window.enter()) {
            return Mono.just(Outcomes.windowFull());
        }
        long began = System.nanoTime();
        // The place is free before the outcome is told: who hears it may send the next at once
        return Mono.using(
                () -> window,
                place -> open.submit(request)
                        .doOnNext(outcome -> settle(outcome, parts, Duration.ofNanos(System.nanoTime() - began))),
                Window::leave);
    }

    private void settle(SubmitOutcome outcome, int parts, Duration took) {
        meters.submitted(Outcomes.label(outcome), took);
        if (outcome instanceof SubmitOutcome.Accepted) {
            meters.accepted(parts);
        } else if (outcome instanceof SubmitOutcome.Throttled throttled) {
            rate.throttled(throttled.retryAfter());
        }
        if (wasAvailable != available()) {
            announceAvailability();
        }
    }

    private @Nullable SubmitOutcome refusal(@Nullable Connection open) {
        if (open == null || isLeaseOver()) {
            return Outcomes.closed();
        }
        if (open.isHeld()) {
            return Outcomes.onHold();
        }
        return open.breakerState() == Breaker.OPEN ? Outcomes.breakerOpen() : null;
    }

    @Override
    public Mono<Reconciliation> reconcile(SubmitRequest sent) {
        return Mono.defer(() -> {
            Connection open = connection;
            return open == null || !capabilities.contains(Capability.RECONCILE)
                    ? Mono.just(new Reconciliation.Unsupported())
                    : open.reconcile(sent);
        });
    }

    @Override
    public boolean available() {
        Connection open = connection;
        return open != null && !isLeaseOver() && open.breakerState() != Breaker.OPEN && open.isHealthy();
    }

    @Override
    public int freeSubmits() {
        Connection open = connection;
        return open == null || !available() ? 0 : Math.min(open.trials(), window.free());
    }

    @Override
    public int freeParts() {
        return available() ? rate.free() : 0;
    }

    @Override
    public Throughput throughput() {
        Throughput limits = throughput;
        return new Throughput(rate.current(), limits.maximumInFlight(), limits.timeout());
    }

    @Override
    public CarrierHealth health() {
        Connection open = connection;
        if (open == null) {
            return CarrierHealth.down("Not open");
        }
        return isLeaseOver() ? CarrierHealth.down("Another node holds the session") : open.health();
    }

    @Override
    public Breaker breaker() {
        Connection open = connection;
        return open == null ? Breaker.CLOSED : open.breakerState();
    }

    @Override
    public String toString() {
        return "CarrierAccount[" + name() + "]";
    }

    int inFlight() {
        return window.inside();
    }

    /** Where what the carrier tells goes, a limited number at a time. */
    CarrierEvents events() {
        return events;
    }

    AccountMeters meters() {
        return meters;
    }

    AccountRow row() {
        return row;
    }

    @Nullable
    Connection connection() {
        return connection;
    }

    /** Puts a connection behind this account, or none; what was there is the caller's to close. */
    @Nullable
    Connection replace(AccountRow newRow, @Nullable Connection next) {
        Connection before = connection;
        row = newRow;
        if (next != null) {
            capabilities = next.capabilities();
        }
        connection = next;
        adjust();
        return before;
    }

    /** Rate and window again from what the carrier tells and the account allows; this node's share of the rate. */
    void adjust() {
        Connection open = connection;
        if (open == null) {
            return;
        }
        AccountRow limits = row;
        Throughput told = open.throughput();
        int size = limits.maximumInFlight() == null
                ? told.maximumInFlight()
                : Math.min(told.maximumInFlight(), limits.maximumInFlight());
        window.resize(size);
        throughput = new Throughput(told.partsPerSecond(), size, told.timeout());
        int sharers = limits.maximumNodes() == null ? nodes : Math.min(nodes, limits.maximumNodes());
        rate.configure(tighter(told.partsPerSecond(), limits.partsPerSecond()) / Math.max(1, sharers));
        if (wasAvailable != available()) {
            announceAvailability();
        }
    }

    private static double tighter(double told, @Nullable BigDecimal allowed) {
        double own = allowed == null ? 0 : allowed.doubleValue();
        if (own <= 0) {
            return told;
        }
        return told <= 0 ? own : Math.min(told, own);
    }

    void shareWith(int liveNodes) {
        nodes = liveNodes;
    }

    void lease(@Nullable Long ends) {
        leaseEnds = ends;
    }

    boolean isLeaseOver() {
        Long ends = leaseEnds;
        return ends != null && System.nanoTime() - ends >= 0;
    }

    boolean runs(LoadedPlugin plugin, AccountRow newest) {
        Connection open = connection;
        return open != null && open.plugin() == plugin && row.version() == newest.version();
    }

    void everySecond() {
        rate.recover();
        if (wasAvailable != available()) {
            announceAvailability();
        }
    }

    void announceAvailability() {
        wasAvailable = available();
        changes.accept(new Change(Change.Kind.AVAILABILITY, this));
    }

    void announce(Change.Kind kind) {
        changes.accept(new Change(kind, this));
    }
}
