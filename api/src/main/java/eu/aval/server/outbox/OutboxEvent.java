// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.outbox;

import eu.aval.server.shared.TenantId;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened, as the tenant's systems will be told: ids, codes and times, never a number or a text.
 *
 * @param subjectId the person it is about; the event is erased with them
 * @param type as {@code message.delivered}, with a JSON Schema of that name in {@code schema/webhooks}
 * @param data strings, numbers, booleans and {@link java.time.Instant}s; null values are left out
 */
public record OutboxEvent(TenantId tenant, @Nullable UUID subjectId, String type, Map<String, @Nullable Object> data) {

    @Override
    public String toString() {
        return "OutboxEvent[" + tenant + ", " + type + "]";
    }
}
