// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.smpp;

import eu.aval.carrier.smpp.Pdu.Endpoint;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Names for inbound messages and parts of them, to which SMPP gives none: the id in the carrier's own optional parameter where there is
 * one, otherwise a random one, which the same text from the same number keeps for five minutes. So a message that the
 * peer delivers again because the acknowledgement got lost is recognised. Not thread-safe.
 */
final class InboundIds {

    private static final Duration SAME = Duration.ofMinutes(5);
    private static final int REMEMBERED = 10_000;

    private record Named(String id, Instant until) {}

    private final int tag;
    private final Clock clock;
    /** By digest: texts and addresses may be long, and are nobody's business here. */
    private final Map<ByteBuffer, Named> recent = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Named> eldest) {
            return size() > REMEMBERED || eldest.getValue().until().isBefore(clock.instant());
        }
    };

    /** @param tag of the carrier's parameter; 0 for none */
    InboundIds(int tag, Clock clock) {
        this.tag = tag;
        this.clock = clock;
    }

    /** @param part null when the message is whole */
    String of(ShortMessage message, @Nullable Concatenated part, String text) {
        String given = tag == 0 ? null : message.tlvs().findText(tag);
        if (given != null && !given.isBlank() && given.length() <= MessageIds.LONGEST) {
            return given.strip();
        }
        ByteBuffer key = digest(message.source(), message.destination(), part, text);
        Instant now = clock.instant();
        Named known = recent.get(key);
        if (known != null && now.isBefore(known.until())) {
            return known.id();
        }
        // Not UUID.randomUUID(): reading the system's randomness blocks, and nobody gains by guessing this one
        ThreadLocalRandom random = ThreadLocalRandom.current();
        Named fresh = new Named(new UUID(random.nextLong(), random.nextLong()).toString(), now.plus(SAME));
        recent.remove(key);
        recent.put(key, fresh);
        return fresh.id();
    }

    private static ByteBuffer digest(Endpoint from, Endpoint to, @Nullable Concatenated part, String text) {
        String all = String.join(
                "\0",
                from.ton() + "/" + from.npi(),
                from.value(),
                to.ton() + "/" + to.npi(),
                to.value(),
                part == null ? "" : part.toString(),
                text);
        // Not by a charset: half a pair of surrogates would be any other half
        ByteBuffer octets = ByteBuffer.allocate(all.length() * Character.BYTES);
        octets.asCharBuffer().put(all);
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(octets.array()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
