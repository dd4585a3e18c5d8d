// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.store;

import eu.aval.server.shared.GroupCommit.Remedy;
import io.r2dbc.spi.R2dbcException;
import org.jspecify.annotations.Nullable;

/** What to do about a batch that the database refused. By SQLSTATE, the only stable part of its failures. */
public final class CommitRemedies {

    private CommitRemedies() {}

    /** Serialization failures and deadlocks pass; bad data is the fault of one item; the rest is the fault of none. */
    public static Remedy of(Throwable error) {
        String state = sqlState(error);
        if (state == null) {
            return Remedy.FAIL;
        }
        if (state.equals("40001") || state.equals("40P01")) {
            return Remedy.RETRY;
        }
        // Data, integrity, program limits
        return state.startsWith("22") || state.startsWith("23") || state.startsWith("54") ? Remedy.SPLIT : Remedy.FAIL;
    }

    /** For a log: the kind of the failure, never its message. */
    public static String describe(Throwable error) {
        String state = sqlState(error);
        return error.getClass().getSimpleName() + (state == null ? "" : ", SQLSTATE " + state);
    }

    private static @Nullable String sqlState(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof R2dbcException failure && failure.getSqlState() != null) {
                return failure.getSqlState();
            }
        }
        return null;
    }
}
