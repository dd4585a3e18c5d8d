// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.smpp;

import eu.aval.carrier.smpp.Pdu.Endpoint;
import eu.aval.carrier.smpp.SmppConfiguration.Charset;
import eu.aval.carrier.smpp.SmppConfiguration.Concatenation;
import eu.aval.carrier.smpp.SmppConfiguration.TextCoding;
import eu.aval.carrier.smpp.SmppConfiguration.TonNpi;
import eu.aval.carrier.smpp.SmppConfiguration.Writing;
import eu.aval.spi.failure.CarrierError;
import eu.aval.spi.failure.FailureClass;
import eu.aval.spi.submit.SubmitRequest;
import eu.aval.spi.text.Address;
import eu.aval.spi.text.Encoding;
import eu.aval.spi.text.EncodingChoice;
import eu.aval.spi.text.Segment;
import eu.aval.spi.text.Segmentation;
import eu.aval.spi.text.SegmentationOptions;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Writes a request as the {@code submit_sm} bodies of its parts. What the SMSC's charset cannot carry goes as UCS-2, if
 * that takes no more parts than were counted; otherwise it is refused rather than charged more. (Where the account says
 * that everything is UCS-2, more parts are what was asked for.)
 */
final class MessageWriter {

    /** What came of writing. */
    sealed interface Written {

        record Parts(List<ShortMessage> messages) implements Written {}

        record Unfit(FailureClass reason, CarrierError error) implements Written {}
    }

    /** Sent with message class 0 when {@code true}. */
    private static final String OPTION_FLASH = "flash";

    private static final int MAXIMUM_ADDRESS = 20;

    private final Writing writing;
    private final Clock clock;
    private final AtomicInteger references;

    /** @param firstReference where concatenation references begin; differs so that two nodes rarely use the same */
    MessageWriter(Writing writing, Clock clock, int firstReference) {
        this.writing = writing;
        this.clock = clock;
        this.references = new AtomicInteger(firstReference);
    }

    /** @param optionalParameters whether the peer takes any; without them parts are joined by header */
    Written write(SubmitRequest request, boolean optionalParameters) {
        Endpoint source = endpoint(request.from());
        Endpoint destination = endpoint(request.to());
        if (!isWritable(source.value())) {
            return unfit(FailureClass.SENDER_REJECTED, "SOURCE_ADDRESS", "cannot be written in 20 octets");
        }
        if (!isWritable(destination.value())) {
            return unfit(FailureClass.INVALID_NUMBER, "DESTINATION_ADDRESS", "cannot be written in 20 octets");
        }
        Duration validity = request.validity();
        if (validity != null && !validity.isPositive()) {
            return unfit(FailureClass.EXPIRED, "VALIDITY", "ended before the submit");
        }
        ShortMessage common = ShortMessage.of(source, destination)
                .withServiceType(writing.serviceType())
                .withRegisteredDelivery(request.receipt() ? writing.registeredDelivery() : 0)
                .withValidity(
                        validity == null ? "" : ValidityPeriod.of(validity, writing.validityFormat(), clock.instant()));
        boolean byParameters =
                writing.concatenation() == Concatenation.SAR || writing.concatenation() == Concatenation.PAYLOAD;
        return write(
                request, common, byParameters && !optionalParameters ? Concatenation.UDH8 : writing.concatenation());
    }

    private Written write(SubmitRequest request, ShortMessage common, Concatenation concatenation) {
        String text = request.text().value();
        boolean wide = concatenation == Concatenation.UDH16;
        Segmentation counted = segmentation(text, request.encoding(), wide);
        if (!counted.fits()) {
            return unfit(FailureClass.CONTENT_INVALID, "TEXT", String.valueOf(counted.misfit()));
        }
        int flash = Boolean.parseBoolean(request.options().get(OPTION_FLASH)) ? DataCoding.FLASH : 0;
        if (counted.encoding() == Encoding.GSM7 && writing.textCoding() != TextCoding.UCS2) {
            boolean latin1 = writing.textCoding() == TextCoding.LATIN1;
            Charset charset = latin1 ? Charset.LATIN1 : writing.charset();
            if (DataCoding.encode(text, charset) != null) {
                int coding = latin1 ? DataCoding.LATIN1 : DataCoding.DEFAULT | flash;
                return join(counted, common, coding, charset, concatenation);
            }
        }
        Segmentation unicode = counted.encoding() == Encoding.UCS2 ? counted : segmentation(text, Encoding.UCS2, wide);
        if (unicode.parts() > counted.parts() && writing.textCoding() != TextCoding.UCS2) {
            return unfit(
                    FailureClass.CONTENT_INVALID,
                    "CHARSET",
                    "the carrier's charset would need more parts than counted");
        }
        return join(unicode, common, DataCoding.UCS2 | flash, null, concatenation);
    }

