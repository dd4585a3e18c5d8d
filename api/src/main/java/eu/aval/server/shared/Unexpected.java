// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.shared;

import org.jspecify.annotations.Nullable;

/** The kind and the place of a failure without its message, which may quote what somebody wrote. For the log. */
public final class Unexpected extends RuntimeException {

    public Unexpected(Throwable failure) {
        super(failure.getClass().getName(), cause(failure), false, true);
        setStackTrace(failure.getStackTrace());
    }

    private static @Nullable Throwable cause(Throwable failure) {
        var cause = failure.getCause();
        return cause == null || cause == failure ? null : new Unexpected(cause);
    }
}
