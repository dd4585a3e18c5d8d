// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.spi.event;

/**
 * How far a message (or one part of it) came, as the carrier tells it. Receipts come late, twice and out of order, so
 * states have a rank and only a higher one counts.
 */
public enum DeliveryState {
    /** The carrier has it. */
    ACCEPTED(0, false),
    /** It left the carrier towards the network. A confirmation by the network alone is this, not {@link #DELIVERED}. */
    SENT(1, false),
    /** The network holds it: handset off or full. */
    BUFFERED(2, false),
    DELIVERED(4, true),
    UNDELIVERED(3, true),
    EXPIRED(3, true),
    REJECTED(3, true),
    CANCELLED(3, true),
    UNKNOWN(3, true);

    private final int rank;
    private final boolean isFinal;

    DeliveryState(int rank, boolean isFinal) {
        this.rank = rank;
        this.isFinal = isFinal;
    }

    /** Higher comes later. {@link #DELIVERED} beats the other final states: it corrects them when it arrives after. */
    public int rank() {
        return rank;
    }

    public boolean isFinal() {
        return isFinal;
    }
}
