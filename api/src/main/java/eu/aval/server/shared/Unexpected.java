// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.shared;

import org.jspecify.annotations.Nullable;

/**
 * The kind and the place of a failure without its message, which may quote what somebody wrote. For the log. Takes the
 * failures of plugins too, whose classes may answer anything when they are asked.
 */
public final class Unexpected extends RuntimeException {

    private static final int DEEPEST = 10;

    public Unexpected(Throwable failure) {
        this(failure, DEEPEST);
    }

    private Unexpected(Throwable failure, int depth) {
        super(failure.getClass().getName(), cause(failure, depth), false, true);
        setStackTrace(places(failure));
    }

    private static @Nullable Throwable cause(Throwable failure, int depth) {
        try {
            var cause = failure.getCause();
            return cause == null || cause == failure || depth == 0 ? null : new Unexpected(cause, depth - 1);
        } catch (RuntimeException | LinkageError e) {
            return null;
        }
    }

    private static StackTraceElement[] places(Throwable failure) {
        try {
            return failure.getStackTrace().clone();
        } catch (RuntimeException | LinkageError e) {
            return new StackTraceElement[0];
        }
    }
}
