// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.webhook.rest;

import eu.aval.server.access.Application;
import eu.aval.server.access.Cursor;
import eu.aval.server.access.ListParameters;
import eu.aval.server.access.RequestBody;
import eu.aval.server.audit.Actor;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import eu.aval.server.shared.Rfc3339;
import eu.aval.server.webhook.SigningKey;
import eu.aval.server.webhook.WebhookAttempt;
import eu.aval.server.webhook.WebhookDeliveries;
import eu.aval.server.webhook.WebhookEndpoint;
import eu.aval.server.webhook.WebhookEndpoints;
import eu.aval.server.webhook.WebhookEndpoints.Caller;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** {@code /v1/webhook-endpoints}. An application sees its own endpoints only. */
@Component
class EndpointHandler {

    private static final Set<String> PAGE = Set.of("eventId", "limit", "after");

    record CreateRequest(
            @Nullable String url,
            @Nullable String description,
            @Nullable List<@Nullable String> types,
            @Nullable List<@Nullable String> excludedFields,
            @Nullable String signature) {}

    record UpdateRequest(
            @Nullable String url,
            @Nullable String description,
            @Nullable List<@Nullable String> types,
            @Nullable List<@Nullable String> excludedFields) {}

    record RotateRequest(
            @Nullable String signature, @Nullable String overlap) {}

    record ReplayRequest(
            @Nullable String eventId,
            @Nullable String from,
            @Nullable String before,
            @Nullable List<@Nullable String> types) {}

    private final WebhookEndpoints endpoints;
    private final WebhookDeliveries deliveries;

    EndpointHandler(WebhookEndpoints endpoints, WebhookDeliveries deliveries) {
        this.endpoints = endpoints;
        this.deliveries = deliveries;
    }

    Mono<ServerResponse> create(ServerRequest request) {
        return body(request, CreateRequest.class).flatMap(body -> {
            WebhookEndpoint.Draft draft = draft(body.url(), body.description(), body.types(), body.excludedFields());
            SigningKey.Scheme scheme = scheme(body.signature());
            return endpoints
                    .create(caller(request), draft, scheme == null ? SigningKey.Scheme.V1 : scheme)
                    .flatMap(issued -> ServerResponse.created(URI.create(
                                    "/v1/webhook-endpoints/" + issued.endpoint().id()))
                            .contentType(MediaType.APPLICATION_JSON)
                            .bodyValue(shown(issued)));
        });
    }

    Mono<ServerResponse> list(ServerRequest request) {
        return endpoints
                .list(caller(request))
                .flatMap(all -> ok(
                        Map.of("items", all.stream().map(EndpointHandler::shown).toList())));
    }

    Mono<ServerResponse> find(ServerRequest request) {
        return endpoints.find(caller(request), id(request)).flatMap(found -> ok(shown(found)));
    }

    Mono<ServerResponse> update(ServerRequest request) {
        return body(request, UpdateRequest.class)
                .flatMap(body -> endpoints.update(
                        caller(request),
                        id(request),
                        draft(body.url(), body.description(), body.types(), body.excludedFields())))
                .flatMap(updated -> ok(shown(updated)));
    }

    Mono<ServerResponse> delete(ServerRequest request) {
        return endpoints
                .delete(caller(request), id(request))
                .then(Mono.defer(() -> ServerResponse.noContent().build()));
    }

    Mono<ServerResponse> enable(ServerRequest request) {
        return endpoints.enable(caller(request), id(request)).flatMap(changed -> ok(shown(changed)));
    }

    Mono<ServerResponse> disable(ServerRequest request) {
        return endpoints.disable(caller(request), id(request)).flatMap(changed -> ok(shown(changed)));
    }

    Mono<ServerResponse> rotate(ServerRequest request) {
        return body(request, RotateRequest.class)
                .flatMap(body -> endpoints.rotate(
                        caller(request), id(request), scheme(body.signature()), overlap(body.overlap())))
                .flatMap(issued -> ok(shown(issued)));
    }

    Mono<ServerResponse> test(ServerRequest request) {
        return deliveries.test(caller(request), id(request)).flatMap(attempt -> ok(shown(attempt)));
    }

    Mono<ServerResponse> replay(ServerRequest request) {
        return body(request, ReplayRequest.class).flatMap(body -> {
            WebhookDeliveries.Replay replay = new WebhookDeliveries.Replay(
                    body.eventId() == null ? null : uuid(body.eventId(), "/eventId"),
                    time(body.from(), "/from"),
                    time(body.before(), "/before"),
                    strings(body.types(), "/types"));
            return deliveries
                    .replay(caller(request), id(request), replay)
                    .then(Mono.defer(
                            () -> ServerResponse.status(HttpStatus.ACCEPTED).build()));
        });
    }

    Mono<ServerResponse> deliveries(ServerRequest request) {
        ListParameters parameters = new ListParameters(request.queryParams(), PAGE, "");
        UUID event = parameters.uuid("eventId");
        UUID before = parameters.after();
        int limit = parameters.limit();
        parameters.requireSound();
        return deliveries
                .attempts(caller(request), id(request), event, Set.of(), before, limit + 1)
                .flatMap(attempts -> {
                    Map<String, Object> page = new LinkedHashMap<>();
                    page.put(
                            "items",
                            attempts.stream()
                                    .limit(limit)
                                    .map(EndpointHandler::shown)
                                    .toList());
                    if (attempts.size() > limit) {
                        page.put("next", Cursor.of(attempts.get(limit - 1).id()));
                    }
                    return ok(page);
                });
    }

