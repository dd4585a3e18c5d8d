// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.webhook.delivery;

import eu.aval.server.audit.Actor;
import eu.aval.server.audit.AuditEvent;
import eu.aval.server.audit.AuditTrail;
import eu.aval.server.outbox.EventLog;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.PlatformDatabase;
import eu.aval.server.tenant.Trouble;
import eu.aval.server.webhook.WebhookAttempt;
import eu.aval.server.webhook.WebhookAttempt.Outcome;
import eu.aval.server.webhook.WebhookEndpoint;
import eu.aval.server.webhook.WebhookSettings;
import eu.aval.server.webhook.store.DeliveryRows;
import eu.aval.server.webhook.store.DeliveryRows.Health;
import eu.aval.server.webhook.store.DeliveryRows.Settled;
import eu.aval.server.webhook.store.EndpointRows;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/**
 * Writes down what became of many requests, and what it says about their endpoints, in one transaction: endpoints come
 * before deliveries, as for whoever disables one.
 */
final class Settlement {

    private static final Logger LOG = LoggerFactory.getLogger(Settlement.class);
    private static final Trouble DISABLING = new Trouble(LOG, "Disabling endpoints");

    /** One result. */
    record Result(Settled settled, @Nullable Duration retryAfter) {

        private TenantId tenant() {
            return settled.tenant();
        }

        private UUID endpoint() {
            return settled.claimed().endpointId();
        }

        private @Nullable WebhookAttempt attempt() {
            return settled.attempt();
        }
    }

    /** An endpoint that asks for fewer requests, without saying when, is left alone for so long. */
    private static final Duration BREATH = Duration.ofSeconds(5);

    private final PlatformDatabase database;
    private final DeliveryRows rows;
    private final EndpointRows endpoints;
    private final EventLog log;
    private final AuditTrail audit;
    private final WebhookSettings settings;
    private final WebhookMetrics metrics;

    Settlement(
            PlatformDatabase database,
            DeliveryRows rows,
            EndpointRows endpoints,
            EventLog log,
            AuditTrail audit,
            WebhookSettings settings,
            WebhookMetrics metrics) {
        this.database = database;
        this.rows = rows;
        this.endpoints = endpoints;
        this.log = log;
        this.audit = audit;
        this.settings = settings;
        this.metrics = metrics;
    }

    Mono<List<Boolean>> write(List<Result> results) {
        Map<UUID, List<Result>> byEndpoint = new TreeMap<>();
        results.stream()
                .filter(result -> result.attempt() != null)
                .forEach(result -> byEndpoint
                        .computeIfAbsent(result.endpoint(), id -> new ArrayList<>())
                        .add(result));
        return database.in(client -> note(client, byEndpoint)
                        .then(Mono.defer(() -> rows.settle(
                                client, results.stream().map(Result::settled).toList())))
                        .then(Mono.defer(() -> hopeless(client, byEndpoint))))
                .flatMapIterable(Map::entrySet)
                .concatMap(each -> disable(each.getKey(), byEndpoint, each.getValue()))
                .then(Mono.just(results.stream().map(result -> true).toList()));
    }

    private Mono<Void> note(DatabaseClient client, Map<UUID, List<Result>> byEndpoint) {
        return byEndpoint.isEmpty()
                ? Mono.empty()
                : rows.note(
                        client,
                        byEndpoint.entrySet().stream()
                                .map(entry -> health(entry.getKey(), entry.getValue()))
                                .toList());
    }

    /** Endpoints that are to be told no more. */
    private Mono<Map<UUID, WebhookEndpoint.Reason>> hopeless(
            DatabaseClient client, Map<UUID, List<Result>> byEndpoint) {
        Map<UUID, WebhookEndpoint.Reason> hopeless = new TreeMap<>();
        List<UUID> failed = new ArrayList<>();
        byEndpoint.forEach((id, own) -> {
            if (own.stream().anyMatch(result -> outcome(result) == Outcome.GONE)) {
                hopeless.put(id, WebhookEndpoint.Reason.GONE);
            } else if (own.stream().anyMatch(Settlement::hasFailed)) {
                failed.add(id);
            }
        });
        return failed.isEmpty()
                ? Mono.just(hopeless)
                : rows.failing(client, failed, settings.disableAfter()).map(failing -> {
                    failing.forEach(id -> hopeless.put(id, WebhookEndpoint.Reason.FAILING));
                    return hopeless;
                });
    }

    /**
     * In a transaction of its own: it takes away what others are about to settle, and those may be about to do the same to
     * each other. If it does not work, the next result says it again.
     */
    private Mono<Void> disable(UUID id, Map<UUID, List<Result>> byEndpoint, WebhookEndpoint.Reason reason) {
        TenantId tenant = Objects.requireNonNull(byEndpoint.get(id)).getFirst().tenant();
        return database.in(client -> endpoints
                        .disable(client, id, reason)
                        .delayUntil(changed -> changed
                                ? audit.append(
                                                client,
                                                new AuditEvent(
                                                        tenant,
                                                        Actor.SYSTEM,
                                                        "webhook-endpoint.disabled",
                                                        "webhook-endpoint:" + id,
                                                        Map.of("reason", reason.name())))
                                        .then(Mono.defer(() -> cease(client, tenant)))
                                : Mono.empty()))
                .doOnNext(changed -> {
                    if (changed) {
                        metrics.disabled();
                    }
                })
                .then()
                .transform(DISABLING::watch)
                .onErrorComplete();
    }

    /** Events are written down for as long as they can be told again: whoever mends the endpoint finds them. */
    private Mono<Void> cease(DatabaseClient client, TenantId tenant) {
        return endpoints
                .isTold(client, tenant)
                .flatMap(told -> told ? Mono.empty() : log.cease(client, tenant, settings.eventRetention()));
    }

    private static Health health(UUID id, List<Result> results) {
        Instant paused = results.stream()
                .map(Settlement::pausedUntil)
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .orElse(null);
        return new Health(id, latest(results, false), latest(results, true), paused);
    }

    private static @Nullable Instant latest(List<Result> results, boolean failed) {
        return results.stream()
                .filter(result -> hasFailed(result) == failed)
                .map(result -> Objects.requireNonNull(result.attempt()).at())
                .max(Comparator.naturalOrder())
                .orElse(null);
    }

    private static @Nullable Instant pausedUntil(Result result) {
        Duration pause = result.retryAfter();
        WebhookAttempt attempt = Objects.requireNonNull(result.attempt());
        if (pause == null && attempt.outcome() != Outcome.THROTTLED) {
            return null;
        }
        return attempt.at().plusMillis(attempt.milliseconds()).plus(pause == null ? BREATH : pause);
    }

    private static boolean hasFailed(Result result) {
        return outcome(result) != Outcome.DELIVERED;
    }

    private static @Nullable Outcome outcome(Result result) {
        WebhookAttempt attempt = result.attempt();
        return attempt == null ? null : attempt.outcome();
    }
}
