// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.consent.store;

import eu.aval.server.audit.Actor;
import eu.aval.server.audit.AuditEvent;
import eu.aval.server.audit.AuditTrail;
import eu.aval.server.consent.LegalBasis;
import eu.aval.server.consent.Purpose;
import eu.aval.server.consent.Purposes;
import eu.aval.server.consent.RetentionClass;
import eu.aval.server.consent.Sector;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import eu.aval.server.shared.TenantId;
import eu.aval.server.shared.TimeOrderedId;
import eu.aval.server.tenant.PlatformDatabase;
import eu.aval.server.tenant.TenantDatabase;
import eu.aval.spi.submit.MessageClass;
import io.r2dbc.spi.Readable;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** {@code aval.purpose}. */
@Component
class PurposeTable implements Purposes {

    private static final String COLUMNS =
            "id, key, message_class, legal_basis, retention_class, sector, directed_at_minors, state";
    private static final Pattern KEY = Pattern.compile("[a-z][a-z0-9._-]{0,63}");

    private final TenantDatabase database;
    private final PlatformDatabase platform;
    private final AuditTrail audit;
    private final Snapshots<Map<String, Purpose>> snapshots = new Snapshots<>(this::read);

    PurposeTable(TenantDatabase database, PlatformDatabase platform, AuditTrail audit) {
        this.database = database;
        this.platform = platform;
        this.audit = audit;
    }

    @Override
    public Mono<Map<String, Purpose>> of(TenantId tenant) {
        return snapshots.of(tenant);
    }

    private Mono<Map<String, Purpose>> read(TenantId tenant) {
        return database.in(
                tenant,
                client -> client.sql("select " + COLUMNS + " from aval.purpose where tenant_id = $1")
                        .bind(0, tenant.value())
                        .map(PurposeTable::purpose)
                        .all()
                        .collectMap(Purpose::key)
                        .map(Map::copyOf));
    }

    @Override
    public Mono<Purpose> declare(TenantId tenant, Declaration declaration, Actor actor) {
        if (!KEY.matcher(declaration.key()).matches()) {
            return Mono.error(new Problem(
                    ProblemType.INVALID_REQUEST,
                    "The purpose cannot be declared.",
                    List.of(new Problem.Field(
                            "/key",
                            "INVALID_KEY",
                            "A letter, then up to 63 of a-z, 0-9, full stop, underscore and hyphen."))));
        }
        return platform.in(client -> insert(client, tenant, declaration)
                        .switchIfEmpty(Mono.error(() ->
                                new Problem(ProblemType.CONFLICT, "A purpose of this key has been declared before.")))
                        .flatMap(purpose -> audit.append(
                                        client,
                                        new AuditEvent(
                                                tenant,
                                                actor,
                                                "purpose.declared",
                                                "purpose:" + purpose.id(),
                                                Map.of(
                                                        "key",
                                                        purpose.key(),
                                                        "class",
                                                        purpose.messageClass().name(),
                                                        "basis",
                                                        purpose.legalBasis().name(),
                                                        "sector",
                                                        purpose.sector().name(),
                                                        "directedAtMinors",
                                                        purpose.directedAtMinors())))
                                .thenReturn(purpose)))
                .doOnSuccess(purpose -> snapshots.forget(tenant));
    }

    private static Mono<Purpose> insert(DatabaseClient client, TenantId tenant, Declaration declaration) {
        return client.sql("""
                        insert into aval.purpose (id, tenant_id, key, message_class, legal_basis, retention_class, sector,
                          directed_at_minors)
                        values ($1, $2, $3, $4, $5, $6, $7, $8)
                        on conflict (tenant_id, key) do nothing returning %s""".formatted(COLUMNS))
                .bind(0, TimeOrderedId.next())
                .bind(1, tenant.value())
                .bind(2, declaration.key())
                .bind(3, declaration.messageClass().name())
                .bind(4, declaration.legalBasis().name())
                .bind(5, declaration.retentionClass().name())
                .bind(6, declaration.sector().name())
                .bind(7, declaration.directedAtMinors())
                .map(PurposeTable::purpose)
                .one();
    }

    @Override
    public Mono<Purpose> retire(TenantId tenant, String key, Actor actor) {
        return platform.in(client -> client.sql("""
                                update aval.purpose set state = 'RETIRED'
                                where tenant_id = $1 and key = $2 returning %s""".formatted(COLUMNS))
                        .bind(0, tenant.value())
                        .bind(1, key)
                        .map(PurposeTable::purpose)
                        .one()
                        .switchIfEmpty(Mono.error(
                                () -> new Problem(ProblemType.NOT_FOUND, "No purpose of this key has been declared.")))
                        .flatMap(purpose -> audit.append(
                                        client,
                                        new AuditEvent(tenant, actor, "purpose.retired", "purpose:" + purpose.id()))
                                .thenReturn(purpose)))
                .doOnSuccess(purpose -> snapshots.forget(tenant));
    }

    private static Purpose purpose(Readable row) {
        return new Purpose(
                required(row, "id", UUID.class),
                required(row, "key", String.class),
                MessageClass.valueOf(required(row, "message_class", String.class)),
                LegalBasis.valueOf(required(row, "legal_basis", String.class)),
                RetentionClass.valueOf(required(row, "retention_class", String.class)),
                Sector.valueOf(required(row, "sector", String.class)),
                required(row, "directed_at_minors", Boolean.class),
                required(row, "state", String.class).equals("RETIRED"));
    }

    /** Of many tenants, each in the order of its key. */
    static Mono<Map<TenantId, List<Purpose>>> list(DatabaseClient client, Collection<TenantId> tenants) {
        return client.sql("select tenant_id, " + COLUMNS
                        + " from aval.purpose where tenant_id = any($1) order by key collate \"C\"")
                .bind(0, tenants.stream().map(TenantId::value).toArray(UUID[]::new))
                .map(row -> Map.entry(new TenantId(required(row, "tenant_id", UUID.class)), purpose(row)))
                .all()
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey, Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
    }

    private static <T> T required(Readable row, String column, Class<T> type) {
        return Objects.requireNonNull(row.get(column, type), column);
    }
}
