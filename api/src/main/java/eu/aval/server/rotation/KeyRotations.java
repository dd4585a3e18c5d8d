// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.rotation;

import eu.aval.server.audit.Actor;
import eu.aval.server.audit.AuditEvent;
import eu.aval.server.audit.AuditTrail;
import eu.aval.server.encryption.KeyChanges;
import eu.aval.server.rotation.KeyRotation.Kind;
import eu.aval.server.rotation.KeyRotation.State;
import eu.aval.server.rotation.KeyRotation.Step;
import eu.aval.server.rotation.store.RotationRows;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import eu.aval.server.shared.TenantId;
import eu.aval.server.shared.TimeOrderedId;
import eu.aval.server.tenant.PlatformDatabase;
import eu.aval.server.tenant.Tenants;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Rotations of keys: to be asked for, and to be looked at. A node does the work in the background. */
@Component
public class KeyRotations {

    /** @param next the last of the page, when there are more */
    public record Page(
            List<KeyRotation> rotations, @Nullable UUID next) {

        public Page {
            rotations = List.copyOf(rotations);
        }
    }

    private final PlatformDatabase database;
    private final RotationRows rows;
    private final AuditTrail audit;
    private final Tenants tenants;
    private final KeyChanges keys;

    KeyRotations(PlatformDatabase database, RotationRows rows, AuditTrail audit, Tenants tenants, KeyChanges keys) {
        this.database = database;
        this.rows = rows;
        this.audit = audit;
        this.tenants = tenants;
        this.keys = keys;
    }

    /**
     * Begins one. One that waits gives way to it.
     *
     * @param tenant {@link TenantId#PLATFORM} for the key-encryption key, and for the platform's own keys
     * @return an error {@link Problem}: NOT_FOUND, or CONFLICT while one of the same kind runs
     */
    public Mono<KeyRotation> start(Kind kind, TenantId tenant, Actor actor) {
        if (kind == Kind.KEK && !tenant.equals(TenantId.PLATFORM)) {
            return Mono.error(new Problem(
                    ProblemType.INVALID_REQUEST,
                    "The rotation has invalid fields.",
                    List.of(new Problem.Field(
                            "/tenantId", "NOT_APPLICABLE", "The key-encryption key belongs to no single tenant"))));
        }
        return known(tenant)
                // what wraps now is noted, so that one who goes on with it knows whether there is a new one
                .then(kind == Kind.KEK ? keys.keyEncryptionKey() : Mono.just(""))
                .flatMap(before -> database.in(client -> rows.supersede(client, tenant, kind)
                        .then(rows.insert(client, begun(kind, tenant, before.isEmpty() ? null : before, actor)))
                        .switchIfEmpty(Mono.error(
                                () -> new Problem(ProblemType.CONFLICT, "A rotation of these keys is running.")))
                        .flatMap(begun -> audit.append(client, event(begun, actor, "key-rotation.started"))
                                .thenReturn(begun))));
    }

    /**
     * Newest first.
     *
     * @param tenant null is every tenant and the platform
     * @param after {@link Page#next} of the page before
     */
    public Mono<Page> list(@Nullable TenantId tenant, int limit, @Nullable UUID after) {
        return database.in(client -> rows.list(client, tenant, limit + 1, after))
                .map(found -> {
                    List<KeyRotation> page = found.subList(0, Math.min(limit, found.size()));
                    return new Page(page, found.size() > limit ? page.getLast().id() : null);
                });
    }

    private Mono<Void> known(TenantId tenant) {
        return tenant.equals(TenantId.PLATFORM)
                ? Mono.empty()
                : tenants.find(tenant)
                        .switchIfEmpty(Mono.error(() -> new Problem(ProblemType.NOT_FOUND, "No such tenant.")))
                        .then();
    }

    private static KeyRotation begun(Kind kind, TenantId tenant, @Nullable String before, Actor actor) {
        return new KeyRotation(
                TimeOrderedId.next(),
                tenant,
                kind,
                State.RUNNING,
                Step.ADD,
                null,
                null,
                before,
                0,
                0,
                List.of(),
                null,
                actor.value(),
                Instant.now().truncatedTo(ChronoUnit.MICROS),
                null);
    }

    static AuditEvent event(KeyRotation rotation, Actor actor, String action) {
        String key = rotation.key();
        return new AuditEvent(
                rotation.tenant().equals(TenantId.PLATFORM) ? null : rotation.tenant(),
                actor,
                action,
                "key-rotation:" + rotation.id(),
                key == null
                        ? Map.of("kind", rotation.kind().name())
                        : Map.of("kind", rotation.kind().name(), "key", key, "carried", rotation.carried()));
    }
}