    private Written join(
            Segmentation segmentation,
            ShortMessage common,
            int dataCoding,
            @Nullable Charset charset,
            Concatenation concatenation) {
        List<Segment> segments = segmentation.segments();
        if (segments.size() == 1) {
            return new Written.Parts(List.of(common.withOctets(dataCoding, octets(segments.getFirst(), charset))));
        }
        if (concatenation == Concatenation.PAYLOAD) {
            ByteArrayOutputStream payload = new ByteArrayOutputStream();
            segments.forEach(segment -> payload.writeBytes(octets(segment, charset)));
            return new Written.Parts(List.of(common.withOctets(dataCoding, new byte[0])
                    .withTlvs(Tlvs.NONE.with(Tag.MESSAGE_PAYLOAD, payload.toByteArray()))));
        }
        int reference = references.getAndIncrement();
        List<ShortMessage> parts = new ArrayList<>(segments.size());
        for (Segment segment : segments) {
            byte[] octets = octets(segment, charset);
            parts.add(
                    concatenation == Concatenation.SAR
                            ? common.withOctets(dataCoding, octets).withTlvs(sar(reference, segment))
                            : common.withEsmClass(ShortMessage.HEADER)
                                    .withOctets(dataCoding, joined(segment.header(reference), octets)));
        }
        return new Written.Parts(parts);
    }

    private static Tlvs sar(int reference, Segment segment) {
        return Tlvs.NONE
                .with(Tag.SAR_REFERENCE, (byte) (reference >> 8), (byte) reference)
                .with(Tag.SAR_TOTAL, (byte) segment.total())
                .with(Tag.SAR_NUMBER, (byte) segment.number());
    }

    private static byte[] octets(Segment segment, @Nullable Charset charset) {
        byte[] octets = charset == null ? null : DataCoding.encode(segment.text(), charset);
        return octets == null ? segment.text().getBytes(StandardCharsets.UTF_16BE) : octets;
    }

    private static byte[] joined(byte[] header, byte[] octets) {
        byte[] joined = new byte[header.length + octets.length];
        System.arraycopy(header, 0, joined, 0, header.length);
        System.arraycopy(octets, 0, joined, header.length, octets.length);
        return joined;
    }

    private static Segmentation segmentation(String text, Encoding encoding, boolean wide) {
        EncodingChoice choice = encoding == Encoding.GSM7 ? EncodingChoice.GSM7 : EncodingChoice.UCS2;
        return Segmentation.of(text, new SegmentationOptions(choice, Set.of(), wide));
    }

    private Endpoint endpoint(Address address) {
        TonNpi type = switch (address.kind()) {
            case INTERNATIONAL -> writing.international();
            case ALPHANUMERIC -> writing.alphanumeric();
            case SHORT_CODE -> writing.shortCode();
            case UNKNOWN -> writing.unknown();
        };
        String value = address.kind() == Address.Kind.INTERNATIONAL
                ? writing.numberPrefix() + address.digits()
                : address.value();
        return new Endpoint(type.ton(), type.npi(), value);
    }

    private static boolean isWritable(String address) {
        return !address.isEmpty()
                && address.length() <= MAXIMUM_ADDRESS
                && address.chars().allMatch(c -> c > 0x1F && c < 0x7F);
    }

    private static Written unfit(FailureClass reason, String code, String why) {
        return new Written.Unfit(reason, CarrierError.of(code, why));
    }
}
