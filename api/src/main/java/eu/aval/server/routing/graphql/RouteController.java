// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.routing.graphql;

import eu.aval.server.access.MoneyInput;
import eu.aval.server.access.Operator;
import eu.aval.server.access.ShownMoney;
import eu.aval.server.carrier.AccountAdministration;
import eu.aval.server.carrier.ConfiguredAccount;
import eu.aval.server.routing.ConfiguredRoute;
import eu.aval.server.routing.RouteAdministration;
import eu.aval.server.routing.RouteDraft;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.Tenant;
import eu.aval.server.tenant.Tenants;
import eu.aval.spi.submit.MessageClass;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.graphql.data.method.annotation.Argument;
import org.springframework.graphql.data.method.annotation.BatchMapping;
import org.springframework.graphql.data.method.annotation.ContextValue;
import org.springframework.graphql.data.method.annotation.MutationMapping;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Mono;

/** Routes. Whose they are is looked at before anything else about them. */
@Controller
class RouteController {

    record CreateRouteInput(
            UUID tenantId,
            UUID accountId,
            Integer priority,
            @Nullable String country,
            @Nullable String prefix,
            @Nullable MessageClass messageClass,
            Boolean enabled,
            @Nullable MoneyInput partPrice) {}

    record UpdateRouteInput(
            UUID tenantId,
            UUID id,
            UUID accountId,
            Integer priority,
            @Nullable String country,
            @Nullable String prefix,
            @Nullable MessageClass messageClass,
            Boolean enabled,
            @Nullable MoneyInput partPrice,
            @Nullable Integer version) {}

    record DeletedRoute(UUID id) {}

    /** A route as the schema has it. */
    record ShownRoute(
            UUID id,
            TenantId tenantId,
            UUID accountId,
            int priority,
            @Nullable String country,
            @Nullable String prefix,
            @Nullable MessageClass messageClass,
            boolean enabled,
            @Nullable ShownMoney partPrice,
            int version) {

        static ShownRoute of(ConfiguredRoute stored) {
            var route = stored.route();
            return new ShownRoute(
                    stored.id(),
                    stored.tenant(),
                    route.accountId(),
                    route.priority(),
                    route.country(),
                    route.prefix(),
                    route.messageClass(),
                    route.enabled(),
                    ShownMoney.of(route.partPrice()),
                    stored.version());
        }
    }

    private final RouteAdministration routes;
    private final AccountAdministration accounts;
    private final Tenants tenants;

    RouteController(RouteAdministration routes, AccountAdministration accounts, Tenants tenants) {
        this.routes = routes;
        this.accounts = accounts;
        this.tenants = tenants;
    }

    @MutationMapping
    Mono<ShownRoute> createRoute(@Argument CreateRouteInput input, @ContextValue Operator operator) {
        var draft = new RouteDraft(
                input.accountId(),
                input.priority(),
                input.country(),
                input.prefix(),
                input.messageClass(),
                input.enabled(),
                MoneyInput.read(input.partPrice(), "/partPrice"));
        return operator.require(tenants, input.tenantId())
                .flatMap(tenant -> routes.create(tenant, draft, operator.actor()))
                .map(ShownRoute::of);
    }

    @MutationMapping
    Mono<ShownRoute> updateRoute(@Argument UpdateRouteInput input, @ContextValue Operator operator) {
        var draft = new RouteDraft(
                input.accountId(),
                input.priority(),
                input.country(),
                input.prefix(),
                input.messageClass(),
                input.enabled(),
                MoneyInput.read(input.partPrice(), "/partPrice"));
        return operator.require(tenants, input.tenantId())
                .flatMap(tenant -> routes.update(tenant, input.id(), draft, input.version(), operator.actor()))
                .map(ShownRoute::of);
    }

    @MutationMapping
    Mono<DeletedRoute> deleteRoute(
            @Argument UUID tenantId,
            @Argument UUID id,
            @Argument @Nullable Integer version,
            @ContextValue Operator operator) {
        return operator.require(tenants, tenantId)
                .flatMap(tenant ->
                        routes.delete(tenant, id, version, operator.actor()).thenReturn(new DeletedRoute(id)));
    }

    /** One query for all tenants of an answer. */
    @BatchMapping(typeName = "Tenant", field = "routes")
    Mono<Map<Tenant, List<ShownRoute>>> routesOf(List<Tenant> tenants) {
        return routes.list(tenants.stream().map(Tenant::id).toList())
                .map(found -> tenants.stream()
                        .collect(Collectors.toMap(
                                Function.identity(),
                                tenant -> found.getOrDefault(tenant.id(), List.of()).stream()
                                        .map(ShownRoute::of)
                                        .toList(),
                                (one, same) -> one)));
    }

    /** One query for all routes of an answer: there are few accounts. */
    @BatchMapping(typeName = "Route", field = "account")
    Mono<Map<ShownRoute, ConfiguredAccount>> accountsOf(List<ShownRoute> shown) {
        return accounts.list().map(all -> {
            Map<UUID, ConfiguredAccount> byId =
                    all.stream().collect(Collectors.toMap(ConfiguredAccount::id, Function.identity()));
            Map<ShownRoute, ConfiguredAccount> found = new HashMap<>();
            shown.forEach(route -> found.put(route, byId.get(route.accountId())));
            return found;
        });
    }
}
