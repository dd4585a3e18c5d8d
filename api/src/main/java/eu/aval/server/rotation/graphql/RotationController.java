// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.rotation.graphql;

import eu.aval.server.access.Connection;
import eu.aval.server.access.Operator;
import eu.aval.server.access.PageRequest;
import eu.aval.server.rotation.KeyRotation;
import eu.aval.server.rotation.KeyRotations;
import eu.aval.server.shared.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.graphql.data.method.annotation.Argument;
import org.springframework.graphql.data.method.annotation.ContextValue;
import org.springframework.graphql.data.method.annotation.MutationMapping;
import org.springframework.graphql.data.method.annotation.QueryMapping;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Mono;

/** Rotations of keys. What concerns the platform is for operators of all tenants. */
@Controller
class RotationController {

    record RotateKeysInput(KeyRotation.Kind kind, @Nullable UUID tenantId) {}

    /** As it is shown: the platform is no tenant. */
    record Shown(
            UUID id,
            @Nullable TenantId tenantId,
            KeyRotation.Kind kind,
            KeyRotation.State state,
            KeyRotation.Step step,
            @Nullable String key,
            int carried,
            int remaining,
            List<String> waitingFor,
            @Nullable String failure,
            String startedBy,
            Instant startedAt,
            @Nullable Instant finishedAt) {

        static Shown of(KeyRotation rotation) {
            TenantId tenant = rotation.tenant();
            return new Shown(
                    rotation.id(),
                    tenant.equals(TenantId.PLATFORM) ? null : tenant,
                    rotation.kind(),
                    rotation.state(),
                    rotation.step(),
                    rotation.key(),
                    number(rotation.carried()),
                    number(rotation.remaining()),
                    rotation.waitingFor(),
                    rotation.failure(),
                    rotation.startedBy(),
                    rotation.startedAt(),
                    rotation.finishedAt());
        }

        private static int number(long count) {
            return (int) Math.min(count, Integer.MAX_VALUE);
        }
    }

    private final KeyRotations rotations;

    RotationController(KeyRotations rotations) {
        this.rotations = rotations;
    }

    @QueryMapping
    Mono<Connection<Shown>> keyRotations(
            @Argument @Nullable UUID tenantId,
            @Argument Integer first,
            @Argument @Nullable String after,
            @ContextValue Operator operator) {
        PageRequest page = PageRequest.of(first, after);
        TenantId tenant = tenantId == null && operator.tenants() == null ? null : operator.tenantOr(tenantId);
        return rotations
                .list(tenant, page.sizeAndOne(), page.after())
                .map(found ->
                        Connection.of(found.rotations().stream().map(Shown::of).toList(), page, Shown::id));
    }

    @MutationMapping
    Mono<Shown> rotateKeys(@Argument RotateKeysInput input, @ContextValue Operator operator) {
        TenantId tenant = input.tenantId() == null ? TenantId.PLATFORM : new TenantId(input.tenantId());
        if (tenant.equals(TenantId.PLATFORM)) {
            operator.requireAllTenants();
        } else {
            operator.require(tenant);
        }
        return rotations.start(input.kind(), tenant, operator.actor()).map(Shown::of);
    }
}
