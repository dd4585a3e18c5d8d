// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.store;

import eu.aval.server.shared.GroupCommit.Remedy;
import eu.aval.server.tenant.StoreFailures;

/** What to do about a batch that the database refused. By SQLSTATE, the only stable part of its failures. */
public final class CommitRemedies {

    private CommitRemedies() {}

    /** Serialization failures and deadlocks pass; bad data is the fault of one item; the rest is the fault of none. */
    public static Remedy of(Throwable error) {
        String state = StoreFailures.sqlState(error);
        if (state == null) {
            return Remedy.FAIL;
        }
        if (state.equals("40001") || state.equals("40P01")) {
            return Remedy.RETRY;
        }
        // Data, integrity, program limits
        return state.startsWith("22") || state.startsWith("23") || state.startsWith("54") ? Remedy.SPLIT : Remedy.FAIL;
    }
}
