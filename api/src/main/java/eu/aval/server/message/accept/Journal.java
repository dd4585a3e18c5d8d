// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.accept;

import eu.aval.server.encryption.Keys;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.limit.LimitPassed;
import eu.aval.server.limit.Tally;
import eu.aval.server.message.MessageStatus;
import eu.aval.server.message.accept.Prepared.Idempotency;
import eu.aval.server.message.accept.Traffic.Round;
import eu.aval.server.message.dispatch.DispatchSignal;
import eu.aval.server.message.store.AcceptStore;
import eu.aval.server.message.store.CommitRemedies;
import eu.aval.server.message.store.Findings;
import eu.aval.server.message.store.NewMessages;
import eu.aval.server.shared.GroupCommit;
import eu.aval.server.shared.GroupCommit.Outcome;
import eu.aval.server.shared.GroupCommit.Remedy;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.StaleKeys;
import eu.aval.server.tenant.StoreFailures;
import eu.aval.server.tenant.TenantDatabase;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Where a message becomes durable. Requests that are there at the same time share one transaction of their tenant:
 * facts, gate, seal, write, commit, answer. An answer is given after the commit and never before; a client that goes
 * away meanwhile changes nothing.
 */
@Component
public final class Journal implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Journal.class);

    /** Messages in one transaction. */
    public static final int BATCH = 500;

    private static final GroupCommit.Limits LIMITS =
            new GroupCommit.Limits(4, 3, 64, BATCH, 20_000, Duration.ofSeconds(3));
    private static final Duration LONGEST_TRANSACTION = Duration.ofSeconds(10);
    /** How often a batch looks again when others were faster with a person or a key. */
    private static final int ROUNDS = 5;

    private record InFlight(UUID apiKey, String operation, IdempotencyKey key) {}

    private final TenantDatabase database;
    private final Keys keys;
    private final AcceptStore store;
    private final Traffic traffic;
    private final DispatchSignal dispatch;
    private final JournalMetrics metrics;
    private final Clock clock;
    private final GroupCommit<TenantId, Prepared, Acceptance> commits;
    private final Set<InFlight> inFlight = ConcurrentHashMap.newKeySet();
    private volatile boolean running;

    Journal(
            TenantDatabase database,
            Keys keys,
            AcceptStore store,
            Traffic traffic,
            DispatchSignal dispatch,
            JournalMetrics metrics,
            Clock clock) {
        this.database = database;
        this.keys = keys;
        this.store = store;
        this.traffic = traffic;
        this.dispatch = dispatch;
        this.metrics = metrics;
        this.clock = clock;
        this.commits = new GroupCommit<>(this::commit, Journal::remedy, LIMITS, metrics::batch);
        metrics.waiting(commits::waiting);
    }

    /**
     * Accepts one message. Errors are {@link Problem}s.
     *
     * @throws Problem as an error: IDEMPOTENCY_IN_FLIGHT, OVERLOADED, STORE_UNAVAILABLE
     */
    public Mono<Acceptance> accept(Prepared message) {
        TenantId tenant = message.application().tenant();
        Idempotency idempotency = message.idempotency();
        if (idempotency == null) {
            return commits.submit(tenant, message).onErrorMap(Journal::asProblem);
        }
        InFlight own = new InFlight(message.application().keyId(), idempotency.operation(), idempotency.key());
        return Mono.create(sink -> {
            if (!inFlight.add(own)) {
                sink.error(new Problem(
                        ProblemType.IDEMPOTENCY_IN_FLIGHT,
                        "The first request has not been answered yet",
                        List.of(),
                        Duration.ofSeconds(1)));
                return;
            }
            // Not through the subscriber: the key stays taken until the work has ended, though the client went away
            commits.submit(tenant, message)
                    // Before the answer goes out: whoever repeats it at once must find it ended
                    .doOnTerminate(() -> inFlight.remove(own))
                    .subscribe(sink::success, error -> sink.error(asProblem(error)));
        });
    }

    /** Accepts up to {@link #BATCH} messages of one tenant; what fails, fails alone, as a refusal. */
    public Mono<List<Acceptance>> acceptAll(TenantId tenant, List<Prepared> messages) {
        return Mono.create(sink -> {
            List<Prepared> first = new ArrayList<>(messages.size());
            boolean[] repeated = new boolean[messages.size()];
            List<InFlight> own = new ArrayList<>();
            for (int i = 0; i < messages.size(); i++) {
                Idempotency idempotency = messages.get(i).idempotency();
                if (idempotency != null) {
                    InFlight key = new InFlight(
                            messages.get(i).application().keyId(), idempotency.operation(), idempotency.key());
                    repeated[i] = !inFlight.add(key);
                    if (!repeated[i]) {
                        own.add(key);
                    }
                }
                if (!repeated[i]) {
                    first.add(messages.get(i));
                }
            }
            commits.submitAll(tenant, first)
                    .doOnTerminate(() -> own.forEach(inFlight::remove))
                    .map(outcomes -> merged(outcomes, repeated))
                    .subscribe(sink::success, sink::error);
        });
    }

    private static List<Acceptance> merged(List<Outcome<Acceptance>> outcomes, boolean[] repeated) {
        List<Acceptance> all = new ArrayList<>(repeated.length);
        int next = 0;
        for (boolean again : repeated) {
            if (again) {
                all.add(new Acceptance.Refused(
                        new Problem(ProblemType.IDEMPOTENCY_IN_FLIGHT, "The first request has not been answered yet")));
                continue;
            }
            all.add(
                    switch (outcomes.get(next++)) {
                        case Outcome.Done<Acceptance> done -> done.result();
                        case Outcome.Failed<Acceptance> failed -> new Acceptance.Refused(asProblem(failed.error()));
                    });
        }
        return all;
    }

    private Mono<List<Acceptance>> commit(TenantId tenant, List<Prepared> messages) {
        return keys.of(tenant)
                .flatMap(own -> database.in(tenant, client -> {
                    List<Round> rounds = new ArrayList<>(1);
                    // Once, after the last: counters are what others wait for, and a further round wants what these may
                    // hold
                    return round(client, own, messages, rounds)
                            .delayUntil(results -> traffic.count(client, tenant, rounds));
                }))
                .onErrorResume(StaleKeys.class, stale -> keys.refresh(tenant).then(Mono.error(stale)))
                .timeout(LONGEST_TRANSACTION)
                .doOnNext(results -> announce(messages, results));
    }

    private Mono<List<Acceptance>> round(
            DatabaseClient client, TenantKeys own, List<Prepared> messages, List<Round> rounds) {
        AcceptedBatch batch = new AcceptedBatch(own, messages, clock.instant());
        return store.facts(client, own.tenant(), batch.question()).flatMap(findings -> {
            if (findings.aeadVersion() != own.aeadVersion() || findings.prfVersion() != own.prfVersion()) {
                return Mono.error(new StaleKeys(Set.of(own.tenant())));
            }
            return traffic.tally(client, own.tenant(), batch, findings)
                    .flatMap(tally -> write(client, own, messages, batch, findings, tally, rounds));
        });
    }

    private Mono<List<Acceptance>> write(
            DatabaseClient client,
            TenantKeys own,
            List<Prepared> messages,
            AcceptedBatch batch,
            Findings findings,
            Tally tally,
            List<Round> rounds) {
        Acceptance[] results = new Acceptance[messages.size()];
        NewMessages rows = batch.decide(findings, tally, results);
        if (rows.isEmpty()) {
            return Mono.just(Arrays.asList(results));
        }
        return store.insert(client, own.tenant(), rows).flatMap(written -> {
            rounds.add(new Round(batch, written));
            return again(client, own, messages, rounds, results, written);
        });
    }

    /** What somebody else was faster with is looked at again: now there is a person, or a used key, to be found. */
    private Mono<List<Acceptance>> again(
            DatabaseClient client,
            TenantKeys own,
            List<Prepared> messages,
            List<Round> rounds,
            Acceptance[] results,
            Set<UUID> written) {
        List<Integer> open = new ArrayList<>();
        List<Prepared> left = new ArrayList<>();
        for (int i = 0; i < results.length; i++) {
            if (results[i] instanceof Acceptance.Accepted accepted
                    && !accepted.replayed()
                    && !written.contains(accepted.id())) {
                open.add(i);
                left.add(messages.get(i));
            }
        }
        if (open.isEmpty()) {
            return Mono.just(Arrays.asList(results));
        }
        if (rounds.size() > ROUNDS) {
            return Mono.error(new IllegalStateException("Others are faster again and again"));
        }
        return round(client, own, left, rounds).map(later -> {
            for (int i = 0; i < later.size(); i++) {
                results[open.get(i)] = later.get(i);
            }
            return Arrays.asList(results);
        });
    }

    private void announce(List<Prepared> messages, List<Acceptance> results) {
        metrics.ended(results);
        Set<UUID> accounts = new HashSet<>();
        for (int i = 0; i < results.size(); i++) {
            if (results.get(i) instanceof Acceptance.Accepted accepted && accepted.status() == MessageStatus.QUEUED) {
                accounts.add(messages.get(i).route());
            }
        }
        accounts.forEach(dispatch::queued);
    }

    private static Remedy remedy(Throwable error) {
        return error instanceof StaleKeys || error instanceof LimitPassed ? Remedy.RETRY : CommitRemedies.of(error);
    }

    private static Problem asProblem(Throwable error) {
        if (error instanceof Problem problem) {
            return problem;
        }
        if (error instanceof LimitPassed) {
            return new Problem(
                    ProblemType.OVERLOADED,
                    "Others are faster again and again with what is left of a limit",
                    List.of(),
                    Duration.ofSeconds(1));
        }
        if (error instanceof TimeoutException) {
            return new Problem(
                    ProblemType.STORE_UNAVAILABLE,
                    "The database takes too long: whether the message was accepted is unknown",
                    List.of(),
                    Duration.ofSeconds(2));
        }
        // Without its message, which may quote a row
        log.error("Messages could not be accepted: {}", StoreFailures.describe(error));
        return new Problem(ProblemType.INTERNAL_ERROR, "The message was not accepted");
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
    }

    /** After the web server has answered its last request: what clients no longer wait for is carried out too. */
    @Override
    public void stop(Runnable callback) {
        commits.close()
                .timeout(Duration.ofSeconds(20))
                .doFinally(end -> callback.run())
                .subscribe(done -> {}, late -> {});
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
