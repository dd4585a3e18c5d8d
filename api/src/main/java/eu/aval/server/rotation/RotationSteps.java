// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.rotation;

import eu.aval.server.audit.Actor;
import eu.aval.server.audit.AuditTrail;
import eu.aval.server.encryption.KeyChanges;
import eu.aval.server.encryption.KeysetStore;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.rotation.KeyRotation.Kind;
import eu.aval.server.rotation.KeyRotation.State;
import eu.aval.server.rotation.KeyRotation.Step;
import eu.aval.server.rotation.store.RotationRows;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.KeyedColumns;
import eu.aval.server.tenant.KeyedColumns.Batch;
import eu.aval.server.tenant.KeyedColumns.Owner;
import eu.aval.server.tenant.KeyedDatabase;
import eu.aval.server.tenant.PlatformDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What is done next in a rotation, and the note of it, in one transaction wherever something is carried over: whoever
 * goes on, after a crash too, begins where the last transaction ended. A change of keys has a transaction of its own and
 * can be repeated.
 */
final class RotationSteps {

    /**
     * The rotation as it is now.
     *
     * @param released nobody works on it for now
     */
    record Next(KeyRotation rotation, boolean released) {}

    /** Another node has it now, or another rotation. */
    static final class LeaseLost extends RuntimeException {

        LeaseLost() {
            super("The rotation is somebody else's", null, false, false);
        }
    }

    /** No part has it for a name. */
    private static final String END = "";

    private final UUID node;
    private final RotationSettings settings;
    private final PlatformDatabase database;
    private final KeyedDatabase keyed;
    private final KeyChanges keys;
    private final RotationRows rows;
    private final AuditTrail audit;
    private final List<KeyedColumns> columns;
    private final RotationMetrics metrics;

    RotationSteps(
            UUID node,
            RotationSettings settings,
            PlatformDatabase database,
            KeyedDatabase keyed,
            KeyChanges keys,
            RotationRows rows,
            AuditTrail audit,
            List<KeyedColumns> columns,
            RotationMetrics metrics) {
        this.node = node;
        this.settings = settings;
        this.database = database;
        this.keyed = keyed;
        this.keys = keys;
        this.rows = rows;
        this.audit = audit;
        this.columns = columns.stream()
                .sorted(Comparator.comparing(KeyedColumns::name))
                .toList();
        this.metrics = metrics;
    }

    Mono<Next> next(KeyRotation rotation) {
        return rotation.kind() == Kind.KEK ? wrapping(rotation) : keysetStep(rotation, keyset(rotation.kind()));
    }

    private Mono<Next> wrapping(KeyRotation rotation) {
        return switch (rotation.step()) {
            case ADD, PROMOTE ->
                keys.renewKeyEncryptionKey(String.valueOf(rotation.position()))
                        .flatMap(address -> save(rotation.with(address).at(Step.CARRY), "key-rotation.promoted"));
            case CARRY ->
                keys.rewrap(settings.batch())
                        .doOnNext(carried -> metrics.carried(rotation.kind(), carried))
                        .flatMap(carried -> carried == 0
                                ? release(rotation.at(Step.DISABLE), settings.grace())
                                : save(rotation.carried(carried, null, null), null));
            case DISABLE ->
                // a node that wrapped a new keyset a moment before the renewal has stored it by now
                keys.rewrap(settings.batch())
                        .flatMap(carried -> carried == 0
                                ? end(rotation)
                                : release(rotation.at(Step.CARRY).carried(carried, null, null), Duration.ZERO));
        };
    }

    private Mono<Next> keysetStep(KeyRotation rotation, KeysetStore.Kind kind) {
        TenantId tenant = rotation.tenant();
        String key = rotation.key();
        return switch (rotation.step()) {
            case ADD ->
                key == null
                        ? keys.drawId(tenant, kind)
                                .flatMap(id -> save(rotation.with(Integer.toUnsignedString(id)), null))
                        : keys.add(tenant, kind, id(rotation))
                                .then(Mono.defer(() -> release(rotation.at(Step.PROMOTE), settings.settle())));
            case PROMOTE ->
                // there already, unless a node that was late took it for an earlier one
                keys.add(tenant, kind, id(rotation))
                        .then(Mono.defer(() -> keys.promote(tenant, kind, id(rotation))))
                        .then(Mono.defer(() -> save(rotation.at(Step.CARRY), "key-rotation.promoted")));
            case CARRY -> carry(rotation, kind);
            case DISABLE ->
                remaining(rotation, kind)
                        .flatMap(left -> left.isEmpty()
                                ? keys.keepOnly(tenant, kind, id(rotation)).then(Mono.defer(() -> end(rotation)))
                                : release(rotation.at(Step.CARRY), Duration.ZERO));
        };
    }

