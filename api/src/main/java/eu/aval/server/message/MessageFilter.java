// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message;

import eu.aval.server.personaldata.PhoneNumber;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which messages; null is no condition.
 *
 * @param statuses empty is any
 * @param to looked up by blind index under every enabled key
 * @param acceptedBefore exclusive
 */
public record MessageFilter(
        Set<MessageStatus> statuses,
        @Nullable String purpose,
        @Nullable PhoneNumber to,
        @Nullable String clientReference,
        @Nullable Instant acceptedFrom,
        @Nullable Instant acceptedBefore) {

    public static final MessageFilter ALL = new MessageFilter(Set.of(), null, null, null, null, null);

    public MessageFilter {
        statuses = Set.copyOf(statuses);
    }

    /** The same, of those to this number. */
    public MessageFilter withNumber(PhoneNumber number) {
        return new MessageFilter(statuses, purpose, number, clientReference, acceptedFrom, acceptedBefore);
    }

    /** Hides the reference. */
    @Override
    public String toString() {
        return "MessageFilter[" + statuses + ", " + purpose + "]";
    }
}
