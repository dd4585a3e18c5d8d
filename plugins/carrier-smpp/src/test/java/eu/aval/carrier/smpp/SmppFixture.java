// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.smpp;

import eu.aval.carrier.smpp.FakeSmsc.Reaction;
import eu.aval.carrier.smpp.Pdu.Endpoint;
import eu.aval.spi.config.CarrierConfiguration;
import eu.aval.spi.event.DeliveryState;
import eu.aval.spi.failure.FailureClass;
import eu.aval.spi.text.Address;
import eu.aval.spi.text.Encoding;
import eu.aval.spi.text.Segment;
import eu.aval.spi.text.Segmentation;
import eu.aval.spi.text.Text;
import eu.aval.tck.CarrierFixture;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The kit's far side, on {@link FakeSmsc}: the last digits of a number say what becomes of it. */
final class SmppFixture implements CarrierFixture {

    private static final Map<FailureClass, Integer> STATUSES = Map.of(
            FailureClass.INVALID_NUMBER, 0x0B,
            FailureClass.SENDER_REJECTED, 0x0A,
            FailureClass.CONTENT_INVALID, 0x01,
            FailureClass.POLICY, 0x101,
            FailureClass.OPTED_OUT, 0x405,
            FailureClass.CREDIT, 0x406,
            FailureClass.CARRIER_ERROR, 0x45);

    private static final Map<FailureClass, String> RECEIPT_CODES = Map.of(
            FailureClass.UNREACHABLE, "003",
            FailureClass.INVALID_NUMBER, "005",
            FailureClass.OPTED_OUT, "053");

    private final FakeSmsc smsc = FakeSmsc.start();
    private final Map<String, Reaction> reactions = new HashMap<>();
    private boolean reachable = true;

    SmppFixture() {
        smsc.onSubmit((connection, submit) -> {
            String to = ((ShortMessage) submit.body()).destination().value();
            reactions.getOrDefault(to, Reaction.accept()).to(connection, submit);
        });
        Map<Answer, Reaction> answers = new EnumMap<>(Answer.class);
        answers.put(Answer.ACCEPT, Reaction.accept());
        answers.put(Answer.ACCEPT_SLOWLY, Reaction.acceptAfter(Duration.ofMillis(500)));
        answers.put(Answer.THROTTLE, Reaction.refuse(0x58));
        answers.put(Answer.PASSING_ERROR, Reaction.refuse(0x08));
        answers.put(Answer.SILENCE, Reaction.silence());
        answers.put(Answer.CUT_AFTER_WRITE, Reaction.cut());
        answers.put(Answer.UNREADABLE, Reaction.garbage());
        answers.forEach((answer, reaction) -> reactions.put(number(answer).digits(), reaction));
        STATUSES.forEach(
                (reason, status) -> reactions.put(refusedRecipient(reason).digits(), Reaction.refuse(status)));
    }

    @Override
    public CarrierConfiguration configuration() {
        return Accounts.configuration(
                smsc.port(),
                "window",
                "4",
                "queue-timeout",
                "PT0.5S",
                "response-timeout",
                "PT3S",
                "inbound-id-tag",
                "0x1402",
                "vendor-codes",
                "0x405=OPTED_OUT,0x406=CREDIT",
                "receipt-codes",
                "3=UNREACHABLE,5=INVALID_NUMBER,53=OPTED_OUT");
    }

    @Override
    public Address recipient(Answer answer) {
        if (answer == Answer.UNREACHABLE && reachable) {
            smsc.stopListening();
            reachable = false;
        } else if (answer != Answer.UNREACHABLE && !reachable) {
            smsc.listen();
            reachable = true;
        }
        return number(answer);
    }

    private static Address number(Answer answer) {
        return Address.e164("+3363998000" + answer.ordinal());
    }

    @Override
    public Set<FailureClass> refusals() {
        return STATUSES.keySet();
    }

    @Override
    public Address refusedRecipient(FailureClass reason) {
        return Address.e164("+336399801" + (10 + reason.ordinal()));
    }

    @Override
    public int submitsSeen() {
        return smsc.submits().size();
    }

