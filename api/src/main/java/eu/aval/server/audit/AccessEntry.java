// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.audit;

import eu.aval.server.shared.TenantId;
import eu.aval.server.shared.TimeOrderedId;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * That somebody looked at what is kept about people. Ids and codes only: no name, no number, no text.
 *
 * @param tenant whose records; null when it concerns the platform
 * @param at the time in the id
 * @param roles what the actor was allowed to by
 * @param session of the actor at their issuer, as a hash; null for operators' tokens
 * @param recordId null when they were looked up by number
 * @param subjectId whose data; null when nobody is known
 * @param fields what was asked for in clear; empty when it was shown masked
 * @param reference of the case, in the actor's own files
 * @param shown how many records, or fields in clear, were shown
 */
public record AccessEntry(
        UUID id,
        @Nullable TenantId tenant,
        Instant at,
        Actor actor,
        List<String> roles,
        @Nullable String session,
        Action action,
        RecordKind recordKind,
        @Nullable UUID recordId,
        @Nullable UUID subjectId,
        List<String> fields,
        String reason,
        @Nullable String reference,
        int shown) {

    /** What was done. */
    public enum Action {
        /** Found by number, and shown masked. */
        LOOKED_UP,
        /** Shown in clear. */
        UNMASKED
    }

    /** Of what. */
    public enum RecordKind {
        MESSAGE,
        CONSENT,
        OPT_OUT,
        INBOUND_MESSAGE,
        OPERATOR
    }

    public AccessEntry {
        roles = List.copyOf(roles);
        fields = List.copyOf(fields);
    }

    /** One of now, with an id of its own. */
    public static AccessEntry now(
            @Nullable TenantId tenant,
            Actor actor,
            List<String> roles,
            @Nullable String session,
            Action action,
            RecordKind recordKind,
            @Nullable UUID recordId,
            @Nullable UUID subjectId,
            List<String> fields,
            String reason,
            @Nullable String reference,
            int shown) {
        UUID id = TimeOrderedId.next();
        return new AccessEntry(
                id,
                tenant,
                TimeOrderedId.instantOf(id),
                actor,
                roles,
                session,
                action,
                recordKind,
                recordId,
                subjectId,
                fields,
                reason,
                reference,
                shown);
    }
}
