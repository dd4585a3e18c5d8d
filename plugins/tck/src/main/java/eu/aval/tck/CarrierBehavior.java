// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.tck;

import eu.aval.spi.Capability;
import org.jspecify.annotations.Nullable;

/**
 * What a carrier and its {@link CarrierFixture} may or may not do. Everything is expected until
 * {@link CarrierTckSetup#has} says no, and a no is tested too: where there is something to refuse, the refusal must be a
 * clean one.
 */
public enum CarrierBehavior {
    /** No: an alphanumeric sender is rejected as {@code SENDER_REJECTED}. */
    ALPHANUMERIC_SENDER(Capability.ALPHANUMERIC_SENDER),
    /** No: a text of more than one part is rejected as {@code CONTENT_INVALID}. */
    MULTIPART(Capability.MULTIPART),
    RECEIPTS(Capability.RECEIPTS),
    INBOUND(Capability.INBOUND),
    /** No: a validity is ignored, and the message is sent all the same. */
    VALIDITY(Capability.VALIDITY),
    DEDUPLICATION(Capability.DEDUPLICATION),
    /** No: {@code reconcile} answers {@code Unsupported}. */
    RECONCILE(Capability.RECONCILE),
    SESSION(Capability.SESSION),
    /** The far side can say "too fast". */
    THROTTLING(null),
    /** The far side can fail in passing, before it takes the message. */
    PASSING_ERROR(null),
    /** The far side can answer what nobody can read. */
    UNREADABLE_ANSWER(null),
    /** The far side can tell what it got: {@link CarrierFixture#messagesSeen()}. */
    SHOWS_MESSAGES(null),
    /** The far side can go away and come back, and the account's health follows. */
    RECOVERY(null);

    private final @Nullable Capability capability;

    CarrierBehavior(@Nullable Capability capability) {
        this.capability = capability;
    }

    /** What the descriptor declares when the carrier has this; null for what is no matter of the descriptor. */
    public @Nullable Capability capability() {
        return capability;
    }
}
