// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.consent.graphql;

import eu.aval.server.access.Operator;
import eu.aval.server.consent.Declarations;
import eu.aval.server.consent.LegalBasis;
import eu.aval.server.consent.Purpose;
import eu.aval.server.consent.Purposes;
import eu.aval.server.consent.RetentionClass;
import eu.aval.server.consent.Sector;
import eu.aval.server.consent.Sender;
import eu.aval.server.consent.Senders;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.Tenant;
import eu.aval.spi.submit.MessageClass;
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

/** What tenants send for, and as whom. Both come from memory, so a list of tenants costs no query for each. */
@Controller
class PurposeController {

    record DeclarePurposeInput(
            UUID tenantId,
            String key,
            MessageClass messageClass,
            LegalBasis legalBasis,
            RetentionClass retentionClass,
            Sector sector,
            Boolean directedAtMinors) {

        Purposes.Declaration declaration() {
            return new Purposes.Declaration(key, messageClass, legalBasis, retentionClass, sector, directedAtMinors);
        }
    }

    record DeclareSenderInput(
            UUID tenantId,
            String value,
            Boolean isDefault,
            @Nullable String stopRoute) {}

    private final Purposes purposes;
    private final Senders senders;

    private final Declarations declarations;

    PurposeController(Purposes purposes, Senders senders, Declarations declarations) {
        this.purposes = purposes;
        this.senders = senders;
        this.declarations = declarations;
    }

    /** One query for all tenants of an answer. */
    @BatchMapping(typeName = "Tenant", field = "purposes")
    Mono<Map<Tenant, List<Purpose>>> purposesOf(List<Tenant> those) {
        return declarations.purposes(ids(those)).map(found -> each(those, found));
    }

    /** One query for all tenants of an answer. */
    @BatchMapping(typeName = "Tenant", field = "senders")
    Mono<Map<Tenant, List<Sender>>> sendersOf(List<Tenant> those) {
        return declarations.senders(ids(those)).map(found -> each(those, found));
    }

    private static List<TenantId> ids(List<Tenant> those) {
        return those.stream().map(Tenant::id).toList();
    }

    private static <T> Map<Tenant, List<T>> each(List<Tenant> those, Map<TenantId, List<T>> found) {
        return those.stream()
                .collect(Collectors.toMap(
                        Function.identity(), tenant -> found.getOrDefault(tenant.id(), List.of()), (one, same) -> one));
    }

    @MutationMapping
    Mono<Purpose> declarePurpose(@Argument DeclarePurposeInput input, @ContextValue Operator operator) {
        return purposes.declare(
                operator.require(new TenantId(input.tenantId())), input.declaration(), operator.actor());
    }

    @MutationMapping
    Mono<Purpose> retirePurpose(@Argument UUID tenantId, @Argument String key, @ContextValue Operator operator) {
        return purposes.retire(operator.require(new TenantId(tenantId)), key, operator.actor());
    }

    @MutationMapping
    Mono<Sender> declareSender(@Argument DeclareSenderInput input, @ContextValue Operator operator) {
        return senders.declare(
                operator.require(new TenantId(input.tenantId())),
                new Senders.Declaration(input.value(), input.isDefault(), input.stopRoute()),
                operator.actor());
    }

    @MutationMapping
    Mono<Sender> routeStops(
            @Argument UUID tenantId,
            @Argument String value,
            @Argument @Nullable String stopRoute,
            @ContextValue Operator operator) {
        return senders.routeStops(operator.require(new TenantId(tenantId)), value, stopRoute, operator.actor());
    }

    @MutationMapping
    Mono<Sender> retireSender(@Argument UUID tenantId, @Argument String value, @ContextValue Operator operator) {
        return senders.retire(operator.require(new TenantId(tenantId)), value, operator.actor());
    }
}
