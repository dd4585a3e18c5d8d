// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.plugin;

import org.jspecify.annotations.Nullable;

/** Speaks of an error without its message: what a plugin writes into an exception may be a number, a text or a secret. */
public final class Faults {

    private Faults() {}

    /** The class and the place, such as {@code java.lang.IllegalStateException at com.example.Carrier.submit:41}. */
    public static String describe(@Nullable Throwable error) {
        if (error == null) {
            return "null instead of an error";
        }
        try {
            StackTraceElement[] trace = error.getStackTrace();
            String place = trace.length == 0
                    ? ""
                    : " at " + trace[0].getClassName() + "." + trace[0].getMethodName() + ":"
                            + trace[0].getLineNumber();
            return error.getClass().getName() + place;
        } catch (Throwable e) {
            // an exception class may override getStackTrace
            return error.getClass().getName();
        }
    }
}
