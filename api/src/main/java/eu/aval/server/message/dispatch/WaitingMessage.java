// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.dispatch;

import eu.aval.server.shared.Money;
import eu.aval.server.shared.TenantId;
import eu.aval.spi.submit.MessageClass;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A message that waits, with what it takes to choose a route for it. */
public record WaitingMessage(
        UUID messageId,
        TenantId tenant,
        DispatchQueue.Position position,
        UUID subjectId,
        boolean simulated,
        String country,
        MessageClass messageClass,
        int parts,
        @Nullable Money maxPrice,
        ByteBuffer numberSealed,
        ByteBuffer wrappedKey) {}