    private static Mono<ServerResponse> ok(Map<String, Object> body) {
        return ServerResponse.ok().contentType(MediaType.APPLICATION_JSON).bodyValue(body);
    }

    private static Caller caller(ServerRequest request) {
        Application application = Application.of(request);
        return new Caller(application.tenant(), application.keyId(), Actor.key(application.keyId()));
    }

    /** What cannot be an id is nobody's. */
    private static UUID id(ServerRequest request) {
        try {
            return UUID.fromString(request.pathVariable("id"));
        } catch (IllegalArgumentException e) {
            throw new Problem(ProblemType.NOT_FOUND, "No such endpoint");
        }
    }

    private static <T> Mono<T> body(ServerRequest request, Class<T> type) {
        return RequestBody.json(request, RequestBody.SINGLE).map(body -> RequestBody.parse(type, body));
    }

    private static WebhookEndpoint.Draft draft(
            @Nullable String url,
            @Nullable String description,
            @Nullable List<@Nullable String> types,
            @Nullable List<@Nullable String> excludedFields) {
        if (url == null) {
            throw new Problem(
                    ProblemType.INVALID_REQUEST,
                    "The request has invalid fields",
                    List.of(new Problem.Field("/url", "REQUIRED", "Required.")));
        }
        return new WebhookEndpoint.Draft(
                url, description, strings(types, "/types"), strings(excludedFields, "/excludedFields"));
    }

    private static List<String> strings(@Nullable List<@Nullable String> values, String pointer) {
        List<String> strings = new ArrayList<>();
        for (String value : values == null ? List.<@Nullable String>of() : values) {
            if (value == null) {
                throw invalid(pointer, "No member is null");
            }
            strings.add(value);
        }
        return strings;
    }

    private static SigningKey.@Nullable Scheme scheme(@Nullable String value) {
        if (value == null) {
            return null;
        }
        for (SigningKey.Scheme scheme : SigningKey.Scheme.values()) {
            if (scheme.value().equals(value)) {
                return scheme;
            }
        }
        throw invalid("/signature", "v1 or v1a");
    }

    private static @Nullable Duration overlap(@Nullable String value) {
        try {
            return value == null ? null : Duration.parse(value);
        } catch (DateTimeException e) {
            throw invalid("/overlap", "An ISO 8601 duration, as PT24H");
        }
    }

    private static UUID uuid(String value, String pointer) {
        try {
            return UUID.fromString(value);
        } catch (IllegalArgumentException e) {
            throw invalid(pointer, "The id of an event");
        }
    }

    private static @Nullable Instant time(@Nullable String value, String pointer) {
        try {
            return value == null ? null : Rfc3339.parse(value);
        } catch (DateTimeException e) {
            throw invalid(pointer, "RFC 3339 with an offset");
        }
    }

    private static Problem invalid(String pointer, String detail) {
        return new Problem(
                ProblemType.INVALID_REQUEST,
                "The request has invalid fields",
                List.of(new Problem.Field(pointer, "INVALID_VALUE", detail)));
    }

    private static Map<String, Object> shown(WebhookEndpoint.Issued issued) {
        Map<String, Object> shown = shown(issued.endpoint());
        put(shown, "secret", issued.secret());
        return shown;
    }

    private static Map<String, Object> shown(WebhookEndpoint endpoint) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("id", endpoint.id().toString());
        shown.put("url", endpoint.draft().url());
        put(shown, "description", endpoint.draft().description());
        shown.put("types", endpoint.draft().types());
        shown.put("excludedFields", endpoint.draft().excludedFields());
        shown.put("state", endpoint.state().name());
        put(
                shown,
                "reason",
                endpoint.reason() == null ? null : endpoint.reason().name());
        put(shown, "stateAt", endpoint.stateAt());
        put(shown, "failingSince", endpoint.failingSince());
        put(shown, "succeededAt", endpoint.succeededAt());
        put(shown, "failedAt", endpoint.failedAt());
        put(shown, "pausedUntil", endpoint.pausedUntil());
        put(shown, "createdAt", endpoint.createdAt());
        shown.put("keys", endpoint.keys().stream().map(EndpointHandler::shown).toList());
        return shown;
    }

    private static Map<String, Object> shown(WebhookEndpoint.Key key) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("id", key.id().toString());
        shown.put("signature", key.scheme().value());
        put(shown, "publicKey", key.publicKey());
        put(shown, "createdAt", key.createdAt());
        put(shown, "expiresAt", key.expiresAt());
        return shown;
    }

    private static Map<String, Object> shown(WebhookAttempt attempt) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("id", attempt.id().toString());
        shown.put("eventId", attempt.eventId().toString());
        shown.put("type", attempt.type());
        shown.put("attempt", attempt.number());
        put(shown, "at", attempt.at());
        shown.put("milliseconds", attempt.milliseconds());
        shown.put("outcome", attempt.outcome().name());
        put(shown, "statusCode", attempt.statusCode());
        put(shown, "nextAt", attempt.nextAt());
        return shown;
    }

    private static void put(Map<String, Object> shown, String name, @Nullable Object value) {
        if (value != null) {
            shown.put(name, value instanceof Instant ? value.toString() : value);
        }
    }
}
