// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.limit;

/** What can stand in the way of a lawful message, and be lifted for a while. */
public enum LimitKind {
    /** Countries that the tenant does not send to. */
    COUNTRY,
    /** Messages to one recipient within an hour or a day. */
    RECIPIENT,
    /** Time between two one-time codes to one recipient. */
    COOL_DOWN,
    /** One-time codes to numbers that differ in the last four digits only, within an hour. */
    BLOCK,
    /** Parts within a day or a month. */
    QUOTA,
    /** Money within a day or a month. */
    SPEND
}
