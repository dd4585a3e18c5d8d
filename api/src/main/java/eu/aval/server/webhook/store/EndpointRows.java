// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.webhook.store;

import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import eu.aval.server.shared.TenantId;
import eu.aval.server.webhook.EventExclusion;
import eu.aval.server.webhook.SigningKey;
import eu.aval.server.webhook.WebhookEndpoint;
import io.r2dbc.spi.Readable;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Mono;

/**
 * {@code webhook_endpoint}, {@code webhook_secret} and {@code event_exclusion}. Where an owner is asked for, null stands
 * for whoever may act for the whole tenant.
 */
@Repository
public class EndpointRows {

    private static final String COLUMNS = """
            e.id, e.tenant_id, e.api_key_id, e.url, e.description, e.types, e.excluded_fields, e.state, e.reason, e.state_at,
            e.failing_since, e.succeeded_at, e.failed_at, e.paused_until, e.created_at""";

    /** A key with its secret, sealed. */
    @SuppressWarnings("ArrayRecordComponent")
    public record SealedKey(UUID id, UUID endpointId, SigningKey.Scheme scheme, byte[] sealed) {}

    /** Those of these tenants with their keys, oldest first. */
    public Mono<List<WebhookEndpoint>> of(DatabaseClient client, Collection<TenantId> tenants, @Nullable UUID owner) {
        return bind(
                        client.sql("select " + COLUMNS
                                        + " from aval.webhook_endpoint e where e.tenant_id = any($1)"
                                        + " and ($2::uuid is null or e.api_key_id = $2) order by e.id")
                                .bind(0, tenants.stream().map(TenantId::value).toArray(UUID[]::new)),
                        1,
                        owner)
                .map(EndpointRows::endpoint)
                .all()
                .collectList()
                .flatMap(found -> withKeys(client, found));
    }

    /** Locked until the transaction ends. */
    public Mono<WebhookEndpoint> find(DatabaseClient client, TenantId tenant, @Nullable UUID owner, UUID id) {
        return bind(
                        client.sql("select " + COLUMNS
                                        + " from aval.webhook_endpoint e where e.tenant_id = $1 and e.id = $2"
                                        + " and ($3::uuid is null or e.api_key_id = $3) for update")
                                .bind(0, tenant.value())
                                .bind(1, id),
                        2,
                        owner)
                .map(EndpointRows::endpoint)
                .one()
                .flatMap(found -> withKeys(client, List.of(found)).map(List::getFirst));
    }

    /** Likewise; {@link ProblemType#NOT_FOUND} where its owner has no such endpoint. */
    public Mono<WebhookEndpoint> required(DatabaseClient client, TenantId tenant, @Nullable UUID owner, UUID id) {
        return find(client, tenant, owner, id)
                .switchIfEmpty(Mono.error(() -> new Problem(ProblemType.NOT_FOUND, "No such endpoint")));
    }

    public Mono<Void> insert(DatabaseClient client, WebhookEndpoint endpoint) {
        GenericExecuteSpec statement = client.sql("""
                        insert into aval.webhook_endpoint (id, tenant_id, api_key_id, url, description, types, excluded_fields,
                          state_at, created_at)
                        values ($1, $2, $3, $4, $5, $6, $7, $8, $8)""")
                .bind(0, endpoint.id())
                .bind(1, endpoint.tenant().value())
                .bind(3, endpoint.draft().url())
                .bind(5, endpoint.draft().types().toArray(String[]::new))
                .bind(6, endpoint.draft().excludedFields().toArray(String[]::new))
                .bind(7, endpoint.createdAt());
        statement = bind(statement, 2, endpoint.apiKeyId());
        String description = endpoint.draft().description();
        return (description == null ? statement.bindNull(4, String.class) : statement.bind(4, description)).then();
    }

    /** A new address begins without the pauses and failures of the old one. */
    public Mono<Void> update(DatabaseClient client, UUID id, WebhookEndpoint.Draft draft) {
        GenericExecuteSpec statement = client.sql("""
                        update aval.webhook_endpoint set url = $2, description = $3, types = $4, excluded_fields = $5,
                          failing_since = case when url = $2 then failing_since end,
                          paused_until = case when url = $2 then paused_until end
                        where id = $1""")
                .bind(0, id)
                .bind(1, draft.url())
                .bind(3, draft.types().toArray(String[]::new))
                .bind(4, draft.excludedFields().toArray(String[]::new));
        String description = draft.description();
        return (description == null ? statement.bindNull(2, String.class) : statement.bind(2, description)).then();
    }

