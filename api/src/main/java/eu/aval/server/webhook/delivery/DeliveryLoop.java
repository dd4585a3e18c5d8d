// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.webhook.delivery;

import eu.aval.server.shared.GroupCommit;
import eu.aval.server.shared.GroupCommit.Limits;
import eu.aval.server.shared.GroupCommit.Remedy;
import eu.aval.server.shared.TenantId;
import eu.aval.server.shared.TimeOrderedId;
import eu.aval.server.tenant.PlatformDatabase;
import eu.aval.server.tenant.Trouble;
import eu.aval.server.webhook.SigningKey;
import eu.aval.server.webhook.WebhookAttempt;
import eu.aval.server.webhook.WebhookAttempt.Outcome;
import eu.aval.server.webhook.WebhookSettings;
import eu.aval.server.webhook.delivery.Settlement.Result;
import eu.aval.server.webhook.delivery.WebhookClient.Answer;
import eu.aval.server.webhook.delivery.WebhookClient.Request;
import eu.aval.server.webhook.store.DeliveryRows;
import eu.aval.server.webhook.store.DeliveryRows.Claimed;
import eu.aval.server.webhook.store.DeliveryRows.Due;
import eu.aval.server.webhook.store.DeliveryRows.Settled;
import eu.aval.server.webhook.store.EndpointRows;
import eu.aval.server.webhook.store.EndpointRows.SealedKey;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.PessimisticLockingFailureException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Claims what is due and sends it. Each endpoint has slots of its own, and what is claimed for one waits for no other: a
 * slow endpoint fills its slots and takes nothing from anybody. An endpoint that fails has two.
 */
final class DeliveryLoop {

    private static final Logger LOG = LoggerFactory.getLogger(DeliveryLoop.class);
    private static final Trouble OPENING = new Trouble(LOG, "Opening keys of endpoints");
    private static final Trouble RECORDING = new Trouble(LOG, "Recording what endpoints were told");
    private static final int SLOTS_WHEN_FAILING = 2;
    private static final Limits LIMITS = new Limits(4, 4, 50, 500, 100_000, Duration.ofSeconds(30));
    private static final UUID LANE = new UUID(0, 0);

    private record Claims(List<Due> due, List<Claimed> claimed, List<SealedKey> keys) {}

    private final PlatformDatabase database;
    private final DeliveryRows rows;
    private final EndpointRows endpoints;
    private final OpenedKeys keys;
    private final WebhookClient client;
    private final RetrySchedule schedule;
    private final WebhookSettings settings;
    private final WebhookMetrics metrics;
    private final GroupCommit<UUID, Result, Boolean> settlements;
    private final ConcurrentMap<UUID, Integer> inFlight;

    DeliveryLoop(
            PlatformDatabase database,
            DeliveryRows rows,
            EndpointRows endpoints,
            OpenedKeys keys,
            WebhookClient client,
            RetrySchedule schedule,
            Settlement settlement,
            WebhookSettings settings,
            WebhookMetrics metrics,
            ConcurrentMap<UUID, Integer> inFlight) {
        this.database = database;
        this.rows = rows;
        this.endpoints = endpoints;
        this.keys = keys;
        this.client = client;
        this.schedule = schedule;
        this.settings = settings;
        this.metrics = metrics;
        this.inFlight = inFlight;
        this.settlements = new GroupCommit<>(
                (lane, results) -> settlement.write(results),
                DeliveryLoop::remedy,
                LIMITS,
                (items, waited, took, ok) -> {});
    }

    /** Requests whose outcome is not on record yet, by endpoint. */
    static ConcurrentMap<UUID, Integer> noneInFlight() {
        return new ConcurrentHashMap<>();
    }

    /**
     * Claims once and begins to send.
     *
     * @param settled called whenever something has its outcome and an endpoint may take more
     * @return how much was claimed
     */
    Mono<Integer> round(Runnable settled) {
        List<UUID> busy = inFlight.entrySet().stream()
                .filter(entry -> entry.getValue() >= settings.concurrency())
                .map(Map.Entry::getKey)
                .toList();
        return database.in(db -> rows.due(db, busy).flatMap(due -> claim(db, due)))
                .flatMap(claims -> begin(claims, settled));
    }

