// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access.graphql;

import eu.aval.server.access.ApiKey;
import eu.aval.server.access.ApiKeys;
import eu.aval.server.access.Operator;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.Residency;
import eu.aval.server.tenant.Tenant;
import eu.aval.server.tenant.Tenants;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.graphql.data.method.annotation.Argument;
import org.springframework.graphql.data.method.annotation.BatchMapping;
import org.springframework.graphql.data.method.annotation.ContextValue;
import org.springframework.graphql.data.method.annotation.MutationMapping;
import org.springframework.graphql.data.method.annotation.QueryMapping;
import org.springframework.graphql.data.method.annotation.SchemaMapping;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Mono;

/** Tenants. Here and not in their own package, which stands below the one that knows operators. */
@Controller
class TenantController {

    record CreateTenantInput(String key, String name, List<String> countries, Integer maximumParts) {}

    record LimitTenantInput(UUID id, List<String> countries, Integer maximumParts) {}

    private final Tenants tenants;
    private final ApiKeys keys;

    TenantController(Tenants tenants, ApiKeys keys) {
        this.tenants = tenants;
        this.keys = keys;
    }

    @QueryMapping
    Mono<List<Tenant>> tenants(@ContextValue Operator operator) {
        return tenants.list()
                .map(list -> list.stream()
                        .filter(tenant -> operator.sees(tenant.id()))
                        .toList());
    }

    @QueryMapping
    Mono<Tenant> tenant(@Argument UUID id, @ContextValue Operator operator) {
        return operator.sees(new TenantId(id)) ? tenants.find(new TenantId(id)) : Mono.empty();
    }

    @MutationMapping
    Mono<Tenant> createTenant(@Argument CreateTenantInput input, @ContextValue Operator operator) {
        operator.requireAllTenants();
        return tenants.create(
                new Tenant.Draft(input.key(), input.name(), Set.copyOf(input.countries()), input.maximumParts()),
                operator.actor().value());
    }

    @MutationMapping
    Mono<Tenant> suspendTenant(@Argument UUID id, @ContextValue Operator operator) {
        operator.requireAllTenants();
        return tenants.suspend(new TenantId(id), operator.actor().value());
    }

    @MutationMapping
    Mono<Tenant> resumeTenant(@Argument UUID id, @ContextValue Operator operator) {
        operator.requireAllTenants();
        return tenants.resume(new TenantId(id), operator.actor().value());
    }

    @MutationMapping
    Mono<Tenant> limitTenant(@Argument LimitTenantInput input, @ContextValue Operator operator) {
        return tenants.limit(
                operator.require(new TenantId(input.id())),
                Set.copyOf(input.countries()),
                input.maximumParts(),
                operator.actor().value());
    }

    @MutationMapping
    Mono<Tenant> setResidency(@Argument UUID id, @Argument List<String> countries, @ContextValue Operator operator) {
        return tenants.reside(
                operator.require(new TenantId(id)),
                new Residency(Set.copyOf(countries)),
                operator.actor().value());
    }

    @SchemaMapping(typeName = "Tenant")
    List<String> residency(Tenant tenant) {
        return tenant.residency().allowed().stream().sorted().toList();
    }

    /** One query for all tenants of an answer. */
    @BatchMapping
    Mono<Map<Tenant, List<ApiKey>>> apiKeys(List<Tenant> tenants) {
        return keys.of(tenants.stream().map(Tenant::id).toList())
                .map(found -> tenants.stream()
                        .collect(Collectors.toMap(
                                Function.identity(),
                                tenant -> found.getOrDefault(tenant.id(), List.of()),
                                (one, same) -> one)));
    }
}
