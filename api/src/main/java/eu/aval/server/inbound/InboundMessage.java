// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.inbound;

import eu.aval.server.inbound.reply.Meaning;
import eu.aval.server.personaldata.MessageText;
import eu.aval.server.personaldata.PhoneNumber;
import eu.aval.server.shared.TenantId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wrote to a tenant.
 *
 * @param from null when no person wrote, or the person has been erased
 * @param recipientId the person, as in events; null when no person wrote
 * @param to the tenant's number or name
 * @param text null when its key is gone
 * @param messageId the newest message that the person had got
 */
public record InboundMessage(
        UUID id,
        TenantId tenant,
        @Nullable PhoneNumber from,
        @Nullable UUID recipientId,
        String to,
        @Nullable MessageText text,
        Meaning meaning,
        boolean complete,
        Instant receivedAt,
        @Nullable UUID messageId) {}
