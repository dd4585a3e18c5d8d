// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.encryption;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig2026;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import reactor.core.scheduler.Schedulers;

/** Keys for tests, with a key file in a directory of the test and no database. */
public final class KeysSetup {

    private final KeysetStore store;
    private final KeyFile keyFile;

    private KeysSetup(KeysetStore store, KeyFile keyFile) {
        this.store = store;
        this.keyFile = keyFile;
    }

    public static KeysSetup in(Path directory) {
        return new KeysSetup(new InMemoryKeysets(), KeyFile.open(directory.resolve("kek.json"), true));
    }

    /** On a store of the test's own. */
    public static KeysSetup in(Path directory, KeysetStore store) {
        return new KeysSetup(store, KeyFile.open(directory.resolve("kek.json"), true));
    }

    /** A node: it has a cache of its own. */
    public Keys node() {
        return cached();
    }

    CachedKeys cached() {
        return new CachedKeys(store, encryption(), Schedulers.boundedElastic());
    }

    KeyEncryption encryption() {
        return new KeyEncryption(List.of(keyFile), KeyFile.SCHEME, Schedulers.boundedElastic());
    }

    KeyFile keyFile() {
        return keyFile;
    }

    KeysetStore store() {
        return store;
    }

    /** What an operator does once no keyset is under an earlier key-encryption key. */
    public static void keepNewestKeyOf(Path file) throws GeneralSecurityException, IOException {
        KeysetHandle keys = TinkJsonProtoKeysetFormat.parseKeyset(
                Files.readString(file), AeadConfig2026.get(), InsecureSecretKeyAccess.get());
        KeysetHandle.Builder newest = KeysetHandle.newBuilder(keys).setConfiguration(AeadConfig2026.get());
        for (int i = keys.size() - 1; i >= 0; i--) {
            if (!keys.getAt(i).isPrimary()) {
                newest.deleteAt(i);
            }
        }
        Files.writeString(
                file,
                TinkJsonProtoKeysetFormat.serializeKeyset(
                        newest.build(), AeadConfig2026.get(), InsecureSecretKeyAccess.get()));
    }

    /** How many keys a stored keyset has, whatever their state. */
    public static int numberOfKeys(Path directory, KeysetStore.Wrapped keyset) {
        KeysetHandle keys = in(directory).encryption().unwrap(keyset).block(Duration.ofSeconds(60));
        return keys == null ? 0 : keys.size();
    }
}
