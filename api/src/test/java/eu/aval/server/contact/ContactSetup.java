// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.contact;

import eu.aval.server.FreshDatabase;
import eu.aval.server.encryption.Keys;
import eu.aval.server.encryption.KeysSetup;
import eu.aval.server.encryption.KeysetStore;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.KeyedDatabase;
import eu.aval.server.tenant.TenantSetup;
import java.nio.file.Path;
import java.util.UUID;

/** Tenants, keys and nodes for tests on a database. */
public final class ContactSetup {

    private final FreshDatabase database;
    private final KeysSetup keys;

    public ContactSetup(FreshDatabase database, Path directory, KeysetStore store) {
        this.database = database;
        this.keys = KeysSetup.in(directory, store);
    }

    public TenantId tenant() {
        TenantId tenant = new TenantId(UUID.randomUUID());
        database.execute(
                "insert into aval.tenant (id, key, name) values (?, ?, 'Somebody')",
                tenant.value(),
                "t" + tenant.value().toString().substring(0, 13));
        return tenant;
    }

    public KeysSetup keys() {
        return keys;
    }

    /** A node with a cache of its own. */
    public KeyedDatabase node() {
        return node(keys.node());
    }

    public KeyedDatabase node(Keys own) {
        return TenantSetup.keyedDatabase(database.tenantDatabase(), database.platformDatabase(), own);
    }
}
