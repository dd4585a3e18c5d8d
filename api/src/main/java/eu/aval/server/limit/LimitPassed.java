// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.limit;

/** Between reading what was left and counting, somebody else used it up. Nothing is written; to be done again. */
public final class LimitPassed extends RuntimeException {

    public LimitPassed() {
        super("Others were faster with what was left of a limit", null, false, false);
    }
}
