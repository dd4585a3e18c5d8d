// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.inbound.reply;

/** What somebody who writes back wants. Names are stored and shown: they are stable. */
public enum Meaning {
    /** No more of these. */
    STOP,
    /** These again, please. */
    START,
    /** To know what this is. */
    HELP,
    /** Anything else. */
    NONE
}
