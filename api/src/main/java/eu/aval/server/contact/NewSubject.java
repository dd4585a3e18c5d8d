// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.contact;

import eu.aval.server.encryption.SubjectKey;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.personaldata.PhoneNumber;
import eu.aval.server.personaldata.PlaintextAccess;
import eu.aval.server.shared.TimeOrderedId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * A subject to be written: its rows in {@code aval.subject} and {@code aval_keys.subject_key}.
 *
 * @param numberIndex for {@code number_index}
 * @param numberSealed for {@code number_sealed}
 * @param key with the octets for {@code wrapped}
 */
public record NewSubject(UUID id, PhoneNumber number, ByteBuffer numberIndex, ByteBuffer numberSealed, SubjectKey key) {

    public static NewSubject of(TenantKeys keys, PhoneNumber number) {
        UUID id = TimeOrderedId.next();
        SubjectKey key = keys.createSubjectKey(id);
        byte[] octets = number.reveal(PlaintextAccess.forSealing()).getBytes(StandardCharsets.US_ASCII);
        return new NewSubject(
                id,
                number,
                ByteBuffer.wrap(keys.index(number)),
                ByteBuffer.wrap(key.seal(octets, Subject.numberPlace(keys.tenant(), id))),
                key);
    }

    public Subject subject() {
        return new Subject(id, number, key);
    }
}
