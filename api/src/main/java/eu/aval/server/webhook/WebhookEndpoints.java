// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.webhook;

import eu.aval.server.audit.Actor;
import eu.aval.server.audit.AuditEvent;
import eu.aval.server.audit.AuditTrail;
import eu.aval.server.outbox.EventLog;
import eu.aval.server.shared.Characters;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import eu.aval.server.shared.TenantId;
import eu.aval.server.shared.TimeOrderedId;
import eu.aval.server.tenant.KeyedDatabase;
import eu.aval.server.tenant.PlatformDatabase;
import eu.aval.server.tenant.TenantDatabase;
import eu.aval.server.webhook.delivery.OpenedKeys;
import eu.aval.server.webhook.delivery.Targets;
import eu.aval.server.webhook.delivery.WebhookClient;
import eu.aval.server.webhook.delivery.WebhookClient.Request;
import eu.aval.server.webhook.store.DeliveryRows;
import eu.aval.server.webhook.store.EndpointRows;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Endpoints of tenants and everything their owners can do with them. An endpoint that is not the caller's does not exist
 * for it: NOT_FOUND.
 */
@Component
public class WebhookEndpoints {

    private static final int MOST = 20;
    private static final int MOST_FIELDS = 50;
    /** For so long at most an earlier secret signs too. */
    public static final Duration LONGEST_OVERLAP = Duration.ofDays(7);

    /**
     * On whose behalf.
     *
     * @param apiKeyId the application, which sees its own endpoints only; null is whoever acts for the whole tenant
     */
    public record Caller(TenantId tenant, @Nullable UUID apiKeyId, Actor actor) {}

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
    private final KeyedDatabase keyed;
    private final PlatformDatabase platform;
    private final EndpointRows rows;
    private final DeliveryRows deliveries;
    private final EventLog log;
    private final AuditTrail audit;
    private final Targets targets;
    private final OpenedKeys opened;
    private final WebhookClient client;
    private final WebhookSettings settings;
    private final SecureRandom random = new SecureRandom();

    WebhookEndpoints(
            TenantDatabase database,
            KeyedDatabase keyed,
            PlatformDatabase platform,
            EndpointRows rows,
            DeliveryRows deliveries,
            EventLog log,
            AuditTrail audit,
            Targets targets,
            OpenedKeys opened,
            WebhookClient client,
            WebhookSettings settings) {
        this.database = database;
        this.keyed = keyed;
        this.platform = platform;
        this.rows = rows;
        this.deliveries = deliveries;
        this.log = log;
        this.audit = audit;
        this.targets = targets;
        this.opened = opened;
        this.client = client;
        this.settings = settings;
    }

    /** Enabled at once, told of what happens from now on; this is the only moment at which its secret can be read. */
    public Mono<WebhookEndpoint.Issued> create(Caller caller, WebhookEndpoint.Draft draft, SigningKey.Scheme scheme) {
        return valid(draft).then(key(scheme)).flatMap(created -> {
            Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
            UUID id = TimeOrderedId.next();
            WebhookEndpoint.Key key =
                    new WebhookEndpoint.Key(TimeOrderedId.next(), scheme, created.publicKey(), now, null);
            WebhookEndpoint endpoint = new WebhookEndpoint(
                    id,
                    caller.tenant(),
                    caller.apiKeyId(),
                    draft,
                    WebhookEndpoint.State.ENABLED,
                    null,
                    now,
                    null,
                    null,
                    null,
                    null,
                    now,
                    List.of(key));
            return keyed.in(
                    caller.tenant(),
                    (db, keys) -> rows.of(db, List.of(caller.tenant()), null)
                            .flatMap(all -> all.size() < MOST
                                    ? ownerExists(db, caller.tenant(), caller.apiKeyId())
                                    : Mono.<Void>error(new Problem(
                                            ProblemType.CONFLICT, "The tenant has " + MOST + " endpoints already")))
                            .then(Mono.defer(() -> rows.insert(db, endpoint)))
                            .then(Mono.defer(() -> rows.addKey(
                                    db,
                                    caller.tenant(),
                                    id,
                                    key,
                                    keys.seal(created.key().encoded(), OpenedKeys.place(caller.tenant(), key.id())),
                                    Duration.ZERO)))
                            .then(Mono.defer(() -> log.listen(db, caller.tenant(), null)))
                            .then(Mono.defer(() -> audit.append(db, event(caller, "created", id, describe(draft)))))
                            .thenReturn(new WebhookEndpoint.Issued(endpoint, created.secret())));
        });
    }

