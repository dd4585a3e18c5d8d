// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.encryption;

import eu.aval.server.personaldata.PhoneNumber;
import eu.aval.server.shared.TenantId;
import java.util.List;
import java.util.UUID;

/**
 * The keys of one tenant at one version, ready to use: an immutable snapshot, cheap to call, safe on any thread. Never
 * blocks. Everything sealed is AES-256-GCM with {@link AssociatedData}.
 */
public interface TenantKeys {

    /** Octets of a blind index: the id of the PRF key, then the PRF's value. */
    int INDEX_LENGTH = 20;

    /** Octets that tell which key made an index. */
    int INDEX_PREFIX_LENGTH = 4;

    /** Octets that tell which of the tenant's keys sealed a value. */
    int SEAL_PREFIX_LENGTH = 5;

    TenantId tenant();

    /** Versions of the two keysets; compared inside a transaction with those in the database. */
    int aeadVersion();

    int prfVersion();

    /** Seals under the tenant's own keyset: for what belongs to no single person. */
    byte[] seal(byte[] plaintext, AssociatedData associatedData);

    /**
     * Opens what {@link #seal} made under any enabled key.
     *
     * @throws SealBroken if it was changed, moved, or sealed under a key that is gone
     */
    byte[] open(byte[] sealed, AssociatedData associatedData);

    /** The same value, sealed under the primary key.
     *
     * @throws SealBroken as {@link #open}
     */
    byte[] reseal(byte[] sealed, AssociatedData associatedData);

    /** What each value begins with that {@link #seal} makes now: others are under a key to be replaced. */
    byte[] sealPrefix();

    /** A new key for a subject, and its wrapped form for {@code aval_keys.subject_key}. */
    SubjectKey createSubjectKey(UUID subjectId);

    /**
     * The key of a subject.
     *
     * @throws SealBroken if the wrapped form does not belong to this subject and tenant
     */
    SubjectKey subjectKey(UUID subjectId, byte[] wrapped);

    /**
     * The same subject key, wrapped under the tenant's primary key.
     *
     * @throws SealBroken as {@link #subjectKey}
     */
    byte[] rewrap(UUID subjectId, byte[] wrapped);

    /** The blind index under the primary key: what is written. */
    byte[] index(PhoneNumber number);

    /** The blind index under each enabled key, primary first: what is looked up. */
    List<byte[]> indexes(PhoneNumber number);

    /** The blind index of another value; {@code domain} keeps equal values of different meaning apart. */
    byte[] index(String domain, byte[] value);

    List<byte[]> indexes(String domain, byte[] value);

    /** What each index begins with that {@link #index} makes now. */
    byte[] indexPrefix();

    /** What indexes begin with that were made under the other enabled keys; empty unless keys rotate. */
    List<byte[]> earlierIndexPrefixes();
}
