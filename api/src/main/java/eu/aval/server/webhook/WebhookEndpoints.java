// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.webhook;

import eu.aval.server.audit.Actor;
import eu.aval.server.audit.AuditEvent;
import eu.aval.server.audit.AuditTrail;
import eu.aval.server.outbox.EventLog;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import eu.aval.server.shared.TenantId;
import eu.aval.server.shared.TimeOrderedId;
import eu.aval.server.tenant.KeyedDatabase;
import eu.aval.server.tenant.PlatformDatabase;
import eu.aval.server.tenant.TenantDatabase;
import eu.aval.server.webhook.delivery.OpenedKeys;
import eu.aval.server.webhook.store.EndpointRows;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Endpoints of tenants. One that is not the caller's does not exist for it: NOT_FOUND. */
@Component
public class WebhookEndpoints {

    private static final int MOST = 20;
    /** For so long at most an earlier secret signs too. */
    public static final Duration LONGEST_OVERLAP = Duration.ofDays(7);

    /**
     * On whose behalf.
     *
     * @param apiKeyId the application, which sees its own endpoints only; null is whoever acts for the whole tenant
     */
    public record Caller(TenantId tenant, @Nullable UUID apiKeyId, Actor actor) {

        AuditEvent event(String what, UUID endpoint, Map<String, Object> detail) {
            return new AuditEvent(tenant, actor, "webhook-endpoint." + what, "webhook-endpoint:" + endpoint, detail);
        }
    }

    private final TenantDatabase database;
    private final KeyedDatabase keyed;
    private final PlatformDatabase platform;
    private final EndpointRows rows;
    private final EventLog log;
    private final AuditTrail audit;
    private final EndpointRules rules;
    private final WebhookSettings settings;
    private final SecureRandom random = new SecureRandom();

    WebhookEndpoints(
            TenantDatabase database,
            KeyedDatabase keyed,
            PlatformDatabase platform,
            EndpointRows rows,
            EventLog log,
            AuditTrail audit,
            EndpointRules rules,
            WebhookSettings settings) {
        this.database = database;
        this.keyed = keyed;
        this.platform = platform;
        this.rows = rows;
        this.log = log;
        this.audit = audit;
        this.rules = rules;
        this.settings = settings;
    }

    /** Enabled at once, told of what happens from now on; this is the only moment at which its secret can be read. */
    public Mono<WebhookEndpoint.Issued> create(Caller caller, WebhookEndpoint.Draft draft, SigningKey.Scheme scheme) {
        return rules.check(draft).then(key(scheme)).flatMap(created -> {
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
                                    ? rules.owner(db, caller.tenant(), caller.apiKeyId())
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
                            .then(Mono.defer(() -> audit.append(db, caller.event("created", id, describe(draft)))))
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
        return rules.check(draft)
                .then(change(
                        caller,
                        id,
                        (db, endpoint) -> rows.update(db, id, draft)
                                .then(Mono.defer(
                                        () -> audit.append(db, caller.event("updated", id, describe(draft)))))));
    }

    /** Gives it to another application of the tenant, or to the tenant: null. */
    public Mono<WebhookEndpoint> handOver(Caller caller, UUID id, @Nullable UUID apiKeyId) {
        return change(
                caller,
                id,
                (db, endpoint) -> rules.owner(db, caller.tenant(), apiKeyId)
                        .then(Mono.defer(() -> rows.own(db, id, apiKeyId)))
                        .then(Mono.defer(() -> audit.append(
                                db,
                                caller.event(
                                        "handed-over",
                                        id,
                                        apiKeyId == null ? Map.of() : Map.of("apiKey", apiKeyId.toString()))))));
    }

    /** With its secrets and its log. */
    public Mono<Void> delete(Caller caller, UUID id) {
        return database.in(
                caller.tenant(),
                db -> rows.required(db, caller.tenant(), caller.apiKeyId(), id)
                        .flatMap(endpoint -> rows.delete(db, id)
                                .then(Mono.defer(() -> audit.append(db, caller.event("deleted", id, Map.of()))))
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
                                .then(Mono.defer(() -> audit.append(db, caller.event("enabled", id, Map.of())))));
    }

    /** What it had still to be told is dropped, and can be replayed. */
    public Mono<WebhookEndpoint> disable(Caller caller, UUID id) {
        return change(
                caller,
                id,
                (db, endpoint) -> rows.disable(db, id, WebhookEndpoint.Reason.REQUESTED)
                        .flatMap(changed -> changed
                                ? audit.append(db, caller.event("disabled", id, Map.of("reason", "REQUESTED")))
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
            return Mono.error(
                    EndpointRules.invalid(List.of(new Problem.Field("/overlap", "OUT_OF_RANGE", "PT0S to P7D"))));
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
                        (db, keys) -> rows.required(db, caller.tenant(), caller.apiKeyId(), id)
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
                                                caller.event(
                                                        "secret-rotated",
                                                        id,
                                                        Map.of(
                                                                "overlapSeconds",
                                                                both.toSeconds(),
                                                                "signature",
                                                                next.value())))))
                                        .then(Mono.defer(
                                                () -> rows.required(db, caller.tenant(), caller.apiKeyId(), id))))
                                .map(endpoint -> new WebhookEndpoint.Issued(endpoint, created.secret())));
            });
        });
    }

    private Mono<WebhookEndpoint> change(
            Caller caller, UUID id, BiFunction<DatabaseClient, WebhookEndpoint, Mono<Void>> change) {
        return database.in(
                caller.tenant(),
                db -> rows.required(db, caller.tenant(), caller.apiKeyId(), id)
                        .flatMap(endpoint -> change.apply(db, endpoint))
                        .then(Mono.defer(() -> rows.required(db, caller.tenant(), null, id))));
    }

    private Mono<Void> cease(DatabaseClient db, TenantId tenant, Duration after) {
        return rows.isTold(db, tenant).flatMap(told -> told ? Mono.empty() : log.cease(db, tenant, after));
    }

    private Mono<SigningKey.Created> key(SigningKey.Scheme scheme) {
        // seeding may read a device
        return Mono.fromCallable(() -> SigningKey.create(scheme, random)).subscribeOn(Schedulers.boundedElastic());
    }

    private static Map<String, Object> describe(WebhookEndpoint.Draft draft) {
        return Map.of("types", draft.types(), "excludedFields", draft.excludedFields());
    }
}
