// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.contact;

import eu.aval.server.encryption.AssociatedData;
import eu.aval.server.encryption.SealBroken;
import eu.aval.server.encryption.SubjectKey;
import eu.aval.server.personaldata.PhoneNumber;
import eu.aval.server.shared.TenantId;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** A person as one tenant knows them, with the key that their data are sealed under. */
public record Subject(UUID id, PhoneNumber number, SubjectKey key) {

    /**
     * From the columns of {@code aval.subject}.
     *
     * @throws SealBroken if they do not belong to this subject
     */
    public static Subject open(TenantId tenant, SubjectKey key, byte[] numberSealed, String country) {
        byte[] octets = key.open(numberSealed, numberPlace(tenant, key.subjectId()));
        return new Subject(
                key.subjectId(), PhoneNumber.of(new String(octets, StandardCharsets.US_ASCII), country), key);
    }

    /** Where the sealed number stands. */
    public static AssociatedData numberPlace(TenantId tenant, UUID id) {
        return new AssociatedData(tenant, "subject", "number_sealed", id);
    }
}