    public Mono<Void> own(DatabaseClient client, UUID id, @Nullable UUID apiKeyId) {
        return bind(
                        client.sql("update aval.webhook_endpoint set api_key_id = $2 where id = $1")
                                .bind(0, id),
                        1,
                        apiKeyId)
                .then();
    }

    /** Whether the tenant has such a key, and it is not revoked. */
    public Mono<Boolean> hasKey(DatabaseClient client, TenantId tenant, UUID apiKeyId) {
        return client.sql("""
                        select exists (select from aval.api_key where tenant_id = $1 and id = $2 and revoked_at is null)""")
                .bind(0, tenant.value())
                .bind(1, apiKeyId)
                .mapValue(Boolean.class)
                .one();
    }

    public Mono<Void> enable(DatabaseClient client, UUID id) {
        return client.sql("""
                        update aval.webhook_endpoint set state = 'ENABLED', reason = null, state_at = now(), failing_since = null,
                          paused_until = null
                        where id = $1 and state = 'DISABLED'""").bind(0, id).then();
    }

    /** Whether it was enabled. What it had still to be told is forgotten; the log of events has it. */
    public Mono<Boolean> disable(DatabaseClient client, UUID id, WebhookEndpoint.Reason reason) {
        return client.sql("""
                        update aval.webhook_endpoint set state = 'DISABLED', reason = $2, state_at = now()
                        where id = $1 and state = 'ENABLED'""")
                .bind(0, id)
                .bind(1, reason.name())
                .fetch()
                .rowsUpdated()
                .flatMap(changed ->
                        changed == 0 ? Mono.just(false) : forget(client, id).thenReturn(true));
    }

    public Mono<Void> delete(DatabaseClient client, UUID id) {
        return forget(client, id)
                .then(client.sql("delete from aval.webhook_endpoint where id = $1")
                        .bind(0, id)
                        .then());
    }

    private static Mono<Void> forget(DatabaseClient client, UUID id) {
        return client.sql("""
                        delete from aval.webhook_delivery where endpoint_id = $1 and event_id = any(array(
                          select event_id from aval.webhook_delivery where endpoint_id = $1 order by event_id for update))""").bind(0, id).then();
    }

    /** Whether somebody of the tenant is told. */
    public Mono<Boolean> isTold(DatabaseClient client, TenantId tenant) {
        return client.sql("""
                        select exists (select from aval.webhook_endpoint where tenant_id = $1 and state = 'ENABLED')""").bind(0, tenant.value()).mapValue(Boolean.class).one();
    }

    /** The current key of its endpoint from now on; the one before it signs for {@code overlap} more, others no longer. */
    public Mono<Void> addKey(
            DatabaseClient client,
            TenantId tenant,
            UUID endpointId,
            WebhookEndpoint.Key key,
            byte[] sealed,
            Duration overlap) {
        GenericExecuteSpec insert = client.sql("""
                        insert into aval.webhook_secret (id, tenant_id, endpoint_id, scheme, secret_sealed, public_key, created_at)
                        values ($1, $2, $3, $4, $5, $6, $7)""")
                .bind(0, key.id())
                .bind(1, tenant.value())
                .bind(2, endpointId)
                .bind(3, key.scheme().value())
                .bind(4, ByteBuffer.wrap(sealed))
                .bind(6, key.createdAt());
        String publicKey = key.publicKey();
        return client.sql("delete from aval.webhook_secret where endpoint_id = $1 and expires_at is not null")
                .bind(0, endpointId)
                .then()
                .then(client.sql("""
                                update aval.webhook_secret set expires_at = now() + $2::interval
                                where endpoint_id = $1 and expires_at is null""")
                        .bind(0, endpointId)
                        .bind(1, overlap.toSeconds() + " seconds")
                        .then())
                .then((publicKey == null ? insert.bindNull(5, String.class) : insert.bind(5, publicKey)).then());
    }

    /** Those that sign now, of these endpoints, newest first. */
    public Mono<List<SealedKey>> signing(DatabaseClient client, Collection<UUID> endpoints) {
        return client.sql("""
                        select id, endpoint_id, scheme, secret_sealed from aval.webhook_secret
                        where endpoint_id = any($1) and (expires_at is null or expires_at > now()) order by id desc""")
                .bind(0, endpoints.toArray(UUID[]::new))
                .map(row -> new SealedKey(
                        required(row, "id", UUID.class),
                        required(row, "endpoint_id", UUID.class),
                        scheme(row),
                        required(row, "secret_sealed", byte[].class)))
                .all()
                .collectList();
    }

