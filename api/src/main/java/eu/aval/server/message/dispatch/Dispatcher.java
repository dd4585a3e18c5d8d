// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.dispatch;

import eu.aval.server.carrier.CarrierAccount;
import eu.aval.server.carrier.CarrierAccounts;
import eu.aval.server.encryption.SealBroken;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.message.MessageStatus;
import eu.aval.server.message.dispatch.Settlement.Ended;
import eu.aval.server.message.dispatch.Settlement.Requeued;
import eu.aval.server.personaldata.PhoneNumber;
import eu.aval.server.routing.Route;
import eu.aval.server.routing.Routes;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.Trouble;
import eu.aval.spi.failure.CarrierError;
import eu.aval.spi.failure.FailureClass;
import eu.aval.spi.submit.SubmitOutcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Sends what waits: a loop for each open account of this node, and one look at the queue for all that sleep. */
final class Dispatcher implements AccountLoop.Outside {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    private static final Trouble LOOKING = new Trouble(LOG, "Reading the queue");
    private static final Trouble CLAIMING = new Trouble(LOG, "Claiming messages");

    /** Outcomes that wait to be written; beyond, nothing more is claimed. */
    private static final int LARGEST_ARREARS = 2_000;

    /** Before what belongs to a tenant whose keys do not open is tried again. */
    private static final Duration PAUSE_WITHOUT_KEYS = Duration.ofMinutes(15);

    private static final Duration PAUSE_AFTER_RELEASE = Duration.ofSeconds(1);

    private final CarrierAccounts accounts;
    private final Routes routes;
    private final DispatchQueue queue;
    private final Opening opening;
    private final Settling settling;
    private final OutcomePolicy policy;
    private final HeldAttempts held;
    private final List<OptOutListener> optOuts;
    private final DispatchMetrics metrics;
    private final DispatchSettings settings;
    private final Clock clock;

    private final ConcurrentMap<UUID, AccountLoop> loops = new ConcurrentHashMap<>();
    private final Disposable.Composite running = Disposables.composite();

    Dispatcher(
            CarrierAccounts accounts,
            Routes routes,
            DispatchQueue queue,
            Opening opening,
            Settling settling,
            OutcomePolicy policy,
            HeldAttempts held,
            List<OptOutListener> optOuts,
            DispatchMetrics metrics,
            DispatchSettings settings,
            Clock clock) {
        this.accounts = accounts;
        this.routes = routes;
        this.queue = queue;
        this.opening = opening;
        this.settling = settling;
        this.policy = policy;
        this.held = held;
        this.optOuts = optOuts;
        this.metrics = metrics;
        this.settings = settings;
        this.clock = clock;
    }

    void start(DispatchSignal signal) {
        running.add(
                accounts.changes().subscribe(change -> follow(change.account().id())));
        running.add(Flux.interval(settings.poll())
                .onBackpressureDrop()
                .concatMap(
                        tick -> LOOKING.watch(look())
                                .onErrorResume(error ->
                                        Mono.delay(Duration.ofSeconds(1)).then()),
                        1)
                .subscribe());
        signal.listen(this::wake);
        followAll();
    }

    /** Claims no more; completes when what has left has an outcome on record, and the rest is free again. */
    Mono<Void> stop() {
        running.dispose();
        return Flux.fromIterable(List.copyOf(loops.values()))
                .flatMap(AccountLoop::stop, 64)
                .then(Mono.defer(settling::close))
                .timeout(settings.drain())
                .doOnError(error -> LOG.warn("Stopping though not everything that left has an outcome"))
                .onErrorComplete();
    }

    /** A crash, for a test: nothing more is done about anything. */
    void abandon() {
        running.dispose();
        loops.clear();
    }

    void wake(UUID accountId) {
        AccountLoop loop = loops.get(accountId);
        if (loop != null) {
            loop.wake();
        }
    }

    private Mono<Void> look() {
        followAll();
        List<UUID> asleep = loops.values().stream()
                .filter(AccountLoop::asleep)
                .map(AccountLoop::account)
                .filter(CarrierAccount::available)
                .map(CarrierAccount::id)
                .toList();
        loops.values().forEach(AccountLoop::step);
        return asleep.isEmpty()
                ? Mono.empty()
                : queue.due(asleep).doOnNext(due -> due.forEach(this::wake)).then();
    }

    private void followAll() {
        accounts.open().forEach(account -> follow(account.id()));
        List.copyOf(loops.keySet()).forEach(this::follow);
    }

    private void follow(UUID accountId) {
        CarrierAccount open = accounts.find(accountId);
        AccountLoop loop = loops.get(accountId);
        if (loop != null && loop.account() != open) {
            loops.remove(accountId, loop);
            loop.stop().subscribe();
            loop = null;
        }
        if (open != null && loop == null) {
            loops.putIfAbsent(accountId, new AccountLoop(open, this));
        }
        AccountLoop now = loops.get(accountId);
        if (now != null) {
            now.step();
        }
    }

