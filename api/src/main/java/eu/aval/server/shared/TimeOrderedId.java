// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.shared;

import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * UUIDv7 (RFC 9562 section 5.7), monotonic within this process: 48 bits of milliseconds, a 12-bit counter and 62 random
 * bits. The ids are public and carry no secret, so the random bits need not be unpredictable.
 */
public final class TimeOrderedId {

    /** Milliseconds and counter of the last id, as one number. */
    private static final AtomicLong LAST = new AtomicLong();

    private TimeOrderedId() {}

    public static UUID next() {
        long now = System.currentTimeMillis() << 12;
        long stamp = LAST.updateAndGet(last -> Math.max(last + 1, now));
        long high = (stamp >>> 12 << 16) | 0x7000 | (stamp & 0xFFF);
        long low = (ThreadLocalRandom.current().nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }

    /** The smallest id of an instant; ids of that instant and later are not below it. */
    public static UUID atLeast(Instant instant) {
        return new UUID(instant.toEpochMilli() << 16, 0);
    }

    /** When an id was made, to the millisecond. */
    public static Instant instantOf(UUID id) {
        return Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16);
    }
}
