// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.encryption;

import java.nio.file.Path;
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
}
