// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.shared;

import java.util.UUID;

/** A tenant. {@link #PLATFORM} owns what belongs to no tenant: account secrets, parked receipts. */
public record TenantId(UUID value) {

    public static final TenantId PLATFORM = new TenantId(new UUID(0, 0));

    @Override
    public String toString() {
        return value.toString();
    }
}
