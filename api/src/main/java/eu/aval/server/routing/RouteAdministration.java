// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.routing;

import eu.aval.server.audit.Actor;
import eu.aval.server.shared.TenantId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Routes as an administrator configures them. Each change is one transaction with its audit event, in force on this node
 * at once and on the others within seconds. What cannot be is a {@code Problem} {@code INVALID_REQUEST} with the field;
 * an id of another tenant is {@code NOT_FOUND}.
 */
public interface RouteAdministration {

    /** In the order in which they are tried. */
    Mono<List<ConfiguredRoute>> list(TenantId tenant);

    /** Of many tenants at once; without those that have none. */
    Mono<Map<TenantId, List<ConfiguredRoute>>> list(Collection<TenantId> tenants);

    Mono<ConfiguredRoute> create(TenantId tenant, RouteDraft draft, Actor actor);

    /**
     * Ends as {@code CONFLICT} when somebody changed the route after the version.
     *
     * @param version that the change was made from; null is whichever
     */
    Mono<ConfiguredRoute> update(TenantId tenant, UUID id, RouteDraft draft, @Nullable Integer version, Actor actor);

    /**
     * What is queued for its account goes on there. Ends as {@code CONFLICT} when somebody changed the route after the
     * version.
     *
     * @param version that was read; null is whichever
     */
    Mono<Void> delete(TenantId tenant, UUID id, @Nullable Integer version, Actor actor);
}