    @Override
    public List<SeenMessage> messagesSeen() {
        Map<String, List<ShortMessage>> messages = new LinkedHashMap<>();
        int whole = 0;
        for (ShortMessage submit : smsc.submits()) {
            Concatenated part = Concatenated.of(submit);
            String key = part == null ? "whole " + whole++ : "reference " + part.reference();
            messages.computeIfAbsent(key, absent -> new ArrayList<>()).add(submit);
        }
        Addresses addresses = new Addresses("");
        return messages.values().stream()
                .map(parts -> {
                    StringBuilder text = new StringBuilder();
                    for (ShortMessage part : parts) {
                        text.append(DataCoding.decode(
                                Concatenated.text(part), part.dataCoding(), SmppConfiguration.Charset.GSM7));
                    }
                    ShortMessage first = parts.getFirst();
                    return new SeenMessage(
                            addresses.read(first.destination()), addresses.read(first.source()), text.toString());
                })
                .toList();
    }

    @Override
    public Set<DeliveryState> receiptStates() {
        return Set.of(
                DeliveryState.ACCEPTED,
                DeliveryState.SENT,
                DeliveryState.DELIVERED,
                DeliveryState.UNDELIVERED,
                DeliveryState.EXPIRED,
                DeliveryState.REJECTED,
                DeliveryState.CANCELLED,
                DeliveryState.UNKNOWN);
    }

    @Override
    public Set<FailureClass> receiptReasons() {
        return RECEIPT_CODES.keySet();
    }

    @Override
    public Sent sendReceipt(String carrierMessageId, DeliveryState state, @Nullable FailureClass reason) {
        String word = switch (state) {
            case ACCEPTED -> "SCHEDULED";
            case SENT, BUFFERED -> "ENROUTE";
            case DELIVERED -> "DELIVRD";
            case UNDELIVERED -> "UNDELIV";
            case EXPIRED -> "EXPIRED";
            case REJECTED -> "REJECTD";
            case CANCELLED -> "DELETED";
            case UNKNOWN -> "UNKNOWN";
        };
        String now = DateTimeFormatter.ofPattern("yyMMddHHmm", Locale.ROOT)
                .withZone(ZoneOffset.UTC)
                .format(Instant.now());
        String code = reason == null ? "000" : RECEIPT_CODES.getOrDefault(reason, "000");
        return sent(smsc.deliver(FakeSmsc.receipt(
                new Endpoint(1, 1, "33639980000"),
                new Endpoint(5, 0, "AVAL"),
                "id:" + carrierMessageId + " sub:001 dlvrd:001 submit date:" + now + " done date:" + now + " stat:"
                        + word + " err:" + code + " text:Your code is 4711 8")));
    }

    @Override
    public Sent sendInbound(String reference, Address from, Address to, Text text) {
        ShortMessage common = ShortMessage.of(new Endpoint(1, 1, from.digits()), new Endpoint(3, 0, to.digits()))
                .withTlvs(Tlvs.NONE.with(0x1402, reference));
        Segmentation whole = Segmentation.of(text.value(), Encoding.GSM7);
        boolean gsm7 = whole.fits();
        Segmentation parts = gsm7 ? whole : Segmentation.of(text.value(), Encoding.UCS2);
        List<CompletableFuture<Integer>> answers = new ArrayList<>();
        for (Segment segment : parts.segments()) {
            byte[] header = segment.header(reference.hashCode());
            byte[] octets = gsm7 ? segment.octets() : segment.text().getBytes(StandardCharsets.UTF_16BE);
            byte[] joined = new byte[header.length + octets.length];
            System.arraycopy(header, 0, joined, 0, header.length);
            System.arraycopy(octets, 0, joined, header.length, octets.length);
            answers.add(smsc.deliver(common.withEsmClass(header.length == 0 ? 0 : ShortMessage.HEADER)
                    .withOctets(gsm7 ? DataCoding.DEFAULT : DataCoding.UCS2, joined)));
        }
        CompletableFuture<Integer> worst = answers.getFirst();
        for (CompletableFuture<Integer> answer : answers) {
            worst = worst.thenCombine(answer, Math::max);
        }
        return sent(worst);
    }

    private static Sent sent(CompletableFuture<Integer> answer) {
        return new Sent() {
            @Override
            public boolean isAcknowledged() {
                return answer.getNow(-1) == Status.OK;
            }

            @Override
            public boolean isRefused() {
                return answer.getNow(-1) > Status.OK;
            }
        };
    }

    @Override
    public Map<String, String> impossibleSettings() {
        return Map.of("port", "70000", "window", "0", "receipt-zone", "Mars/Olympus", "international-ton-npi", "one");
    }

    @Override
    public void close() {
        smsc.close();
    }
}