    @Override
    public Mono<List<OpenedMessage>> claim(CarrierAccount account, int atMost) {
        long claimedAt = System.nanoTime();
        return CLAIMING.watch(queue.claim(account.id(), atMost)
                .doOnNext(claimed -> {
                    metrics.claimed(Duration.ofNanos(System.nanoTime() - claimedAt));
                    claimed.forEach(message -> held.add(message.attempt()));
                })
                .flatMap(
                        claimed -> opening.keysOf(tenantsOf(claimed)).flatMap(keys -> open(claimed, keys, claimedAt))));
    }

    private static List<TenantId> tenantsOf(List<ClaimedMessage> claimed) {
        return claimed.stream().map(message -> message.attempt().tenant()).toList();
    }

    private Mono<List<OpenedMessage>> open(
            List<ClaimedMessage> claimed, Map<TenantId, TenantKeys> keys, long claimedAt) {
        List<OpenedMessage> opened = new ArrayList<>(claimed.size());
        List<ClaimedMessage> broken = openInto(opened, claimed, keys, claimedAt);
        if (broken.isEmpty()) {
            return Mono.just(opened);
        }
        // Another node may have sealed them a moment ago under a key that this one does not know yet
        return opening.newestKeysOf(tenantsOf(broken)).map(newest -> {
            openInto(opened, broken, newest, claimedAt).forEach(message -> {
                if (newest.containsKey(message.attempt().tenant())) {
                    unreadable(message);
                } else {
                    // Somebody may mend the keys; until then nobody else's messages wait behind these
                    settling.settle(policy.released(message, List.of(), clock.instant(), PAUSE_WITHOUT_KEYS));
                }
            });
            return opened;
        });
    }

    /** What does not open. */
    private List<ClaimedMessage> openInto(
            List<OpenedMessage> opened, List<ClaimedMessage> claimed, Map<TenantId, TenantKeys> keys, long claimedAt) {
        List<ClaimedMessage> broken = new ArrayList<>();
        Instant now = clock.instant();
        for (ClaimedMessage message : claimed) {
            TenantKeys own = keys.get(message.attempt().tenant());
            try {
                if (own == null) {
                    broken.add(message);
                } else {
                    opened.add(new OpenedMessage(message, opening.open(message, own, now), claimedAt));
                }
            } catch (SealBroken e) {
                broken.add(message);
            }
        }
        return broken;
    }

    private void unreadable(ClaimedMessage message) {
        LOG.error("Message {} cannot be opened", message.attempt().messageId());
        settling.settle(new Ended(
                message.attempt(),
                clock.instant(),
                MessageStatus.REJECTED,
                FailureClass.UNKNOWN,
                CarrierError.of("UNREADABLE")));
    }

    @Override
    public void outcome(CarrierAccount account, OpenedMessage opened, SubmitOutcome outcome) {
        ClaimedMessage message = opened.message();
        boolean mayMove = outcome instanceof SubmitOutcome.Rejected || outcome instanceof SubmitOutcome.Unavailable;
        Settlement settlement = policy.decide(
                message, account.capabilities(), outcome, mayMove ? others(opened) : List.of(), clock.instant());
        if (outcome instanceof SubmitOutcome.Rejected rejected && rejected.reason() == FailureClass.OPTED_OUT) {
            PhoneNumber recipient = PhoneNumber.of(opened.request().to().value(), message.country());
            optOuts.forEach(listener -> listener.optedOut(message.attempt().tenant(), recipient, message.sender()));
        }
        settle(account, settlement);
    }

    @Override
    public void release(OpenedMessage opened) {
        CarrierAccount account = accounts.find(opened.message().attempt().accountId());
        settle(account, policy.released(opened.message(), others(opened), clock.instant(), PAUSE_AFTER_RELEASE));
    }

    @Override
    public boolean keepsUp() {
        return settling.waiting() < LARGEST_ARREARS;
    }

    private void settle(@Nullable CarrierAccount account, Settlement settlement) {
        Mono<Void> written = settling.settle(settlement);
        if (settlement instanceof Requeued requeued
                && !requeued.nextAccountId().equals(requeued.attempt().accountId())) {
            metrics.rerouted(account == null ? "closed" : account.name());
            written.subscribe(done -> {}, error -> {}, () -> wake(requeued.nextAccountId()));
        }
    }

    /** Accounts that could send it now, the best first, without the one it is with. */
    private List<UUID> others(OpenedMessage opened) {
        ClaimedMessage message = opened.message();
        return routes
                .candidates(
                        message.attempt().tenant(),
                        message.simulated(),
                        message.country(),
                        opened.request().to().value(),
                        message.messageClass())
                .stream()
                .filter(route -> route.isWithin(message.maxPrice(), message.parts()))
                .map(Route::accountId)
                .filter(id -> !id.equals(message.attempt().accountId()) && accounts.reachable(id))
                .toList();
    }
}
