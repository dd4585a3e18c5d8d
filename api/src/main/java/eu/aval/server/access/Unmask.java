// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import eu.aval.server.access.Operator.Role;
import eu.aval.server.audit.AccessEntry;
import eu.aval.server.audit.AccessEntry.RecordKind;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import eu.aval.server.shared.TenantId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * That an operator asks for parts of one record in clear, and why.
 *
 * @param tenant whose record; null when it is the platform's
 * @param id of the record
 */
public record Unmask(
        @Nullable TenantId tenant,
        UUID id,
        Set<Field> fields,
        Operator operator,
        LookUp.Reason reason,
        @Nullable String reference) {

    /** What can be shown in clear, and to whom: as little as the task of a role needs. The schema says the same. */
    public enum Field {
        NUMBER,
        TEXT,
        CLIENT_REFERENCE,
        EVIDENCE,
        SUBJECT;

        public Set<Role> roles() {
            return switch (this) {
                case NUMBER, CLIENT_REFERENCE -> Set.of(Role.SUPPORT, Role.DPO);
                case TEXT, EVIDENCE -> Set.of(Role.DPO);
                case SUBJECT -> Set.of(Role.AUDITOR);
            };
        }
    }

    /** As it is asked for in GraphQL: {@code UnmaskInput}. */
    public record Input(
            @Nullable UUID tenantId,
            UUID id,
            LookUp.Reason reason,
            @Nullable String reference) {}

    public Unmask {
        fields = Set.copyOf(fields);
    }

    /**
     * @param possible what a record of this kind has
     * @throws Problem NOT_FOUND when the tenant is not theirs, FORBIDDEN when a field is not for them, INVALID_REQUEST
     */
    public static Unmask of(Input input, Set<Field> asked, Set<Field> possible, Operator operator) {
        return checked(
                operator.tenantOr(input.tenantId()),
                input.id(),
                asked,
                possible,
                operator,
                input.reason(),
                input.reference());
    }

    /** Like {@link #of}, for a record of the platform. */
    public static Unmask ofPlatform(
            UUID id, Field field, Operator operator, LookUp.Reason reason, @Nullable String reference) {
        return checked(null, id, Set.of(field), Set.of(field), operator, reason, reference);
    }

    private static Unmask checked(
            @Nullable TenantId tenant,
            UUID id,
            Set<Field> asked,
            Set<Field> possible,
            Operator operator,
            LookUp.Reason reason,
            @Nullable String reference) {
        List<Problem.Field> wrong = new ArrayList<>();
        if (asked.isEmpty() || !possible.containsAll(asked)) {
            wrong.add(new Problem.Field("/fields", "INVALID_VALUE", "One or more of " + EnumSet.copyOf(possible)));
        }
        CaseReference.defect(reference).ifPresent(wrong::add);
        if (!wrong.isEmpty()) {
            throw new Problem(ProblemType.INVALID_REQUEST, "Nothing can be unmasked so", wrong);
        }
        asked.stream()
                .filter(field -> !operator.hasAny(field.roles()))
                .sorted()
                .findFirst()
                .ifPresent(field -> {
                    throw new Problem(ProblemType.FORBIDDEN, "The role may not unmask " + field);
                });
        return new Unmask(tenant, id, asked, operator, reason, reference);
    }

    /** Of the tenant that the record belongs to. */
    public TenantId requiredTenant() {
        if (tenant == null) {
            throw new IllegalStateException("A record of the platform");
        }
        return tenant;
    }

    /** For the journal. */
    AccessEntry entry(RecordKind kind, @Nullable UUID subject, int shown) {
        return AccessEntry.now(
                tenant,
                operator.actor(),
                operator.roles().stream().map(Enum::name).sorted().toList(),
                operator.session(),
                AccessEntry.Action.UNMASKED,
                kind,
                id,
                subject,
                fields.stream().map(Enum::name).sorted().toList(),
                reason.name(),
                reference,
                shown);
    }
}
