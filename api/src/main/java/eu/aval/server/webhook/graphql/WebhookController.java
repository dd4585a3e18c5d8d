// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.webhook.graphql;

import eu.aval.server.access.Connection;
import eu.aval.server.access.Operator;
import eu.aval.server.access.PageRequest;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.Tenant;
import eu.aval.server.tenant.Tenants;
import eu.aval.server.webhook.EventExclusion;
import eu.aval.server.webhook.EventExclusions;
import eu.aval.server.webhook.SigningKey;
import eu.aval.server.webhook.WebhookAttempt;
import eu.aval.server.webhook.WebhookDeliveries;
import eu.aval.server.webhook.WebhookEndpoint;
import eu.aval.server.webhook.WebhookEndpoints;
import eu.aval.server.webhook.WebhookEndpoints.Caller;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.graphql.data.method.annotation.Argument;
import org.springframework.graphql.data.method.annotation.BatchMapping;
import org.springframework.graphql.data.method.annotation.ContextValue;
import org.springframework.graphql.data.method.annotation.MutationMapping;
import org.springframework.graphql.data.method.annotation.QueryMapping;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Mono;

/** Webhook endpoints. Whose they are is looked at before anything else about them. */
@Controller
class WebhookController {

    private static final long LONGEST_OVERLAP = WebhookEndpoints.LONGEST_OVERLAP.toHours();

    record CreateWebhookEndpointInput(
            UUID tenantId,
            @Nullable UUID apiKeyId,
            String url,
            @Nullable String description,
            List<String> types,
            List<String> excludedFields,
            SigningKey.Scheme signature) {}

    record UpdateWebhookEndpointInput(
            UUID tenantId,
            UUID id,
            String url,
            @Nullable String description,
            List<String> types,
            List<String> excludedFields) {}

    record RotateWebhookSecretInput(
            UUID tenantId,
            UUID id,
            SigningKey.@Nullable Scheme signature,
            @Nullable Integer overlapHours) {}

    record ReplayWebhookEventsInput(
            UUID tenantId,
            UUID id,
            @Nullable UUID eventId,
            @Nullable Instant from,
            @Nullable Instant before,
            List<String> types) {}

    record ExcludeEventFieldsInput(UUID tenantId, @Nullable UUID apiKeyId, List<String> fields) {}

    record DeletedWebhookEndpoint(UUID id) {}

    record ShownKey(
            UUID id,
            SigningKey.Scheme signature,
            @Nullable String publicKey,
            Instant createdAt,
            @Nullable Instant expiresAt) {}

    /** An endpoint as the schema has it. */
    record ShownEndpoint(
            UUID id,
            TenantId tenantId,
            @Nullable UUID apiKeyId,
            String url,
            @Nullable String description,
            List<String> types,
            List<String> excludedFields,
            WebhookEndpoint.State state,
            WebhookEndpoint.@Nullable Reason reason,
            Instant stateAt,
            @Nullable Instant failingSince,
            @Nullable Instant succeededAt,
            @Nullable Instant failedAt,
            @Nullable Instant pausedUntil,
            Instant createdAt,
            List<ShownKey> keys) {

        static ShownEndpoint of(WebhookEndpoint endpoint) {
            return new ShownEndpoint(
                    endpoint.id(),
                    endpoint.tenant(),
                    endpoint.apiKeyId(),
                    endpoint.draft().url(),
                    endpoint.draft().description(),
                    endpoint.draft().types(),
                    endpoint.draft().excludedFields(),
                    endpoint.state(),
                    endpoint.reason(),
                    endpoint.stateAt(),
                    endpoint.failingSince(),
                    endpoint.succeededAt(),
                    endpoint.failedAt(),
                    endpoint.pausedUntil(),
                    endpoint.createdAt(),
                    endpoint.keys().stream()
                            .map(key -> new ShownKey(
                                    key.id(), key.scheme(), key.publicKey(), key.createdAt(), key.expiresAt()))
                            .toList());
        }
    }

    record IssuedSecret(ShownEndpoint endpoint, @Nullable String secret) {

