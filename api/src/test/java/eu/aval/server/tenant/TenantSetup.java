// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.tenant;

import eu.aval.server.encryption.Keys;
import io.r2dbc.spi.ConnectionFactory;

/** Makes the two ways into the database for tests of other features. */
public final class TenantSetup {

    private TenantSetup() {}

    public static TenantDatabase tenantDatabase(ConnectionFactory appConnections) {
        return TenantDatabase.on(appConnections);
    }

    public static PlatformDatabase platformDatabase(ConnectionFactory platformConnections) {
        return PlatformDatabase.on(platformConnections);
    }

    public static KeyedDatabase keyedDatabase(TenantDatabase database, PlatformDatabase platform, Keys keys) {
        return new KeyedDatabase(database, platform, keys);
    }
}
