// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.store;

import io.r2dbc.spi.R2dbcException;
import org.jspecify.annotations.Nullable;

/** Failures by SQLSTATE, the only stable part of them. */
final class SqlStates {

    private SqlStates() {}

    /** A serialization failure or a deadlock. */
    static boolean isConflict(Throwable error) {
        String state = state(error);
        return state != null && (state.equals("40001") || state.equals("40P01"));
    }

    /** Data, integrity, program limits: the same statement fails again. */
    static boolean isFaultOfData(Throwable error) {
        String state = state(error);
        return state != null && (state.startsWith("22") || state.startsWith("23") || state.startsWith("54"));
    }

    private static @Nullable String state(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof R2dbcException failure && failure.getSqlState() != null) {
                return failure.getSqlState();
            }
        }
        return null;
    }
}
