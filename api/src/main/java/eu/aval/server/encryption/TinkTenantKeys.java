// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.encryption;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.prf.Prf;
import com.google.crypto.tink.prf.PrfSet;
import com.google.crypto.tink.util.SecretBytes;
import eu.aval.server.encryption.KeysetStore.Kind;
import eu.aval.server.personaldata.PhoneNumber;
import eu.aval.server.personaldata.PlaintextAccess;
import eu.aval.server.shared.TenantId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/** Primitives of one version, built once. */
final class TinkTenantKeys implements TenantKeys {

    private static final String NUMBER = "number";
    private static final int SUBJECT_KEY_LENGTH = 32;
    /** Tink's output prefix: a version octet and the key id. */
    private static final byte TINK_PREFIX = 1;

    private final TenantId tenant;
    private final int aeadVersion;
    private final int prfVersion;
    private final Aead aead;
    private final byte[] sealPrefix;
    private final List<IndexKey> indexKeys;

    TinkTenantKeys(TenantId tenant, int aeadVersion, KeysetHandle aeadKeys, int prfVersion, KeysetHandle prfKeys)
            throws GeneralSecurityException {
        this.tenant = tenant;
        this.aeadVersion = aeadVersion;
        this.prfVersion = prfVersion;
        this.aead = aeadKeys.getPrimitive(KeyEncryption.configuration(Kind.AEAD), Aead.class);
        this.sealPrefix = ByteBuffer.allocate(SEAL_PREFIX_LENGTH)
                .put(TINK_PREFIX)
                .putInt(aeadKeys.getPrimary().getId())
                .array();
        PrfSet prfs = prfKeys.getPrimitive(KeyEncryption.configuration(Kind.PRF), PrfSet.class);
        List<IndexKey> keys = new ArrayList<>();
        prfs.getPrfs().forEach((id, prf) -> {
            var key = new IndexKey(id, prf);
            keys.add(id == prfs.getPrimaryId() ? 0 : keys.size(), key);
        });
        this.indexKeys = List.copyOf(keys);
    }

    @Override
    public TenantId tenant() {
        return tenant;
    }

    @Override
    public int aeadVersion() {
        return aeadVersion;
    }

    @Override
    public int prfVersion() {
        return prfVersion;
    }

    @Override
    public byte[] seal(byte[] plaintext, AssociatedData associatedData) {
        try {
            return aead.encrypt(plaintext, own(associatedData).bytes());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Cannot seal " + associatedData, e);
        }
    }

    @Override
    public byte[] open(byte[] sealed, AssociatedData associatedData) {
        try {
            return aead.decrypt(sealed, own(associatedData).bytes());
        } catch (GeneralSecurityException e) {
            throw new SealBroken(associatedData.toString());
        }
    }

    @Override
    public byte[] reseal(byte[] sealed, AssociatedData associatedData) {
        return seal(open(sealed, associatedData), associatedData);
    }

    @Override
    public byte[] sealPrefix() {
        return sealPrefix.clone();
    }

    @Override
    public SubjectKey createSubjectKey(UUID subjectId) {
        byte[] key = SecretBytes.randomBytes(SUBJECT_KEY_LENGTH).toByteArray(InsecureSecretKeyAccess.get());
        return new TinkSubjectKey(subjectId, key, seal(key, AssociatedData.ofSubjectKey(tenant, subjectId)), tenant);
    }

    @Override
    public SubjectKey subjectKey(UUID subjectId, byte[] wrapped) {
        byte[] key = open(wrapped, AssociatedData.ofSubjectKey(tenant, subjectId));
        return new TinkSubjectKey(subjectId, key, wrapped, tenant);
    }

    @Override
    public byte[] rewrap(UUID subjectId, byte[] wrapped) {
        return reseal(wrapped, AssociatedData.ofSubjectKey(tenant, subjectId));
    }

    @Override
    public byte[] index(PhoneNumber number) {
        return indexKeys.getFirst().index(input(number));
    }

    @Override
    public List<byte[]> indexes(PhoneNumber number) {
        return indexes(input(number));
    }

    @Override
    public byte[] index(String domain, byte[] value) {
        return indexKeys.getFirst().index(input(domain, value));
    }

    @Override
    public List<byte[]> indexes(String domain, byte[] value) {
        return indexes(input(domain, value));
    }

    @Override
    public byte[] indexPrefix() {
        return indexKeys.getFirst().id.clone();
    }

    @Override
    public List<byte[]> earlierIndexPrefixes() {
        return indexKeys.stream().skip(1).map(key -> key.id.clone()).toList();
    }

    private List<byte[]> indexes(byte[] input) {
        if (indexKeys.size() == 1) {
            return List.of(indexKeys.getFirst().index(input));
        }
        List<byte[]> indexes = new ArrayList<>(indexKeys.size());
        for (IndexKey key : indexKeys) {
            indexes.add(key.index(input));
        }
        return indexes;
    }

    private static byte[] input(PhoneNumber number) {
        return input(NUMBER, number.reveal(PlaintextAccess.forSealing()).getBytes(StandardCharsets.US_ASCII));
    }

    /** The octet between the two is in no domain. */
    private static byte[] input(String domain, byte[] value) {
        byte[] name = domain.getBytes(StandardCharsets.UTF_8);
        byte[] input = new byte[name.length + 1 + value.length];
        System.arraycopy(name, 0, input, 0, name.length);
        System.arraycopy(value, 0, input, name.length + 1, value.length);
        return input;
    }

    private AssociatedData own(AssociatedData associatedData) {
        if (!associatedData.tenant().equals(tenant)) {
            throw new IllegalArgumentException("Keys of tenant " + tenant + " asked about " + associatedData);
        }
        return associatedData;
    }

    @Override
    public String toString() {
        return "TenantKeys[" + tenant + ", AEAD " + aeadVersion + ", PRF " + prfVersion + "]";
    }

    private static final class IndexKey {

        private static final int PRF_LENGTH = INDEX_LENGTH - INDEX_PREFIX_LENGTH;

        private final byte[] id;
        private final Prf prf;

        IndexKey(int id, Prf prf) {
            this.id = ByteBuffer.allocate(INDEX_PREFIX_LENGTH).putInt(id).array();
            this.prf = prf;
        }

        byte[] index(byte[] input) {
            try {
                byte[] index = Arrays.copyOf(id, INDEX_LENGTH);
                System.arraycopy(prf.compute(input, PRF_LENGTH), 0, index, INDEX_PREFIX_LENGTH, PRF_LENGTH);
                return index;
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("Cannot compute a blind index", e);
            }
        }
    }
}
