// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.consent.store;

import eu.aval.server.audit.Actor;
import eu.aval.server.audit.AuditEvent;
import eu.aval.server.audit.AuditTrail;
import eu.aval.server.consent.Sender;
import eu.aval.server.consent.SenderRules;
import eu.aval.server.consent.Senders;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import eu.aval.server.shared.TenantId;
import eu.aval.server.shared.TimeOrderedId;
import eu.aval.server.tenant.PlatformDatabase;
import eu.aval.server.tenant.TenantDatabase;
import io.r2dbc.spi.Parameters;
import io.r2dbc.spi.R2dbcType;
import io.r2dbc.spi.Readable;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** {@code aval.sender}. */
@Component
class SenderTable implements Senders {

    private static final String COLUMNS = "id, value, kind, is_default, stop_route, state";

    private final TenantDatabase database;
    private final PlatformDatabase platform;
    private final AuditTrail audit;
    private final ObjectProvider<SenderRules> rules;
    private final Snapshots<Map<String, Sender>> snapshots = new Snapshots<>(this::read);

    SenderTable(
            TenantDatabase database, PlatformDatabase platform, AuditTrail audit, ObjectProvider<SenderRules> rules) {
        this.database = database;
        this.rules = rules;
        this.platform = platform;
        this.audit = audit;
    }

    @Override
    public Mono<Map<String, Sender>> of(TenantId tenant) {
        return snapshots.of(tenant);
    }

    private Mono<Map<String, Sender>> read(TenantId tenant) {
        return database.in(
                tenant,
                client -> client.sql("select " + COLUMNS + " from aval.sender where tenant_id = $1")
                        .bind(0, tenant.value())
                        .map(SenderTable::sender)
                        .all()
                        .collectMap(Sender::value)
                        .map(Map::copyOf));
    }

    @Override
    public Mono<Sender> declare(TenantId tenant, Declaration declaration, Actor actor) {
        return Mono.fromCallable(() -> draft(declaration))
                .flatMap(draft -> allowed(tenant, draft))
                .flatMap(draft -> platform.in(client -> undefault(client, tenant, draft.isDefault())
                        .then(insert(client, tenant, draft))
                        .switchIfEmpty(Mono.error(() ->
                                new Problem(ProblemType.CONFLICT, "A sender of this value has been declared before.")))
                        .flatMap(sender -> append(client, tenant, actor, "sender.declared", sender))))
                .doOnSuccess(sender -> snapshots.forget(tenant));
    }

    /**
     * @throws Problem INVALID_REQUEST
     */
    private static Sender draft(Declaration declaration) {
        Sender.Kind kind = SenderForm.kindOf(declaration.value());
        SenderForm.checkStopRoute(declaration.stopRoute());
        return new Sender(
                TimeOrderedId.next(),
                declaration.value(),
                kind,
                declaration.isDefault(),
                declaration.stopRoute(),
                false);
    }

    private Mono<Sender> allowed(TenantId tenant, Sender draft) {
        return Flux.fromStream(rules.orderedStream())
                .concatMap(rule -> rule.refusal(tenant, draft))
                .next()
                .<Sender>flatMap(why -> Mono.error(new Problem(
                        ProblemType.SENDER_FORBIDDEN,
                        why,
                        List.of(new Problem.Field("/value", ProblemType.SENDER_FORBIDDEN.name(), why)))))
                .defaultIfEmpty(draft);
    }

    /** Makes room for a default of which there is one only; two that come at a time do it one after the other. */
    private static Mono<Void> undefault(DatabaseClient client, TenantId tenant, boolean isDefault) {
        return isDefault
                ? client.sql("select pg_advisory_xact_lock(hashtextextended('aval.sender:' || $1, 0))")
                        .bind(0, tenant.toString())
                        .then()
                        .then(client.sql(
                                        "update aval.sender set is_default = false where tenant_id = $1 and is_default")
                                .bind(0, tenant.value())
                                .then())
                : Mono.empty();
    }

