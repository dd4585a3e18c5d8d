// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.encryption;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.subtle.AesGcmJce;
import eu.aval.server.shared.TenantId;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.UUID;

/**
 * AES-256-GCM, not a keyset: the key is used by one person's rows only and never rotates, so it needs no id. The first
 * octet of what it seals tells the format.
 */
final class TinkSubjectKey implements SubjectKey {

    private static final byte AES_256_GCM = 1;

    private final UUID subjectId;
    private final byte[] wrapped;
    private final TenantId tenant;
    private final Aead aead;

    TinkSubjectKey(UUID subjectId, byte[] key, byte[] wrapped, TenantId tenant) {
        this.subjectId = subjectId;
        this.wrapped = wrapped.clone();
        this.tenant = tenant;
        try {
            this.aead = new AesGcmJce(key);
        } catch (GeneralSecurityException e) {
            throw new SealBroken("key of subject " + subjectId);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    @Override
    public UUID subjectId() {
        return subjectId;
    }

    @Override
    public byte[] wrapped() {
        return wrapped.clone();
    }

    @Override
    public byte[] seal(byte[] plaintext, AssociatedData associatedData) {
        try {
            byte[] ciphertext = aead.encrypt(plaintext, own(associatedData).bytes());
            byte[] sealed = new byte[ciphertext.length + 1];
            sealed[0] = AES_256_GCM;
            System.arraycopy(ciphertext, 0, sealed, 1, ciphertext.length);
            return sealed;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Cannot seal " + associatedData, e);
        }
    }

    @Override
    public byte[] open(byte[] sealed, AssociatedData associatedData) {
        if (sealed.length == 0 || sealed[0] != AES_256_GCM) {
            throw new SealBroken(associatedData.toString());
        }
        try {
            return aead.decrypt(
                    Arrays.copyOfRange(sealed, 1, sealed.length),
                    own(associatedData).bytes());
        } catch (GeneralSecurityException e) {
            throw new SealBroken(associatedData.toString());
        }
    }

    private AssociatedData own(AssociatedData associatedData) {
        if (!associatedData.tenant().equals(tenant)) {
            throw new IllegalArgumentException(
                    "Key of a subject of tenant " + tenant + " asked about " + associatedData);
        }
        return associatedData;
    }

    @Override
    public String toString() {
        return "SubjectKey[" + subjectId + "]";
    }
}
