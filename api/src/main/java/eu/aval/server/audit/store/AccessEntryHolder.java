// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.audit.store;

import eu.aval.server.personaldata.PersonalDataHolder;
import eu.aval.server.personaldata.PlaintextAccess;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.TenantDatabase;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.reactivestreams.Publisher;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Who looked at a person's data. The person is told when and why, not which employee it was. The journal outlives erasure,
 * after which its entries lead to nobody.
 */
@Component
class AccessEntryHolder implements PersonalDataHolder {

    private final TenantDatabase database;

    AccessEntryHolder(TenantDatabase database) {
        this.database = database;
    }

    @Override
    public String name() {
        return "access-journal";
    }

    @Override
    public int order() {
        return 100;
    }

    @Override
    public Set<String> columns() {
        return Set.of("access_entry.subject_id");
    }

    @Override
    public Publisher<Map<String, Object>> export(TenantId tenant, UUID subjectId, PlaintextAccess access) {
        return database.in(
                        tenant,
                        client -> client.sql("""
                                select at, action, record_kind, reason from aval.access_entry
                                where tenant_id = $1 and subject_id = $2 order by id""")
                                .bind(0, tenant.value())
                                .bind(1, subjectId)
                                .map(row -> Map.<String, Object>of(
                                        "at", Objects.requireNonNull(row.get("at", Instant.class)),
                                        "action", Objects.requireNonNull(row.get("action", String.class)),
                                        "record", Objects.requireNonNull(row.get("record_kind", String.class)),
                                        "reason", Objects.requireNonNull(row.get("reason", String.class))))
                                .all()
                                .collectList())
                .flatMapMany(Flux::fromIterable);
    }

    @Override
    public Publisher<Long> erase(TenantId tenant, UUID subjectId) {
        return Mono.just(0L);
    }
}
