// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.contact;

/** How old somebody is, as coarsely as the law asks. */
public enum AgeBand {
    /** Below the age of digital consent of their country: 15 in France. */
    CHILD,
    /** Above it, and not of full age. */
    TEEN,
    /** Of full age. */
    ADULT,
    /** Nobody has said. */
    UNKNOWN
}