    private Mono<Next> carry(KeyRotation rotation, KeysetStore.Kind kind) {
        List<KeyedColumns> all = columns(rotation.tenant(), kind);
        KeyedColumns part = part(all, rotation.part());
        if (part == null) {
            return remaining(rotation, kind).flatMap(left -> counted(rotation, left));
        }
        return keyed.acrossTenants(
                rotation.tenant(),
                (client, own) -> hold(client, rotation)
                        .then(Mono.defer(() -> part.carry(client, own, rotation.position(), settings.batch())))
                        .flatMap(batch -> {
                            KeyRotation next = after(rotation, all, part, batch);
                            return rows.save(client, next, settings.lease())
                                    .thenReturn(new Next(next, false))
                                    .doOnNext(done -> metrics.carried(rotation.kind(), batch.carried()));
                        }));
    }

    private static KeyRotation after(KeyRotation rotation, List<KeyedColumns> all, KeyedColumns part, Batch batch) {
        if (batch.position() != null) {
            return rotation.carried(batch.carried(), part.name(), batch.position());
        }
        int following = all.indexOf(part) + 1;
        String name = following < all.size() ? all.get(following).name() : END;
        return rotation.carried(batch.carried(), name, null);
    }

    /** Null at the end. A part that this version does not know begins the pass again. */
    private static @Nullable KeyedColumns part(List<KeyedColumns> all, @Nullable String name) {
        if (all.isEmpty() || END.equals(name)) {
            return null;
        }
        return all.stream().filter(each -> each.name().equals(name)).findFirst().orElse(all.getFirst());
    }

    /** What a pass left: rows that were locked are free by now, what can only expire needs more time. */
    private Mono<Next> counted(KeyRotation rotation, List<Remaining> left) {
        if (left.isEmpty()) {
            return release(rotation.at(Step.DISABLE), settings.grace());
        }
        long values = left.stream().mapToLong(Remaining::values).sum();
        boolean asBefore = rotation.state() == State.WAITING && rotation.remaining() == values;
        List<String> names = left.stream()
                .flatMap(each -> each.columns().columns().stream())
                .sorted()
                .toList();
        return release(rotation.waiting(values, names), asBefore ? settings.retry() : settings.settle());
    }

    private record Remaining(KeyedColumns columns, long values) {}

    /** The proof: none of them is under an earlier key, and nobody writes under one any more. */
    private Mono<List<Remaining>> remaining(KeyRotation rotation, KeysetStore.Kind kind) {
        return keyed.acrossTenants(
                rotation.tenant(),
                (client, own) -> hold(client, rotation)
                        .thenMany(Flux.fromIterable(columns(rotation.tenant(), kind)))
                        .concatMap(each -> count(client, own, each))
                        .filter(each -> each.values() > 0)
                        .collectList()
                        // it may have taken longer than a lease
                        .delayUntil(left -> rows.save(client, rotation, settings.lease())));
    }

    private static Mono<Remaining> count(DatabaseClient client, TenantKeys own, KeyedColumns columns) {
        return columns.remaining(client, own).map(values -> new Remaining(columns, values));
    }

    private List<KeyedColumns> columns(TenantId tenant, KeysetStore.Kind kind) {
        Owner owner = tenant.equals(TenantId.PLATFORM) ? Owner.PLATFORM : Owner.TENANT;
        return columns.stream()
                .filter(each -> each.kind() == kind && each.owner() == owner)
                .toList();
    }

    private Mono<Next> end(KeyRotation rotation) {
        KeyRotation done = rotation.done(Instant.now().truncatedTo(ChronoUnit.MICROS));
        return database.in(client -> hold(client, rotation)
                .then(rows.release(client, done, Duration.ZERO))
                .then(audit.append(client, KeyRotations.event(done, Actor.SYSTEM, "key-rotation.done")))
                .thenReturn(new Next(done, true)));
    }

    private Mono<Next> save(KeyRotation rotation, @Nullable String action) {
        return database.in(client -> hold(client, rotation)
                .then(rows.save(client, rotation, settings.lease()))
                .then(
                        action == null
                                ? Mono.empty()
                                : audit.append(client, KeyRotations.event(rotation, Actor.SYSTEM, action)))
                .thenReturn(new Next(rotation, false)));
    }

    private Mono<Next> release(KeyRotation rotation, Duration pause) {
        return database.in(client -> hold(client, rotation)
                .then(rows.release(client, rotation, pause))
                .thenReturn(new Next(rotation, true)));
    }

    private Mono<Void> hold(DatabaseClient client, KeyRotation rotation) {
        return rows.hold(client, rotation.id(), node)
                .flatMap(held -> held ? Mono.empty() : Mono.error(new LeaseLost()));
    }

    private static int id(KeyRotation rotation) {
        return Integer.parseUnsignedInt(String.valueOf(rotation.key()));
    }

    private static KeysetStore.Kind keyset(Kind kind) {
        return switch (kind) {
            case AEAD -> KeysetStore.Kind.AEAD;
            case PRF -> KeysetStore.Kind.PRF;
            case KEK -> throw new IllegalArgumentException("No keyset has it");
        };
    }
}
