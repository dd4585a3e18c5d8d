// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import eu.aval.server.access.store.ApiKeyRows;
import eu.aval.server.access.store.ApiKeyRows.Stored;
import eu.aval.server.audit.Actor;
import eu.aval.server.audit.AuditEvent;
import eu.aval.server.audit.AuditTrail;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import eu.aval.server.shared.TenantId;
import eu.aval.server.shared.TimeOrderedId;
import eu.aval.server.tenant.KeyedDatabase;
import eu.aval.server.tenant.PlatformDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The keys of applications. A key that is revoked stops working at once on the node that revoked it, and within
 * {@link VerifiedCredentials#LONGEST} on the others.
 */
@Component
public class ApiKeys {

    private static final Duration LOOK = Duration.ofSeconds(2);

    private final KeyedDatabase keyed;
    private final PlatformDatabase database;
    private final ApiKeyRows rows;
    private final AuditTrail audit;
    private final Secrets secrets;
    private final VerifiedCredentials<Application> verified;

    ApiKeys(KeyedDatabase keyed, PlatformDatabase database, ApiKeyRows rows, AuditTrail audit, Secrets secrets) {
        this.keyed = keyed;
        this.database = database;
        this.rows = rows;
        this.audit = audit;
        this.secrets = secrets;
        this.verified = new VerifiedCredentials<>(this::look, System::nanoTime);
    }

    /** Issues a key; this is the only moment at which its secret can be read. */
    public Mono<Issued<ApiKey>> issue(ApiKey.Draft draft, Actor actor) {
        var invalid = invalid(draft);
        if (!invalid.isEmpty()) {
            return Mono.error(new Problem(ProblemType.INVALID_REQUEST, "The key has invalid fields", invalid));
        }
        return secrets.create(draft.kind().name().toLowerCase(Locale.ROOT)).flatMap(credential -> {
            var key = new ApiKey(
                    TimeOrderedId.next(),
                    draft.tenant(),
                    draft.name(),
                    draft.kind(),
                    credential.prefix(),
                    draft.scopes(),
                    draft.purposes(),
                    draft.senders(),
                    draft.requestsPerSecond(),
                    draft.expiresAt(),
                    null,
                    Instant.now().truncatedTo(ChronoUnit.MICROS));
            return keyed.acrossTenants(Set.of(TenantId.PLATFORM, draft.tenant()), (client, keys) -> {
                var own = Objects.requireNonNull(keys.get(draft.tenant()));
                var platform = Objects.requireNonNull(keys.get(TenantId.PLATFORM));
                var recipients = draft.recipients().stream().map(own::index).toList();
                return rows.insert(client, key, secrets.hash(platform, credential))
                        .then(rows.insertRecipients(client, key, recipients))
                        .then(audit.append(client, issued(key, actor)))
                        .thenReturn(new Issued<>(key, credential.reveal()));
            });
        });
    }

    /** The keys of each tenant, revoked ones too, oldest first. */
    public Mono<Map<TenantId, List<ApiKey>>> of(Collection<TenantId> tenants) {
        return database.in(client -> rows.of(client, tenants)).map(found -> {
            Map<TenantId, List<ApiKey>> byTenant = new HashMap<>();
            for (var tenant : tenants) {
                byTenant.put(
                        tenant,
                        found.stream()
                                .filter(key -> key.tenant().equals(tenant))
                                .toList());
            }
            return byTenant;
        });
    }

    /** Ends a key for good. Doing it again changes nothing. */
    public Mono<ApiKey> revoke(TenantId tenant, UUID id, Actor actor) {
        return database.in(client -> rows.revoke(client, tenant, id)
                        .flatMap(changed -> changed
                                ? audit.append(
                                        client, new AuditEvent(tenant, actor, "api-key.revoked", "api-key:" + id))
                                : Mono.empty())
                        .then(rows.find(client, tenant, id)))
                .switchIfEmpty(Mono.error(() -> new Problem(ProblemType.NOT_FOUND, "No such API key")))
                .doOnNext(key -> verified.forget());
    }

    /** The application a key belongs to; empty when the key is unknown, revoked or expired. */
    Mono<Application> verify(Credential credential) {
        return verified.get(credential);
    }

    /** Completes within seconds when the key has ended: for whoever is served longer than that. */
    Mono<Void> ended(Credential credential) {
        return Mono.defer(() -> Flux.interval(LOOK)
                .onBackpressureDrop()
                // While nobody can tell it goes on
                .concatMap(tick -> verify(credential).hasElement().onErrorReturn(true), 1)
                .filter(stands -> !stands)
                .next()
                .then());
    }

    private Mono<VerifiedCredentials.Entry<Application>> look(Credential credential) {
        return keyed.acrossTenants(
                TenantId.PLATFORM,
                (client, platform) -> rows.findByPrefix(client, credential.prefix())
                        .filter(stored -> stored.key().revokedAt() == null)
                        .flatMap(stored -> secrets.check(
                                        platform,
                                        credential,
                                        stored.hash(),
                                        hash -> rows.rehash(client, stored.key().id(), hash))
                                .filter(genuine -> genuine)
                                .map(genuine -> entry(stored))));
    }

    private static VerifiedCredentials.Entry<Application> entry(Stored stored) {
        var key = stored.key();
        return new VerifiedCredentials.Entry<>(
                new Application(
                        key.id(),
                        key.tenant(),
                        key.kind(),
                        key.scopes(),
                        key.purposes(),
                        key.senders(),
                        key.requestsPerSecond()),
                key.expiresAt());
    }

    private static List<Problem.Field> invalid(ApiKey.Draft draft) {
        List<Problem.Field> invalid = new ArrayList<>();
        if (draft.name().isBlank() || draft.name().length() > 200) {
            invalid.add(new Problem.Field("/name", "INVALID_LENGTH", "1 to 200 characters"));
        }
        if (draft.scopes().isEmpty()) {
            invalid.add(new Problem.Field("/scopes", "INVALID_LENGTH", "At least one"));
        }
        if (draft.requestsPerSecond() < 1 || draft.requestsPerSecond() > 100_000) {
            invalid.add(new Problem.Field("/requestsPerSecond", "OUT_OF_RANGE", "1 to 100,000"));
        }
        if (draft.expiresAt() != null && !draft.expiresAt().isAfter(Instant.now())) {
            invalid.add(new Problem.Field("/expiresAt", "OUT_OF_RANGE", "In the future"));
        }
        if (draft.recipients().isEmpty() == (draft.kind() == Application.Kind.TEAM)) {
            invalid.add(new Problem.Field("/recipients", "INVALID_VALUE", "A TEAM key, and no other, has recipients"));
        }
        return invalid;
    }

    private static AuditEvent issued(ApiKey key, Actor actor) {
        return new AuditEvent(
                key.tenant(),
                actor,
                "api-key.issued",
                "api-key:" + key.id(),
                Map.of(
                        "kind",
                        key.kind().name(),
                        "scopes",
                        key.scopes().stream()
                                .map(Application.Scope::value)
                                .sorted()
                                .toList()));
    }
}
