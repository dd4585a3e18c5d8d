// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.contact;

import eu.aval.server.encryption.TenantKeys;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A person's blind index under an earlier key and under the primary one: rows that keep the first without the number can
 * only come by the second through the person.
 */
public record KeptNumber(UUID subjectId, ByteBuffer earlier, ByteBuffer next) {

    /** One for each of the people and each earlier key. */
    public static List<KeptNumber> of(TenantKeys keys, List<Subject> subjects) {
        List<KeptNumber> kept = new ArrayList<>(subjects.size());
        for (Subject subject : subjects) {
            List<byte[]> indexes = keys.indexes(subject.number());
            ByteBuffer next = ByteBuffer.wrap(indexes.getFirst());
            for (byte[] earlier : indexes.subList(1, indexes.size())) {
                kept.add(new KeptNumber(subject.id(), ByteBuffer.wrap(earlier), next));
            }
        }
        return kept;
    }
}
