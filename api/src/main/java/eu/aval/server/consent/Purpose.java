// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.consent;

import eu.aval.spi.submit.MessageClass;
import java.util.UUID;

/**
 * What a tenant sends messages for. Its class, basis and sector never change: another one is another purpose.
 *
 * @param sector what it is about
 * @param directedAtMinors whether its recipients must have said how old they are
 * @param retired no more messages; the record stays, for those that were sent
 */
public record Purpose(
        UUID id,
        String key,
        MessageClass messageClass,
        LegalBasis legalBasis,
        RetentionClass retentionClass,
        Sector sector,
        boolean directedAtMinors,
        boolean retired) {

    /** About nothing in particular, and for nobody in particular. */
    public Purpose(
            UUID id,
            String key,
            MessageClass messageClass,
            LegalBasis legalBasis,
            RetentionClass retentionClass,
            boolean retired) {
        this(id, key, messageClass, legalBasis, retentionClass, Sector.GENERAL, false, retired);
    }
}