    /** The caller's own, oldest first. */
    public Mono<List<WebhookEndpoint>> list(Caller caller) {
        return database.in(caller.tenant(), db -> rows.of(db, List.of(caller.tenant()), caller.apiKeyId()));
    }

    /** Those of these tenants, for whoever may see all of them; oldest first. */
    public Mono<Map<TenantId, List<WebhookEndpoint>>> list(Collection<TenantId> tenants) {
        return platform.in(db -> rows.of(db, tenants, null))
                .map(found -> found.stream().collect(Collectors.groupingBy(WebhookEndpoint::tenant)));
    }

    public Mono<WebhookEndpoint> find(Caller caller, UUID id) {
        return change(caller, id, (db, endpoint) -> Mono.empty());
    }

    /** Replaces what its owner decides. */
    public Mono<WebhookEndpoint> update(Caller caller, UUID id, WebhookEndpoint.Draft draft) {
        return valid(draft)
                .then(change(
                        caller,
                        id,
                        (db, endpoint) -> rows.update(db, id, draft)
                                .then(Mono.defer(
                                        () -> audit.append(db, event(caller, "updated", id, describe(draft)))))));
    }

    /** Gives it to another application of the tenant, or to the tenant: null. */
    public Mono<WebhookEndpoint> handOver(Caller caller, UUID id, @Nullable UUID apiKeyId) {
        return change(
                caller,
                id,
                (db, endpoint) -> ownerExists(db, caller.tenant(), apiKeyId)
                        .then(Mono.defer(() -> rows.own(db, id, apiKeyId)))
                        .then(Mono.defer(() -> audit.append(
                                db,
                                event(
                                        caller,
                                        "handed-over",
                                        id,
                                        apiKeyId == null ? Map.of() : Map.of("apiKey", apiKeyId.toString()))))));
    }

    /** With its secrets and its log. */
    public Mono<Void> delete(Caller caller, UUID id) {
        return database.in(
                caller.tenant(),
                db -> required(db, caller, id)
                        .flatMap(endpoint -> rows.delete(db, id)
                                .then(Mono.defer(() -> audit.append(db, event(caller, "deleted", id, Map.of()))))
                                .then(Mono.defer(() -> cease(db, caller.tenant(), Duration.ZERO)))));
    }

    /** It is told of what happens from now on; what it missed can be replayed. */
    public Mono<WebhookEndpoint> enable(Caller caller, UUID id) {
        return change(
                caller,
                id,
                (db, endpoint) -> endpoint.state() == WebhookEndpoint.State.ENABLED
                        ? Mono.empty()
                        : rows.enable(db, id)
                                .then(Mono.defer(() -> log.listen(db, caller.tenant(), null)))
                                .then(Mono.defer(() -> audit.append(db, event(caller, "enabled", id, Map.of())))));
    }

    /** What it had still to be told is dropped, and can be replayed. */
    public Mono<WebhookEndpoint> disable(Caller caller, UUID id) {
        return change(
                caller,
                id,
                (db, endpoint) -> rows.disable(db, id, WebhookEndpoint.Reason.REQUESTED)
                        .flatMap(changed -> changed
                                ? audit.append(db, event(caller, "disabled", id, Map.of("reason", "REQUESTED")))
                                        .then(Mono.defer(() -> cease(db, caller.tenant(), settings.eventRetention())))
                                : Mono.<Void>empty()));
    }

