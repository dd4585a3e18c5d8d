// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.consent;

import eu.aval.spi.submit.MessageClass;
import java.util.UUID;

/**
 * What a tenant sends messages for. Its class and basis never change: another basis is another purpose.
 *
 * @param retired no more messages; the record stays, for those that were sent
 */
public record Purpose(
        UUID id,
        String key,
        MessageClass messageClass,
        LegalBasis legalBasis,
        RetentionClass retentionClass,
        boolean retired) {}