    private static Mono<Sender> insert(DatabaseClient client, TenantId tenant, Sender sender) {
        return client.sql("""
                        insert into aval.sender (id, tenant_id, value, kind, is_default, stop_route)
                        values ($1, $2, $3, $4, $5, $6)
                        on conflict (tenant_id, value) do nothing returning %s""".formatted(COLUMNS))
                .bind(0, sender.id())
                .bind(1, tenant.value())
                .bind(2, sender.value())
                .bind(3, sender.kind().name())
                .bind(4, sender.isDefault())
                .bind(5, Parameters.in(R2dbcType.VARCHAR, sender.stopRoute()))
                .map(SenderTable::sender)
                .one();
    }

    @Override
    public Mono<Sender> routeStops(TenantId tenant, String value, @Nullable String stopRoute, Actor actor) {
        return Mono.<Void>fromRunnable(() -> SenderForm.checkStopRoute(stopRoute))
                .then(platform.in(client -> client.sql("""
                                update aval.sender set stop_route = $3
                                where tenant_id = $1 and value = $2 returning %s""".formatted(COLUMNS))
                        .bind(0, tenant.value())
                        .bind(1, value)
                        .bind(2, Parameters.in(R2dbcType.VARCHAR, stopRoute))
                        .map(SenderTable::sender)
                        .one()
                        .switchIfEmpty(notFound())
                        .flatMap(sender -> append(client, tenant, actor, "sender.stops-routed", sender))))
                .doOnSuccess(sender -> snapshots.forget(tenant));
    }

    @Override
    public Mono<Sender> retire(TenantId tenant, String value, Actor actor) {
        return platform.in(client -> client.sql("""
                                update aval.sender set state = 'RETIRED', is_default = false
                                where tenant_id = $1 and value = $2 returning %s""".formatted(COLUMNS))
                        .bind(0, tenant.value())
                        .bind(1, value)
                        .map(SenderTable::sender)
                        .one()
                        .switchIfEmpty(notFound())
                        .flatMap(sender -> append(client, tenant, actor, "sender.retired", sender)))
                .doOnSuccess(sender -> snapshots.forget(tenant));
    }

    private Mono<Sender> append(DatabaseClient client, TenantId tenant, Actor actor, String action, Sender sender) {
        return audit.append(
                        client,
                        new AuditEvent(
                                tenant,
                                actor,
                                action,
                                "sender:" + sender.id(),
                                Map.of(
                                        "kind",
                                        sender.kind().name(),
                                        "default",
                                        sender.isDefault(),
                                        "stopRoute",
                                        Objects.requireNonNullElse(sender.stopRoute(), ""))))
                .thenReturn(sender);
    }

    private static Mono<Sender> notFound() {
        return Mono.error(() -> new Problem(ProblemType.NOT_FOUND, "No sender of this value has been declared."));
    }

    private static Sender sender(Readable row) {
        return new Sender(
                required(row, "id", UUID.class),
                required(row, "value", String.class),
                Sender.Kind.valueOf(required(row, "kind", String.class)),
                required(row, "is_default", Boolean.class),
                row.get("stop_route", String.class),
                required(row, "state", String.class).equals("RETIRED"));
    }

    /** Of many tenants, each in the order of its value. */
    static Mono<Map<TenantId, List<Sender>>> list(DatabaseClient client, Collection<TenantId> tenants) {
        return client.sql("select tenant_id, " + COLUMNS
                        + " from aval.sender where tenant_id = any($1) order by value collate \"C\"")
                .bind(0, tenants.stream().map(TenantId::value).toArray(UUID[]::new))
                .map(row -> Map.entry(new TenantId(required(row, "tenant_id", UUID.class)), sender(row)))
                .all()
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey, Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
    }

    private static <T> T required(Readable row, String column, Class<T> type) {
        return Objects.requireNonNull(row.get(column, type), column);
    }
}
