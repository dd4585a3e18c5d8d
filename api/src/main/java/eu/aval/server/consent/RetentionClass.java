// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.consent;

/** Which retention rule applies. */
public enum RetentionClass {
    MESSAGE,
    CAMPAIGN,
    LIST,
    SURVEY
}