    /**
     * A new secret. The one before signs as well until {@code overlap} is over, so that receivers can change without a
     * gap; any older one signs no more.
     *
     * @param scheme null is that of the current one
     * @param overlap null is what the server is set to
     */
    public Mono<WebhookEndpoint.Issued> rotate(
            Caller caller, UUID id, SigningKey.@Nullable Scheme scheme, @Nullable Duration overlap) {
        Duration both = overlap == null ? settings.overlap() : overlap;
        if (both.isNegative() || both.compareTo(LONGEST_OVERLAP) > 0) {
            return Mono.error(invalid(List.of(new Problem.Field("/overlap", "OUT_OF_RANGE", "PT0S to P7D"))));
        }
        return find(caller, id).flatMap(found -> {
            SigningKey.Scheme next = scheme == null ? found.keys().getFirst().scheme() : scheme;
            return key(next).flatMap(created -> {
                WebhookEndpoint.Key key = new WebhookEndpoint.Key(
                        TimeOrderedId.next(),
                        next,
                        created.publicKey(),
                        Instant.now().truncatedTo(ChronoUnit.MICROS),
                        null);
                return keyed.in(
                        caller.tenant(),
                        (db, keys) -> required(db, caller, id)
                                .flatMap(endpoint -> rows.addKey(
                                                db,
                                                caller.tenant(),
                                                id,
                                                key,
                                                keys.seal(
                                                        created.key().encoded(),
                                                        OpenedKeys.place(caller.tenant(), key.id())),
                                                both)
                                        .then(Mono.defer(() -> audit.append(
                                                db,
                                                event(
                                                        caller,
                                                        "secret-rotated",
                                                        id,
                                                        Map.of(
                                                                "overlapSeconds",
                                                                both.toSeconds(),
                                                                "signature",
                                                                next.value())))))
                                        .then(Mono.defer(() -> required(db, caller, id))))
                                .map(endpoint -> new WebhookEndpoint.Issued(endpoint, created.secret())));
            });
        });
    }

