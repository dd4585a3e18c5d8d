// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.tenant;

/** The database has newer keysets than this node had at hand. Nothing was written; refresh and start again. */
public final class StaleKeys extends RuntimeException {

    public StaleKeys() {
        super("The keysets have changed", null, false, false);
    }
}