    /** Fields that a tenant, or one of its applications, excludes from all events. */
    public Mono<Void> exclude(DatabaseClient client, TenantId tenant, @Nullable UUID apiKeyId, List<String> fields) {
        GenericExecuteSpec statement =
                bind(client.sql(fields.isEmpty() ? """
                                delete from aval.event_exclusion
                                where tenant_id = $1 and api_key_id is not distinct from $2::uuid""" : """
                                insert into aval.event_exclusion (tenant_id, api_key_id, fields) values ($1, $2, $3)
                                on conflict (tenant_id, api_key_id) do update set fields = excluded.fields""").bind(0, tenant.value()), 1, apiKeyId);
        return (fields.isEmpty() ? statement : statement.bind(2, fields.toArray(String[]::new))).then();
    }

    /** What these tenants exclude; for all of each first. */
    public Mono<List<EventExclusion>> exclusions(DatabaseClient client, Collection<TenantId> tenants) {
        return client.sql("""
                        select tenant_id, api_key_id, fields from aval.event_exclusion
                        where tenant_id = any($1) order by tenant_id, api_key_id nulls first""")
                .bind(0, tenants.stream().map(TenantId::value).toArray(UUID[]::new))
                .map(row -> new EventExclusion(
                        new TenantId(required(row, "tenant_id", UUID.class)),
                        row.get("api_key_id", UUID.class),
                        List.of(required(row, "fields", String[].class))))
                .all()
                .collectList();
    }

    /** Those of the tenant, and those of the application if it is one. */
    public Mono<List<String>> excluded(DatabaseClient client, TenantId tenant, @Nullable UUID apiKeyId) {
        return bind(client.sql("""
                                        select distinct unnest(fields) as field from aval.event_exclusion
                                        where tenant_id = $1 and (api_key_id is null or api_key_id = $2::uuid) order by field""").bind(0, tenant.value()), 1, apiKeyId)
                .mapValue(String.class)
                .all()
                .collectList();
    }

    private static Mono<List<WebhookEndpoint>> withKeys(DatabaseClient client, List<WebhookEndpoint> endpoints) {
        if (endpoints.isEmpty()) {
            return Mono.just(endpoints);
        }
        return client.sql("""
                        select id, endpoint_id, scheme, public_key, created_at, expires_at from aval.webhook_secret
                        where endpoint_id = any($1) and (expires_at is null or expires_at > now()) order by id desc""")
                .bind(0, endpoints.stream().map(WebhookEndpoint::id).toArray(UUID[]::new))
                .map(row -> Map.entry(required(row, "endpoint_id", UUID.class), key(row)))
                .all()
                .collectList()
                .map(keys -> {
                    Map<UUID, List<WebhookEndpoint.Key>> own = keys.stream()
                            .collect(Collectors.groupingBy(
                                    Map.Entry::getKey, Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
                    return endpoints.stream()
                            .map(each -> each.with(own.getOrDefault(each.id(), List.of())))
                            .toList();
                });
    }

    private static WebhookEndpoint.Key key(Readable row) {
        return new WebhookEndpoint.Key(
                required(row, "id", UUID.class),
                scheme(row),
                row.get("public_key", String.class),
                required(row, "created_at", Instant.class),
                row.get("expires_at", Instant.class));
    }

    private static SigningKey.Scheme scheme(Readable row) {
        return SigningKey.Scheme.valueOf(required(row, "scheme", String.class).toUpperCase(Locale.ROOT));
    }

    private static WebhookEndpoint endpoint(Readable row) {
        String reason = row.get("reason", String.class);
        return new WebhookEndpoint(
                required(row, "id", UUID.class),
                new TenantId(required(row, "tenant_id", UUID.class)),
                row.get("api_key_id", UUID.class),
                new WebhookEndpoint.Draft(
                        required(row, "url", String.class),
                        row.get("description", String.class),
                        List.of(required(row, "types", String[].class)),
                        List.of(required(row, "excluded_fields", String[].class))),
                WebhookEndpoint.State.valueOf(required(row, "state", String.class)),
                reason == null ? null : WebhookEndpoint.Reason.valueOf(reason),
                required(row, "state_at", Instant.class),
                row.get("failing_since", Instant.class),
                row.get("succeeded_at", Instant.class),
                row.get("failed_at", Instant.class),
                row.get("paused_until", Instant.class),
                required(row, "created_at", Instant.class),
                List.of());
    }

    private static GenericExecuteSpec bind(GenericExecuteSpec statement, int index, @Nullable UUID value) {
        return value == null ? statement.bindNull(index, UUID.class) : statement.bind(index, value);
    }

    private static <T> T required(Readable row, String column, Class<T> type) {
        return Objects.requireNonNull(row.get(column, type), column);
    }
}