    /** Sends an event of type {@link EventTypes#TEST} once, also to a disabled endpoint, and tells what became of it. */
    public Mono<WebhookAttempt> test(Caller caller, UUID id) {
        UUID eventId = TimeOrderedId.next();
        return database.in(
                        caller.tenant(),
                        db -> required(db, caller, id)
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
        types(replay.types(), wrong);
        if (!wrong.isEmpty()) {
            return Mono.error(invalid(wrong));
        }
        return database.in(
                caller.tenant(),
                db -> required(db, caller, id).flatMap(endpoint -> {
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
                                    TimeOrderedId.atLeast(java.util.Objects.requireNonNull(from)),
                                    TimeOrderedId.atLeast(before));
                    return work.then(Mono.defer(() -> audit.append(
                            db,
                            event(
                                    caller,
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
                db -> required(db, caller, id)
                        .flatMap(endpoint ->
                                deliveries.attempts(db, caller.tenant(), id, eventId, outcomes, after, limit)));
    }

    /**
     * Fields that leave the tenant in no event, or in none for one of its applications; an endpoint cannot take that back.
     *
     * @param apiKeyId the application; null is the whole tenant
     * @param fields all of them from now on; none lifts it
     */
    public Mono<EventExclusion> exclude(TenantId tenant, @Nullable UUID apiKeyId, List<String> fields, Actor actor) {
        List<Problem.Field> wrong = new ArrayList<>();
        fields(fields, "/fields", wrong);
        if (!wrong.isEmpty()) {
            return Mono.error(invalid(wrong));
        }
        List<String> sorted = fields.stream().distinct().sorted().toList();
        return database.in(
                tenant,
                db -> ownerExists(db, tenant, apiKeyId)
                        .then(Mono.defer(() -> rows.exclude(db, tenant, apiKeyId, sorted)))
                        .then(Mono.defer(() -> audit.append(
                                db,
                                new AuditEvent(
                                        tenant,
                                        actor,
                                        "event-fields.excluded",
                                        apiKeyId == null ? "tenant:" + tenant : "api-key:" + apiKeyId,
                                        Map.of("fields", sorted)))))
                        .thenReturn(new EventExclusion(tenant, apiKeyId, sorted)));
    }

    /** What these tenants exclude, for all or for one application. */
    public Mono<Map<TenantId, List<EventExclusion>>> exclusions(Collection<TenantId> tenants) {
        return platform.in(db -> rows.exclusions(db, tenants))
                .map(found -> found.stream().collect(Collectors.groupingBy(EventExclusion::tenantId)));
    }

    private Mono<WebhookEndpoint> change(
            Caller caller, UUID id, BiFunction<DatabaseClient, WebhookEndpoint, Mono<Void>> change) {
        return database.in(
                caller.tenant(),
                db -> required(db, caller, id)
                        .flatMap(endpoint -> change.apply(db, endpoint))
                        .then(Mono.defer(() -> required(db, new Caller(caller.tenant(), null, caller.actor()), id))));
    }

    private Mono<WebhookEndpoint> required(DatabaseClient db, Caller caller, UUID id) {
        return rows.find(db, caller.tenant(), caller.apiKeyId(), id)
                .switchIfEmpty(Mono.error(() -> new Problem(ProblemType.NOT_FOUND, "No such endpoint")));
    }

    private Mono<Void> ownerExists(DatabaseClient db, TenantId tenant, @Nullable UUID apiKeyId) {
        return apiKeyId == null
                ? Mono.empty()
                : rows.hasKey(db, tenant, apiKeyId)
                        .flatMap(exists -> exists
                                ? Mono.<Void>empty()
                                : Mono.error(invalid(List.of(new Problem.Field(
                                        "/apiKeyId", "UNKNOWN", "The tenant has no such key at work")))));
    }

    private Mono<Void> cease(DatabaseClient db, TenantId tenant, Duration after) {
        return rows.isTold(db, tenant).flatMap(told -> told ? Mono.empty() : log.cease(db, tenant, after));
    }

    private Mono<SigningKey.Created> key(SigningKey.Scheme scheme) {
        // seeding may read a device
        return Mono.fromCallable(() -> SigningKey.create(scheme, random)).subscribeOn(Schedulers.boundedElastic());
    }

    private Mono<Void> valid(WebhookEndpoint.Draft draft) {
        return Mono.defer(() -> {
            List<Problem.Field> wrong = new ArrayList<>();
            String defect = targets.defect(draft.url());
            if (defect != null) {
                wrong.add(new Problem.Field("/url", "INVALID_URL", defect));
            }
            String description = draft.description();
            if (description != null && (description.isBlank() || description.length() > 200)) {
                wrong.add(new Problem.Field("/description", "INVALID_LENGTH", "1 to 200 characters"));
            } else if (description != null && !Characters.canBeKept(description)) {
                wrong.add(new Problem.Field(
                        "/description", "INVALID_VALUE", "Without U+0000 and halves of surrogate pairs"));
            }
            types(draft.types(), wrong);
            fields(draft.excludedFields(), "/excludedFields", wrong);
            return wrong.isEmpty() ? Mono.empty() : Mono.error(invalid(wrong));
        });
    }

    private static void types(List<String> types, List<Problem.Field> wrong) {
        if (!EventTypes.ALL.containsAll(types) || new HashSet<>(types).size() < types.size()) {
            wrong.add(new Problem.Field("/types", "INVALID_VALUE", "Types of events, each once"));
        }
    }

    private static void fields(List<String> fields, String pointer, List<Problem.Field> wrong) {
        if (fields.size() > MOST_FIELDS) {
            wrong.add(new Problem.Field(pointer, "INVALID_VALUE", "Up to 50 names of fields"));
            return;
        }
        for (int i = 0; i < fields.size(); i++) {
            if (EventTypes.ALWAYS.contains(fields.get(i))) {
                wrong.add(new Problem.Field(
                        pointer + "/" + i, "INVALID_VALUE", "Without id and status an event says nothing"));
            } else if (!EventTypes.FIELDS.contains(fields.get(i))) {
                wrong.add(new Problem.Field(pointer + "/" + i, "UNKNOWN", "No event has such a field"));
            }
        }
    }

    private static Problem invalid(List<Problem.Field> wrong) {
        return new Problem(ProblemType.INVALID_REQUEST, "The request has invalid fields", wrong);
    }

    private static Map<String, Object> describe(WebhookEndpoint.Draft draft) {
        return Map.of("types", draft.types(), "excludedFields", draft.excludedFields());
    }

    private static AuditEvent event(Caller caller, String what, UUID id, Map<String, Object> detail) {
        return new AuditEvent(
                caller.tenant(), caller.actor(), "webhook-endpoint." + what, "webhook-endpoint:" + id, detail);
    }
}
