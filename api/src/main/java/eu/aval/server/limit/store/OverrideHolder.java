// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.limit.store;

import eu.aval.server.personaldata.PersonalDataHolder;
import eu.aval.server.personaldata.PlaintextAccess;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.PlatformDatabase;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.reactivestreams.Publisher;
import org.springframework.stereotype.Component;

/** That a limit was lifted for somebody. The row stays, for why their messages went out; it leads to nobody any more. */
@Component
class OverrideHolder implements PersonalDataHolder {

    private final PlatformDatabase database;

    OverrideHolder(PlatformDatabase database) {
        this.database = database;
    }

    @Override
    public String name() {
        return "limits";
    }

    @Override
    public int order() {
        return 200;
    }

    @Override
    public Set<String> columns() {
        return Set.of("limit_override.subject_id");
    }

    @Override
    public Publisher<Map<String, Object>> export(TenantId tenant, UUID subjectId, PlaintextAccess access) {
        return database.in(client -> client.sql("""
                                select limit_kind, reason, granted_at, expires_at from aval.limit_override
                                where tenant_id = $1 and subject_id = $2 order by id""")
                        .bind(0, tenant.value())
                        .bind(1, subjectId)
                        .map(row -> {
                            Map<String, Object> override = new LinkedHashMap<>();
                            override.put("liftedLimit", Objects.requireNonNull(row.get("limit_kind", String.class)));
                            override.put("reason", Objects.requireNonNull(row.get("reason", String.class)));
                            override.put(
                                    "grantedAt",
                                    Objects.requireNonNull(row.get("granted_at", Instant.class))
                                            .toString());
                            override.put(
                                    "expiresAt",
                                    Objects.requireNonNull(row.get("expires_at", Instant.class))
                                            .toString());
                            return override;
                        })
                        .all()
                        .collectList())
                .flatMapIterable(rows -> rows);
    }

    /** It ends as well: without the person it would hold for everybody. */
    @Override
    public Publisher<Long> erase(TenantId tenant, UUID subjectId) {
        return database.in(client -> client.sql("""
                        update aval.limit_override
                        set subject_id = null, revoked_at = coalesce(revoked_at, least(now(), expires_at))
                        where tenant_id = $1 and subject_id = $2""")
                .bind(0, tenant.value())
                .bind(1, subjectId)
                .fetch()
                .rowsUpdated());
    }
}
