// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.consent.store;

import eu.aval.server.consent.Declarations;
import eu.aval.server.consent.Purpose;
import eu.aval.server.consent.Sender;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.PlatformDatabase;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** {@code aval.purpose} and {@code aval.sender} across tenants. */
@Component
class DeclarationTables implements Declarations {

    private final PlatformDatabase database;

    DeclarationTables(PlatformDatabase database) {
        this.database = database;
    }

    @Override
    public Mono<Map<TenantId, List<Purpose>>> purposes(Collection<TenantId> tenants) {
        return database.in(client -> PurposeTable.list(client, tenants));
    }

    @Override
    public Mono<Map<TenantId, List<Sender>>> senders(Collection<TenantId> tenants) {
        return database.in(client -> SenderTable.list(client, tenants));
    }
}