        static IssuedSecret of(WebhookEndpoint.Issued issued) {
            return new IssuedSecret(ShownEndpoint.of(issued.endpoint()), issued.secret());
        }

        @Override
        public String toString() {
            return "IssuedSecret[" + endpoint.id() + "]";
        }
    }

    /** A request as the schema has it. */
    record ShownDelivery(
            UUID id,
            UUID endpointId,
            UUID eventId,
            String type,
            int attempt,
            Instant at,
            int milliseconds,
            WebhookAttempt.Outcome outcome,
            @Nullable Integer statusCode,
            @Nullable Instant nextAt) {

        static ShownDelivery of(WebhookAttempt attempt) {
            return new ShownDelivery(
                    attempt.id(),
                    attempt.endpointId(),
                    attempt.eventId(),
                    attempt.type(),
                    attempt.number(),
                    attempt.at(),
                    attempt.milliseconds(),
                    attempt.outcome(),
                    attempt.statusCode(),
                    attempt.nextAt());
        }
    }

    private final WebhookEndpoints endpoints;
    private final WebhookDeliveries deliveries;
    private final EventExclusions exclusions;
    private final Tenants tenants;

    WebhookController(
            WebhookEndpoints endpoints, WebhookDeliveries deliveries, EventExclusions exclusions, Tenants tenants) {
        this.endpoints = endpoints;
        this.deliveries = deliveries;
        this.exclusions = exclusions;
        this.tenants = tenants;
    }

    @QueryMapping
    Mono<Connection<ShownDelivery>> webhookDeliveries(
            @Argument UUID tenantId,
            @Argument UUID endpointId,
            @Argument @Nullable UUID eventId,
            @Argument @Nullable Set<WebhookAttempt.Outcome> outcome,
            @Argument Integer first,
            @Argument @Nullable String after,
            @ContextValue Operator operator) {
        PageRequest page = PageRequest.of(first, after);
        return caller(tenantId, operator)
                .flatMap(caller -> deliveries.attempts(
                        caller,
                        endpointId,
                        eventId,
                        outcome == null ? Set.of() : outcome,
                        page.after(),
                        page.sizeAndOne()))
                .map(found ->
                        Connection.of(found.stream().map(ShownDelivery::of).toList(), page, ShownDelivery::id));
    }

    @MutationMapping
    Mono<IssuedSecret> createWebhookEndpoint(
            @Argument CreateWebhookEndpointInput input, @ContextValue Operator operator) {
        var draft = new WebhookEndpoint.Draft(input.url(), input.description(), input.types(), input.excludedFields());
        return caller(input.tenantId(), operator)
                .flatMap(caller -> endpoints.create(
                        new Caller(caller.tenant(), input.apiKeyId(), caller.actor()), draft, input.signature()))
                .map(IssuedSecret::of);
    }

    @MutationMapping
    Mono<ShownEndpoint> updateWebhookEndpoint(
            @Argument UpdateWebhookEndpointInput input, @ContextValue Operator operator) {
        var draft = new WebhookEndpoint.Draft(input.url(), input.description(), input.types(), input.excludedFields());
        return caller(input.tenantId(), operator)
                .flatMap(caller -> endpoints.update(caller, input.id(), draft))
                .map(ShownEndpoint::of);
    }

    @MutationMapping
    Mono<ShownEndpoint> handOverWebhookEndpoint(
            @Argument UUID tenantId,
            @Argument UUID id,
            @Argument @Nullable UUID apiKeyId,
            @ContextValue Operator operator) {
        return caller(tenantId, operator)
                .flatMap(caller -> endpoints.handOver(caller, id, apiKeyId))
                .map(ShownEndpoint::of);
    }

