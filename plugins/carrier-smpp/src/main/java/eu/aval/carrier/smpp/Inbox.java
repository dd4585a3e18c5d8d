// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.smpp;

import eu.aval.carrier.smpp.SmppConfiguration.Reading;
import eu.aval.spi.event.CarrierEvent;
import eu.aval.spi.text.Text;
import java.time.Clock;

/** Reads messages of handsets, whole or in parts; the host puts those together. */
final class Inbox {

    private final Reading reading;
    private final Addresses addresses;
    private final InboundIds ids;
    private final Clock clock;

    Inbox(Reading reading, Addresses addresses, InboundIds ids, Clock clock) {
        this.reading = reading;
        this.addresses = addresses;
        this.ids = ids;
        this.clock = clock;
    }

    CarrierEvent read(ShortMessage message) {
        Concatenated part = Concatenated.of(message);
        byte[] octets = Concatenated.text(message);
        if (part == null) {
            String text = DataCoding.decode(octets, message.dataCoding(), reading.charset());
            return new CarrierEvent.Inbound(
                    ids.of(message, null, text),
                    addresses.read(message.source()),
                    addresses.read(message.destination()),
                    Text.of(text),
                    clock.instant(),
                    true);
        }
        String text = DataCoding.decodePart(octets, message.dataCoding(), reading.charset());
        return new CarrierEvent.InboundPart(
                ids.of(message, part, text),
                addresses.read(message.source()),
                addresses.read(message.destination()),
                part.reference(),
                part.total(),
                part.number(),
                Text.of(text),
                clock.instant());
    }
}
