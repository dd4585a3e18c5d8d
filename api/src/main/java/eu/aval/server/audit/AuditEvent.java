// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.audit;

import eu.aval.server.shared.TenantId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One change, as it will be read years later. Ids, keys and codes only: no name of a person, no number, no text.
 *
 * @param tenant whose it is; null when it concerns the platform
 * @param action lower case, {@code <object>.<past tense>}: {@code api-key.issued}
 * @param object what was changed: {@code api-key:<id>}
 * @param detail what changed in it: strings, numbers, booleans and lists of these
 */
public record AuditEvent(
        @Nullable TenantId tenant, Actor actor, String action, String object, Map<String, Object> detail) {

    public AuditEvent {
        detail = Map.copyOf(detail);
    }

    public AuditEvent(@Nullable TenantId tenant, Actor actor, String action, String object) {
        this(tenant, actor, action, object, Map.of());
    }
}
