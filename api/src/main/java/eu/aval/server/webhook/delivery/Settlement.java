// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.webhook.delivery;

import eu.aval.server.audit.Actor;
import eu.aval.server.audit.AuditEvent;
import eu.aval.server.audit.AuditTrail;
import eu.aval.server.outbox.EventLog;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.PlatformDatabase;
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
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Writes down what became of many requests, and what it says about their endpoints, in one transaction. */
final class Settlement {

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
        return database.in(client -> rows.settle(
                        client, results.stream().map(Result::settled).toList())
                .then(byEndpoint.isEmpty() ? Mono.empty() : health(client, byEndpoint))
                .thenReturn(results.stream().map(result -> true).toList()));
    }

    private Mono<Void> health(DatabaseClient client, Map<UUID, List<Result>> byEndpoint) {
        List<UUID> failed = byEndpoint.entrySet().stream()
                .filter(entry -> entry.getValue().stream().anyMatch(Settlement::hasFailed))
                .map(Map.Entry::getKey)
                .toList();
        List<UUID> gone = byEndpoint.entrySet().stream()
                .filter(entry -> entry.getValue().stream().anyMatch(result -> outcome(result) == Outcome.GONE))
                .map(Map.Entry::getKey)
                .toList();
        Mono<Void> noted = rows.note(
                client,
                byEndpoint.entrySet().stream()
                        .map(entry -> health(entry.getKey(), entry.getValue()))
                        .toList());
        if (failed.isEmpty()) {
            return noted;
        }
        return noted.then(disable(client, gone, byEndpoint, WebhookEndpoint.Reason.GONE))
                .then(rows.failing(client, failed, settings.disableAfter()))
                .flatMap(failing -> disable(client, failing, byEndpoint, WebhookEndpoint.Reason.FAILING));
    }

    private Mono<Void> disable(
            DatabaseClient client, List<UUID> ids, Map<UUID, List<Result>> byEndpoint, WebhookEndpoint.Reason reason) {
        return Flux.fromIterable(ids)
                .concatMap(id -> {
                    TenantId tenant = Objects.requireNonNull(byEndpoint.get(id))
                            .getFirst()
                            .tenant();
                    return endpoints
                            .disable(client, id, reason)
                            .flatMap(changed -> changed
                                    ? audit.append(
                                                    client,
                                                    new AuditEvent(
                                                            tenant,
                                                            Actor.SYSTEM,
                                                            "webhook-endpoint.disabled",
                                                            "webhook-endpoint:" + id,
                                                            Map.of("reason", reason.name())))
                                            .then(cease(client, tenant))
                                            .doOnSuccess(done -> metrics.disabled())
                                    : Mono.<Void>empty());
                })
                .then();
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
