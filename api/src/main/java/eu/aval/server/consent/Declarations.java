// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.consent;

import eu.aval.server.shared.TenantId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Mono;

/** What many tenants have declared, in as many statements as for one; those without any are missing. */
public interface Declarations {

    /** By key, retired ones included. */
    Mono<Map<TenantId, List<Purpose>>> purposes(Collection<TenantId> tenants);

    /** By value, retired ones included. */
    Mono<Map<TenantId, List<Sender>>> senders(Collection<TenantId> tenants);
}
