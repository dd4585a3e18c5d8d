// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.routing;

import eu.aval.server.audit.Actor;
import eu.aval.server.audit.AuditEvent;
import eu.aval.server.audit.AuditTrail;
import eu.aval.server.carrier.CarrierAccounts;
import eu.aval.server.personaldata.PhoneNumber;
import eu.aval.server.personaldata.PlaintextAccess;
import eu.aval.server.routing.store.RouteRows;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import eu.aval.server.shared.StartOrder;
import eu.aval.server.shared.TenantId;
import eu.aval.server.shared.TimeOrderedId;
import eu.aval.server.shared.Version;
import eu.aval.server.tenant.PlatformDatabase;
import eu.aval.server.tenant.Residency;
import eu.aval.server.tenant.Trouble;
import eu.aval.spi.submit.MessageClass;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Routes as rows, and a snapshot of them that follows changes of this node at once and of others within seconds. */
@Component
final class StoredRoutes implements Routes, RouteAdministration, SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(StoredRoutes.class);
    private static final Trouble FOLLOWING = new Trouble(log, "Reading routes");
    private static final Duration POLL = Duration.ofSeconds(2);

    private final PlatformDatabase database;
    private final RouteRows rows;
    private final AuditTrail audit;
    private final CarrierAccounts accounts;
    private final Snapshot<RouteTable> table = new Snapshot<>(RouteTable.empty());
    private volatile @Nullable Disposable following;

    StoredRoutes(PlatformDatabase database, RouteRows rows, AuditTrail audit, CarrierAccounts accounts) {
        this.database = database;
        this.rows = rows;
        this.audit = audit;
        this.accounts = accounts;
    }

    @Override
    public List<Route> candidates(
            TenantId tenant, boolean testKey, String country, String e164, MessageClass messageClass) {
        return table.value().candidates(tenant, testKey, country, e164, messageClass, accounts::reachable);
    }

    @Override
    public List<Route> candidates(TenantId tenant, boolean testKey, PhoneNumber recipient, MessageClass messageClass) {
        return candidates(
                tenant, testKey, recipient.country(), recipient.reveal(PlaintextAccess.forSubmission()), messageClass);
    }

    @Override
    public Problem unserved(TenantId tenant, boolean testKey, PhoneNumber recipient, MessageClass messageClass) {
        return table.value()
                .unserved(
                        tenant,
                        testKey,
                        recipient.country(),
                        recipient.reveal(PlaintextAccess.forSubmission()),
                        messageClass);
    }

    @Override
    public Mono<List<ConfiguredRoute>> list(TenantId tenant) {
        return list(List.of(tenant)).map(found -> found.getOrDefault(tenant, List.of()));
    }

    @Override
    public Mono<Map<TenantId, List<ConfiguredRoute>>> list(Collection<TenantId> tenants) {
        return database.in(client -> rows.of(client, tenants))
                .map(routes -> routes.stream().collect(Collectors.groupingBy(ConfiguredRoute::tenant)));
    }

    @Override
    public Mono<ConfiguredRoute> create(TenantId tenant, RouteDraft draft, Actor actor) {
        var route = new ConfiguredRoute(TimeOrderedId.next(), tenant, draft, 1);
        return checked(draft)
                .then(database.in(client -> rows.tenantAndAccountExist(client, tenant, draft.accountId())
                        .flatMap(exist -> exist
                                ? rows.insert(client, route)
                                        .then(audit.append(client, event(route, "route.created", actor)))
                                : Mono.error(unknownAccount()))))
                .then(refresh())
                .thenReturn(route);
    }

    @Override
    public Mono<ConfiguredRoute> update(
            TenantId tenant, UUID id, RouteDraft draft, @Nullable Integer version, Actor actor) {
        return checked(draft)
                .then(database.in(client -> rows.tenantAndAccountExist(client, tenant, draft.accountId())
                        .flatMap(exist -> exist ? unchanged(client, tenant, id, version) : Mono.error(unknownAccount()))
                        .map(before -> new ConfiguredRoute(id, tenant, draft, before + 1))
                        .flatMap(route -> rows.update(client, route)
                                .then(audit.append(client, event(route, "route.updated", actor)))
                                .thenReturn(route))))
                .flatMap(route -> refresh().thenReturn(route));
    }

    @Override
    public Mono<Void> delete(TenantId tenant, UUID id, @Nullable Integer version, Actor actor) {
        return database.in(client -> unchanged(client, tenant, id, version)
                        .flatMap(before -> rows.delete(client, tenant, id)
                                .then(audit.append(
                                        client, new AuditEvent(tenant, actor, "route.deleted", "route:" + id)))))
                .then(refresh());
    }

    /** The version of a route, which stays until the transaction ends, if it is the one that was read. */
    private Mono<Integer> unchanged(DatabaseClient client, TenantId tenant, UUID id, @Nullable Integer read) {
        return rows.versionForUpdate(client, tenant, id)
                .switchIfEmpty(Mono.error(StoredRoutes::notFound))
                .flatMap(version -> Version.require("route", read, version).thenReturn(version));
    }

    RouteTable table() {
        return table.value();
    }

    /** Reads all routes again. */
    Mono<Void> refresh() {
        return table.read(database.in(client -> rows.all(client)
                .flatMap(routes -> rows.accounts(client)
                        .flatMap(known -> rows.residencies(client)
                                .map(residencies -> new RouteTable(
                                        routes,
                                        known.stream()
                                                .map(StoredRoutes::account)
                                                .toList(),
                                        residencies))))));
    }

    private static RouteTable.Account account(RouteRows.Account row) {
        return new RouteTable.Account(
                row.id(), row.carrierId().equals(CarrierAccounts.SIMULATOR), row.processingCountries());
    }

    private static Mono<Void> checked(RouteDraft draft) {
        List<Problem.Field> wrong = new ArrayList<>();
        if (draft.priority() < 0 || draft.priority() > 1_000_000) {
            wrong.add(new Problem.Field("/priority", "OUT_OF_RANGE", "Is between 0 and 1000000"));
        }
        String country = draft.country();
        if (country != null && !Residency.isCountry(country)) {
            wrong.add(new Problem.Field("/country", "INVALID", "Is a country code such as FR"));
        }
        String prefix = draft.prefix();
        if (prefix != null && !prefix.matches("\\+[1-9][0-9]{0,14}")) {
            wrong.add(new Problem.Field("/prefix", "INVALID", "Is + and digits, such as +336"));
        }
        return wrong.isEmpty()
                ? Mono.empty()
                : Mono.error(new Problem(ProblemType.INVALID_REQUEST, "The route has invalid fields.", wrong));
    }

    private static Problem unknownAccount() {
        return new Problem(
                ProblemType.INVALID_REQUEST,
                "The route has invalid fields.",
                List.of(new Problem.Field("/accountId", "UNKNOWN", "There is no such carrier account")));
    }

    private static Problem notFound() {
        return new Problem(ProblemType.NOT_FOUND, "There is no such route.");
    }

    private static AuditEvent event(ConfiguredRoute route, String action, Actor actor) {
        return new AuditEvent(
                route.tenant(),
                actor,
                action,
                "route:" + route.id(),
                Map.of(
                        "account", route.route().accountId().toString(),
                        "priority", route.route().priority(),
                        "enabled", route.route().enabled()));
    }

    @Override
    public void start() {
        following = FOLLOWING.on(Flux.interval(Duration.ZERO, POLL), this::refresh);
    }

    @Override
    public void stop() {
        Disposable was = following;
        following = null;
        if (was != null) {
            was.dispose();
        }
    }

    @Override
    public boolean isRunning() {
        return following != null;
    }

    @Override
    public int getPhase() {
        return StartOrder.SNAPSHOTS;
    }
}