    @MutationMapping
    Mono<IssuedSecret> rotateWebhookSecret(@Argument RotateWebhookSecretInput input, @ContextValue Operator operator) {
        Integer hours = input.overlapHours();
        if (hours != null && (hours < 0 || hours > LONGEST_OVERLAP)) {
            throw new Problem(
                    ProblemType.INVALID_REQUEST,
                    "The request has invalid fields",
                    List.of(new Problem.Field("/overlapHours", "OUT_OF_RANGE", "0 to " + LONGEST_OVERLAP)));
        }
        return caller(input.tenantId(), operator)
                .flatMap(caller -> endpoints.rotate(
                        caller, input.id(), input.signature(), hours == null ? null : Duration.ofHours(hours)))
                .map(IssuedSecret::of);
    }

    @MutationMapping
    Mono<ShownEndpoint> enableWebhookEndpoint(
            @Argument UUID tenantId, @Argument UUID id, @ContextValue Operator operator) {
        return caller(tenantId, operator)
                .flatMap(caller -> endpoints.enable(caller, id))
                .map(ShownEndpoint::of);
    }

    @MutationMapping
    Mono<ShownEndpoint> disableWebhookEndpoint(
            @Argument UUID tenantId, @Argument UUID id, @ContextValue Operator operator) {
        return caller(tenantId, operator)
                .flatMap(caller -> endpoints.disable(caller, id))
                .map(ShownEndpoint::of);
    }

    @MutationMapping
    Mono<DeletedWebhookEndpoint> deleteWebhookEndpoint(
            @Argument UUID tenantId, @Argument UUID id, @ContextValue Operator operator) {
        return caller(tenantId, operator)
                .flatMap(caller -> endpoints.delete(caller, id).thenReturn(new DeletedWebhookEndpoint(id)));
    }

    @MutationMapping
    Mono<ShownDelivery> testWebhookEndpoint(
            @Argument UUID tenantId, @Argument UUID id, @ContextValue Operator operator) {
        return caller(tenantId, operator)
                .flatMap(caller -> deliveries.test(caller, id))
                .map(ShownDelivery::of);
    }

    @MutationMapping
    Mono<ShownEndpoint> replayWebhookEvents(@Argument ReplayWebhookEventsInput input, @ContextValue Operator operator) {
        var replay = new WebhookDeliveries.Replay(input.eventId(), input.from(), input.before(), input.types());
        return caller(input.tenantId(), operator)
                .flatMap(caller -> deliveries
                        .replay(caller, input.id(), replay)
                        .then(Mono.defer(() -> endpoints.find(caller, input.id()))))
                .map(ShownEndpoint::of);
    }

    @MutationMapping
    Mono<EventExclusion> excludeEventFields(@Argument ExcludeEventFieldsInput input, @ContextValue Operator operator) {
        return caller(input.tenantId(), operator)
                .flatMap(caller ->
                        exclusions.exclude(caller.tenant(), input.apiKeyId(), input.fields(), caller.actor()));
    }

    /** One query for all tenants of an answer. */
    @BatchMapping(typeName = "Tenant", field = "webhookEndpoints")
    Mono<Map<Tenant, List<ShownEndpoint>>> endpointsOf(List<Tenant> those) {
        return endpoints
                .list(ids(those))
                .map(found -> each(
                        those,
                        tenant -> found.getOrDefault(tenant.id(), List.of()).stream()
                                .map(ShownEndpoint::of)
                                .toList()));
    }

    /** One query for all tenants of an answer. */
    @BatchMapping(typeName = "Tenant", field = "eventExclusions")
    Mono<Map<Tenant, List<EventExclusion>>> exclusionsOf(List<Tenant> those) {
        return exclusions
                .of(ids(those))
                .map(found -> each(those, tenant -> found.getOrDefault(tenant.id(), List.of())));
    }

    private static List<TenantId> ids(List<Tenant> those) {
        return those.stream().map(Tenant::id).toList();
    }

    private static <T> Map<Tenant, T> each(List<Tenant> those, Function<Tenant, T> value) {
        return those.stream().collect(Collectors.toMap(Function.identity(), value, (one, same) -> one));
    }

    private Mono<Caller> caller(UUID tenant, Operator operator) {
        return operator.require(tenants, tenant).map(found -> new Caller(found, null, operator.actor()));
    }
}
