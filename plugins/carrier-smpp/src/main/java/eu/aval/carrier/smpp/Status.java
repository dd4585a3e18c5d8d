// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.smpp;

/** The {@code command_status} values this connector says itself; what it hears is in {@code outcomes.properties}. */
final class Status {

    static final int OK = 0x00;
    static final int UNSUPPORTED_COMMAND = 0x03;
    static final int WRONG_BIND_STATE = 0x04;
    /** Try again later. */
    static final int TEMPORARY_ERROR = 0x64;
    /** Do not try again. */
    static final int PERMANENT_ERROR = 0x65;

    private Status() {}
}
