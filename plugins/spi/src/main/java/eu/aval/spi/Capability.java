// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.spi;

/** What a carrier can do. What is declared is tested by the TCK; so is a clean refusal of what is not. */
public enum Capability {
    ALPHANUMERIC_SENDER,
    /** Takes a text of more than one part. */
    MULTIPART,
    /** Sends delivery receipts. */
    RECEIPTS,
    /** Delivers messages from handsets. */
    INBOUND,
    /** Honours {@code SubmitRequest.validity()}. */
    VALIDITY,
    /** Removes duplicates by {@code SubmitRequest.idempotencyKey()}: an uncertain submit may be sent again. */
    DEDUPLICATION,
    /** Can be asked about an uncertain submit. */
    RECONCILE,
    /** Keeps a session, of which a carrier allows only so many: the host opens it on as many nodes as configured. */
    SESSION
}
