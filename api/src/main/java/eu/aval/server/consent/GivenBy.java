// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.consent;

/** Who agreed, or withdrew. */
public enum GivenBy {
    /** Who gets the messages. */
    RECIPIENT,
    /** The holder of parental authority over a child who gets them. */
    GUARDIAN
}