    /** Completes when nothing is in flight, or after a while. */
    Mono<Void> drain(Duration patience) {
        return Flux.interval(Duration.ofMillis(50))
                .onBackpressureDrop()
                .takeUntil(tick -> inFlight.isEmpty())
                .then()
                .timeout(patience, Mono.empty())
                .then(settlements.close().timeout(Duration.ofSeconds(5), Mono.empty()));
    }

    private Mono<Claims> claim(org.springframework.r2dbc.core.DatabaseClient db, List<Due> due) {
        Map<UUID, Integer> slots = new HashMap<>();
        for (Due each : due) {
            int most = each.failing() ? Math.min(SLOTS_WHEN_FAILING, settings.concurrency()) : settings.concurrency();
            int free = most - inFlight.getOrDefault(each.endpointId(), 0);
            if (free > 0) {
                slots.put(each.endpointId(), free);
            }
        }
        return slots.isEmpty()
                ? Mono.just(new Claims(due, List.of(), List.of()))
                : rows.claim(db, slots, settings.lease())
                        .flatMap(claimed -> endpoints
                                .signing(
                                        db,
                                        claimed.stream()
                                                .map(Claimed::endpointId)
                                                .distinct()
                                                .toList())
                                .map(stored -> new Claims(due, claimed, stored)));
    }

    private Mono<Integer> begin(Claims claims, Runnable settled) {
        Map<UUID, Due> due = claims.due().stream().collect(Collectors.toMap(Due::endpointId, Function.identity()));
        Map<UUID, List<SealedKey>> stored =
                claims.keys().stream().collect(Collectors.groupingBy(SealedKey::endpointId));
        Map<UUID, List<Claimed>> claimed =
                claims.claimed().stream().collect(Collectors.groupingBy(Claimed::endpointId));
        return Flux.fromIterable(claimed.entrySet())
                .concatMap(entry -> {
                    Due endpoint = java.util.Objects.requireNonNull(due.get(entry.getKey()));
                    return keys.open(endpoint.tenant(), stored.getOrDefault(entry.getKey(), List.of()))
                            .doOnNext(
                                    opened -> entry.getValue().forEach(each -> start(endpoint, each, opened, settled)))
                            // what is leased is due again when the lease is over
                            .transform(OPENING::watch)
                            .onErrorComplete();
                })
                .then(Mono.fromSupplier(() -> claims.claimed().size()));
    }

    private void start(Due endpoint, Claimed claimed, List<SigningKey> signing, Runnable settled) {
        inFlight.merge(endpoint.endpointId(), 1, Integer::sum);
        tell(endpoint, claimed, signing)
                .flatMap(result -> settlements.submit(LANE, result))
                // it will be told again
                .transform(RECORDING::watch)
                .onErrorComplete()
                .doFinally(end -> {
                    inFlight.computeIfPresent(endpoint.endpointId(), (id, open) -> open > 1 ? open - 1 : null);
                    settled.run();
                })
                .subscribe();
    }

    private Mono<Result> tell(Due endpoint, Claimed claimed, List<SigningKey> signing) {
        String body = claimed.body();
        String type = claimed.type();
        if (body == null || type == null) {
            return Mono.just(new Result(new Settled(endpoint.tenant(), claimed, null), null));
        }
        return client.send(new Request(endpoint.url(), claimed.eventId(), body, signing))
                .map(answer -> result(endpoint.tenant(), claimed, type, answer));
    }

    private Result result(TenantId tenant, Claimed claimed, String type, Answer answer) {
        metrics.attempted(answer.outcome(), answer.milliseconds());
        int number = claimed.attempts() + 1;
        Instant nextAt = nextAt(answer, number);
        WebhookAttempt attempt = new WebhookAttempt(
                TimeOrderedId.next(),
                claimed.endpointId(),
                claimed.eventId(),
                type,
                number,
                answer.at(),
                answer.milliseconds(),
                answer.outcome(),
                answer.status(),
                nextAt);
        return new Result(new Settled(tenant, claimed, attempt), answer.retryAfter());
    }

    private @Nullable Instant nextAt(Answer answer, int number) {
        if (answer.outcome() == Outcome.DELIVERED || answer.outcome() == Outcome.GONE) {
            return null;
        }
        Duration wait = schedule.after(number, answer.retryAfter());
        return wait == null
                ? null
                : answer.at().plusMillis(answer.milliseconds()).plus(wait);
    }

    private static Remedy remedy(Throwable failure) {
        return failure instanceof PessimisticLockingFailureException ? Remedy.RETRY : Remedy.FAIL;
    }
}
