// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.simulator;

import eu.aval.spi.submit.SubmitRequest;
import java.util.UUID;

/**
 * Chance that falls the same way each time: a function of the seed, the message and the attempt, whatever the order in
 * which messages come.
 */
record Chance(long seed) {

    /** What is drawn for; each has its own luck. */
    enum Of {
        LOSS(1),
        THROTTLING(2),
        UNCERTAINTY(3);

        private final int salt;

        Of(int salt) {
            this.salt = salt;
        }
    }

    /** Whether it falls within this share. A repeated attempt draws again, except for the loss of the message. */
    boolean strikes(SubmitRequest request, Of matter, double share) {
        if (share <= 0) {
            return false;
        }
        int attempt = matter == Of.LOSS ? 0 : request.attempt();
        long drawn = mix(number(request.messageId(), matter.salt) + attempt);
        return (drawn >>> 11) * 0x1.0p-53 < share;
    }

    /** A number that belongs to this message and salt alone. */
    long number(UUID messageId, int salt) {
        return mix(mix(mix(seed + salt) ^ messageId.getMostSignificantBits()) ^ messageId.getLeastSignificantBits());
    }

    /** The finisher of SplitMix64. */
    private static long mix(long value) {
        long mixed = value + 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
