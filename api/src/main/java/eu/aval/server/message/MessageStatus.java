// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message;

/** Where a message stands. Names are stored and shown: they are stable. */
public enum MessageStatus {
    /** Waits for its time. */
    SCHEDULED(false),
    /** Waits for a carrier. */
    QUEUED(false),
    /** A carrier has it. */
    SUBMITTED(false),
    /** On its way to the handset. */
    ENROUTE(false),
    /** May have been sent: bytes left and no answer came. */
    UNCERTAIN(false),
    DELIVERED(true),
    /** Some parts arrived and others never will. */
    PARTIALLY_DELIVERED(true),
    UNDELIVERED(true),
    EXPIRED(true),
    REJECTED(true),
    /** No receipt came in time. */
    UNKNOWN(true),
    /** Refused by the gate after it was accepted: an opt-out came in between, say. */
    BLOCKED(true),
    CANCELLED(true);

    private final boolean end;

    MessageStatus(boolean end) {
        this.end = end;
    }

    /** Whether nothing more is expected. A late receipt may still correct it: DELIVERED wins over the others. */
    public boolean isFinal() {
        return end;
    }
}
