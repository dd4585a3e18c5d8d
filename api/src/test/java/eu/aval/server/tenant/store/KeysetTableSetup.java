// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.tenant.store;

import eu.aval.server.encryption.KeysetStore;
import eu.aval.server.tenant.PlatformDatabase;

/** Opens the table of keysets to tests of other features. */
public final class KeysetTableSetup {

    private KeysetTableSetup() {}

    public static KeysetStore on(PlatformDatabase database) {
        return new KeysetTable(database);
    }
}
