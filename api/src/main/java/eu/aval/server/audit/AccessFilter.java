// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.audit;

import eu.aval.server.audit.AccessEntry.Action;
import eu.aval.server.audit.AccessEntry.RecordKind;
import eu.aval.server.shared.TenantId;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which entries of the journal; null is any.
 *
 * @param tenants those of these only; null is every tenant, and the platform
 */
public record AccessFilter(
        @Nullable Set<TenantId> tenants,
        @Nullable Actor actor,
        @Nullable Action action,
        @Nullable RecordKind recordKind,
        @Nullable UUID recordId,
        @Nullable UUID subjectId,
        @Nullable String reason,
        @Nullable Instant from,
        @Nullable Instant before) {}
