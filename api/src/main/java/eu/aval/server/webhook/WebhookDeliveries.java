// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.webhook;

import eu.aval.server.audit.AuditTrail;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import eu.aval.server.shared.TimeOrderedId;
import eu.aval.server.tenant.TenantDatabase;
import eu.aval.server.webhook.WebhookEndpoints.Caller;
import eu.aval.server.webhook.delivery.OpenedKeys;
import eu.aval.server.webhook.delivery.WebhookClient;
import eu.aval.server.webhook.delivery.WebhookClient.Request;
import eu.aval.server.webhook.store.DeliveryRows;
import eu.aval.server.webhook.store.EndpointRows;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** What became of the events that an endpoint was told, and telling them to it once more. */
@Component
public class WebhookDeliveries {

    /**
     * What to tell again.
     *
     * @param eventId one event; or else
     * @param from events that became visible at this time or later
     * @param before and before this time; null is now
     * @param types of these types only; empty is all that the endpoint is told of
     */
    public record Replay(
            @Nullable UUID eventId,
            @Nullable Instant from,
            @Nullable Instant before,
            List<String> types) {}

    private final TenantDatabase database;
    private final EndpointRows rows;
    private final DeliveryRows deliveries;
    private final AuditTrail audit;
    private final OpenedKeys opened;
    private final WebhookClient client;

    WebhookDeliveries(
            TenantDatabase database,
            EndpointRows rows,
            DeliveryRows deliveries,
            AuditTrail audit,
            OpenedKeys opened,
            WebhookClient client) {
        this.database = database;
        this.rows = rows;
        this.deliveries = deliveries;
        this.audit = audit;
        this.opened = opened;
        this.client = client;
    }

    /** Sends an event of type {@link EventTypes#TEST} once, also to a disabled endpoint, and tells what became of it. */
    public Mono<WebhookAttempt> test(Caller caller, UUID id) {
        UUID eventId = TimeOrderedId.next();
        return database.in(
                        caller.tenant(),
                        db -> rows.required(db, caller.tenant(), caller.apiKeyId(), id)
                                .flatMap(endpoint ->
                                        rows.signing(db, List.of(id)).map(stored -> Map.entry(endpoint, stored))))
                .flatMap(found -> opened.open(caller.tenant(), found.getValue())
                        .flatMap(keys -> client.send(new Request(
                                found.getKey().draft().url(),
                                eventId,
                                DeliveryRows.body(
                                        EventTypes.TEST,
                                        Instant.now().truncatedTo(ChronoUnit.MILLIS),
                                        "{\"id\":\"" + eventId + "\",\"endpointId\":\"" + id + "\"}"),
                                keys))))
                .map(answer -> new WebhookAttempt(
                        TimeOrderedId.next(),
                        id,
                        eventId,
                        EventTypes.TEST,
                        1,
                        answer.at().truncatedTo(ChronoUnit.MICROS),
                        answer.milliseconds(),
                        answer.outcome(),
                        answer.status(),
                        null))
                .flatMap(attempt -> database.in(caller.tenant(), db -> deliveries.log(db, caller.tenant(), attempt))
                        .thenReturn(attempt));
    }

    /** Tells an enabled endpoint again, with the ids that the events had: receivers that know them already can tell. */
    public Mono<Void> replay(Caller caller, UUID id, Replay replay) {
        Instant from = replay.from();
        UUID eventId = replay.eventId();
        List<Problem.Field> wrong = new ArrayList<>();
        if ((eventId == null) == (from == null)) {
            wrong.add(new Problem.Field("/eventId", "AMBIGUOUS", "Either one event, or a time from which on"));
        }
        if (eventId != null && (replay.before() != null || !replay.types().isEmpty())) {
            wrong.add(new Problem.Field("/eventId", "AMBIGUOUS", "One event needs no other field"));
        }
        Instant before = replay.before() == null ? Instant.now() : replay.before();
        if (from != null && !from.isBefore(before)) {
            wrong.add(new Problem.Field("/before", "BEFORE_IT_BEGINS", "Later than from"));
        }
        EndpointRules.types(replay.types(), wrong);
        if (!wrong.isEmpty()) {
            return Mono.error(EndpointRules.invalid(wrong));
        }
        return database.in(
                caller.tenant(),
                db -> rows.required(db, caller.tenant(), caller.apiKeyId(), id).flatMap(endpoint -> {
                    if (endpoint.state() == WebhookEndpoint.State.DISABLED) {
                        return Mono.error(new Problem(ProblemType.CONFLICT, "The endpoint is disabled"));
                    }
                    Mono<Void> work = eventId != null
                            ? deliveries
                                    .tellAgain(db, caller.tenant(), id, eventId)
                                    .flatMap(found -> found
                                            ? Mono.<Void>empty()
                                            : Mono.error(new Problem(ProblemType.NOT_FOUND, "No such event")))
                            : deliveries.tellAgain(
                                    db,
                                    caller.tenant(),
                                    id,
                                    replay.types(),
                                    TimeOrderedId.atLeast(Objects.requireNonNull(from)),
                                    TimeOrderedId.atLeast(before));
                    return work.then(Mono.defer(() -> audit.append(
                            db,
                            caller.event(
                                    "replayed",
                                    id,
                                    eventId != null
                                            ? Map.of("event", eventId.toString())
                                            : Map.of("from", String.valueOf(from), "before", before.toString())))));
                }));
    }

    /**
     * The delivery log, newest first.
     *
     * @param outcomes only these; none is any
     */
    public Mono<List<WebhookAttempt>> attempts(
            Caller caller,
            UUID id,
            @Nullable UUID eventId,
            Set<WebhookAttempt.Outcome> outcomes,
            @Nullable UUID after,
            int limit) {
        return database.in(
                caller.tenant(),
                db -> rows.required(db, caller.tenant(), caller.apiKeyId(), id)
                        .flatMap(endpoint ->
                                deliveries.attempts(db, caller.tenant(), id, eventId, outcomes, after, limit)));
    }
}
