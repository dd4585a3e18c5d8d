// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.shared;

/**
 * Why the server does not start, in words for the person who starts it. Printed as two sentences, without a stack trace.
 * Names settings and files, never secrets.
 */
public final class CannotStart extends RuntimeException {

    private final String remedy;

    /**
     * @param reason what is wrong
     * @param remedy what to do about it
     */
    public CannotStart(String reason, String remedy) {
        super(reason);
        this.remedy = remedy;
    }

    public CannotStart(String reason, String remedy, Throwable cause) {
        super(reason, cause);
        this.remedy = remedy;
    }

    public String reason() {
        return String.valueOf(getMessage());
    }

    public String remedy() {
        return remedy;
    }
}
