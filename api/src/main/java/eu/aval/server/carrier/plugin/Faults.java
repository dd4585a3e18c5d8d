// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.plugin;

import org.jspecify.annotations.Nullable;

/** Speaks of an error without its message: what a plugin writes into an exception may be a number, a text or a secret. */
public final class Faults {

    private static final int DEEPEST = 10;

    private Faults() {}

    /** The class and the place of the first cause, such as {@code java.lang.IllegalStateException at com.example.Carrier.submit:41}. */
    public static String describe(@Nullable Throwable error) {
        if (error == null) {
            return "null instead of an error";
        }
        try {
            Throwable root = error;
            for (int depth = 0; depth < DEEPEST && root.getCause() != null; depth++) {
                root = root.getCause();
            }
            StackTraceElement[] trace = root.getStackTrace();
            String place = trace.length == 0
                    ? ""
                    : " at " + trace[0].getClassName() + "." + trace[0].getMethodName() + ":"
                            + trace[0].getLineNumber();
            return root.getClass().getName() + place;
        } catch (Throwable e) {
            // an exception class may override getStackTrace
            return error.getClass().getName();
        }
    }
}
