// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.smpp;

import eu.aval.carrier.smpp.Deliveries.Handle;
import eu.aval.carrier.smpp.Pdu.Endpoint;
import eu.aval.carrier.smpp.SmppConfiguration.Reading;
import eu.aval.spi.event.CarrierEvent;
import eu.aval.spi.text.Text;
import java.io.ByteArrayOutputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts the parts of inbound messages together. What is not whole in time is handed on as it is, marked incomplete.
 *
 * <p>A part is acknowledged with its message, so that it cannot be lost. But a peer may wait for that before it sends the
 * next part: after {@link #PATIENCE} a part is acknowledged without, and lives in memory only.
 */
final class Reassembly {

    static final Duration PATIENCE = Duration.ofSeconds(1);

    /** As many are put together at once; then the oldest is handed on. */
    private static final int MAXIMUM = 10_000;

    /** A message to store, the deliveries to answer when that is done, and what to forget then. */
    record Complete(CarrierEvent.Inbound inbound, List<Handle> unanswered, Runnable stored) {}

    private record Key(Endpoint from, Endpoint to, int reference, int total) {}

    private final Reading reading;
    private final Addresses addresses;
    private final InboundIds ids;
    private final Clock clock;
    private final Map<Key, Assembly> assemblies = new LinkedHashMap<>();

    Reassembly(Reading reading, Addresses addresses, InboundIds ids, Clock clock) {
        this.reading = reading;
        this.addresses = addresses;
        this.ids = ids;
        this.clock = clock;
    }

    /** The message, if it is whole with this part; otherwise the part is kept, and answered in time. */
    @Nullable
    Complete add(ShortMessage message, Handle handle, long now) {
        Concatenated part = Concatenated.of(message);
        if (part == null) {
            String text = DataCoding.decode(Concatenated.text(message), message.dataCoding(), reading.charset());
            return new Complete(inbound(message, text, true), List.of(handle), () -> {});
        }
        Key key = new Key(message.source(), message.destination(), part.reference(), part.total());
        Assembly assembly = assemblies.computeIfAbsent(key, absent -> new Assembly(part.total(), now));
        assembly.parts[part.number() - 1] = message;
        assembly.unanswered.add(handle);
        assembly.lastAt = now;
        return assembly.isWhole() ? complete(key, assembly) : null;
    }

    /** What has waited too long. Called a few times a second. */
    List<Complete> tick(long now) {
        List<Complete> late = new ArrayList<>();
        Iterator<Map.Entry<Key, Assembly>> entries = assemblies.entrySet().iterator();
        int excess = assemblies.size() - MAXIMUM;
        while (entries.hasNext()) {
            Map.Entry<Key, Assembly> entry = entries.next();
            Assembly assembly = entry.getValue();
            if (assembly.storing && now - assembly.lastAt < PATIENCE.toNanos() * 60) {
                continue;
            }
            if (now - assembly.startedAt > reading.reassemblyTimeout().toNanos() || excess-- > 0) {
                late.add(complete(entry.getKey(), assembly));
                assembly.lastAt = now;
            } else if (now - assembly.lastAt > PATIENCE.toNanos()) {
                assembly.unanswered.forEach(handle -> handle.answer(Status.OK));
                assembly.unanswered.clear();
            }
        }
        return late;
    }

    /** Everything, as it is. */
    List<Complete> flush() {
        List<Complete> all = new ArrayList<>();
        assemblies.forEach((key, assembly) -> all.add(complete(key, assembly)));
        return all;
    }

    /** It stays until it is stored: if that fails, the next part that comes again completes it once more. */
    private Complete complete(Key key, Assembly assembly) {
        assembly.storing = true;
        List<Handle> unanswered = List.copyOf(assembly.unanswered);
        assembly.unanswered.clear();
        return new Complete(
                inbound(assembly.first(), assembly.text(reading.charset()), assembly.isWhole()),
                unanswered,
                () -> assemblies.remove(key, assembly));
    }

    private CarrierEvent.Inbound inbound(ShortMessage message, String text, boolean complete) {
        return new CarrierEvent.Inbound(
                ids.of(message, text),
                addresses.read(message.source()),
                addresses.read(message.destination()),
                Text.of(text),
                clock.instant(),
                complete);
    }

    private static final class Assembly {

        private final @Nullable ShortMessage[] parts;
        private final long startedAt;
        private final List<Handle> unanswered = new ArrayList<>();
        private long lastAt;
        private boolean storing;

        Assembly(int total, long now) {
            this.parts = new ShortMessage[total];
            this.startedAt = now;
        }

        boolean isWhole() {
            for (ShortMessage part : parts) {
                if (part == null) {
                    return false;
                }
            }
            return true;
        }

        ShortMessage first() {
            for (ShortMessage part : parts) {
                if (part != null) {
                    return part;
                }
            }
            throw new IllegalStateException("Every assembly has a part");
        }

        /** Octets of one coding are joined before they are read: phones cut surrogate and escape pairs in two. */
        String text(SmppConfiguration.Charset charset) {
            StringBuilder text = new StringBuilder();
            ByteArrayOutputStream octets = new ByteArrayOutputStream();
            int coding = first().dataCoding();
            for (ShortMessage part : parts) {
                if (part == null) {
                    continue;
                }
                if (part.dataCoding() != coding) {
                    text.append(DataCoding.decode(octets.toByteArray(), coding, charset));
                    octets.reset();
                    coding = part.dataCoding();
                }
                octets.writeBytes(Concatenated.text(part));
            }
            return text.append(DataCoding.decode(octets.toByteArray(), coding, charset))
                    .toString();
        }
    }
}
