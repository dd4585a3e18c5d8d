// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.simulator;

import eu.aval.carrier.simulator.Script.Later;
import eu.aval.carrier.simulator.Script.Receipt;
import eu.aval.spi.event.CarrierEvent;
import eu.aval.spi.event.CarrierEvent.Delivery;
import eu.aval.spi.event.CarrierEvent.Inbound;
import eu.aval.spi.event.CarrierEvent.InboundPart;
import eu.aval.spi.event.CarrierEvent.OptChange;
import eu.aval.spi.event.DeliveryState;
import eu.aval.spi.failure.FailureClass;
import eu.aval.spi.submit.SubmitRequest;
import eu.aval.spi.text.Encoding;
import eu.aval.spi.text.Segment;
import eu.aval.spi.text.Segmentation;
import eu.aval.spi.text.Text;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Plans what the network tells of a message that it took. */
final class Story {

    /** Between things that come one after the other. */
    private static final Duration STEP = Duration.ofMillis(5);

    /** Between the receipt and what a person does on reading. */
    private static final Duration READING = Duration.ofSeconds(1);

    private final SimulatorSettings settings;
    private final Events events;
    private final Clock clock;

    Story(SimulatorSettings settings, Events events, Clock clock) {
        this.settings = settings;
        this.events = events;
        this.clock = clock;
    }

    /** @param answer how long until the submit is answered */
    void plan(SubmitRequest request, Script script, Names names, Duration answer) {
        Duration end = answer;
        if (request.receipt()) {
            int number = 0;
            for (Receipt receipt : script.receipts()) {
                Duration due = due(receipt, answer, number++);
                Receipt told = receipt;
                Duration validity = request.validity();
                if (validity != null && due.minus(answer).compareTo(validity) > 0) {
                    due = answer.plus(validity);
                    told = new Receipt(null, DeliveryState.EXPIRED, FailureClass.EXPIRED, receipt.parts());
                }
                tell(request, told, names, due);
                end = due;
            }
        }
        for (Later later : script.later()) {
            later(request, later, names, end.plus(READING));
        }
    }

    private Duration due(Receipt receipt, Duration answer, int number) {
        Duration after = receipt.after();
        if (after == null) {
            return answer.plus(settings.receiptDelay()).plus(STEP.multipliedBy(number));
        }
        return after.isNegative() ? Duration.ZERO : answer.plus(after);
    }

    private void tell(SubmitRequest request, Receipt receipt, Names names, Duration due) {
        for (List<String> ids : names.inReceipts(receipt.parts())) {
            UUID messageId = ids.isEmpty() ? request.messageId() : null;
            events.after(due, () -> delivery(ids, messageId, request, receipt));
        }
    }

    private CarrierEvent delivery(List<String> ids, @Nullable UUID messageId, SubmitRequest request, Receipt receipt) {
        FailureClass reason = receipt.reason();
        Text raw = Text.of("id:" + (ids.isEmpty() ? "" : ids.get(0)) + " stat:" + receipt.state() + " err:"
                + (reason == null ? 0 : MagicNumbers.codeOf(reason)));
        return new Delivery(
                ids,
                messageId,
                request.to(),
                receipt.state(),
                reason,
                reason == null ? null : SimulatorCarrier.error(reason),
                clock.instant(),
                raw);
    }

    private void later(SubmitRequest request, Later later, Names names, Duration due) {
        String name = names.all().get(0);
        switch (later) {
            case Later.Reply reply -> {
                for (int i = 0; i < reply.copies(); i++) {
                    events.after(
                            due.plus(STEP.multipliedBy(i)),
                            () -> new Inbound(
                                    name + "-reply",
                                    request.to(),
                                    request.from(),
                                    Text.of(reply.text()),
                                    clock.instant(),
                                    reply.complete()));
                }
            }
            case Later.ReplyInParts reply -> {
                List<Segment> parts =
                        Segmentation.of(reply.text(), Encoding.GSM7).segments();
                for (int i = 0; i < reply.told().size(); i++) {
                    Segment part = parts.get(reply.told().get(i) - 1);
                    events.after(
                            due.plus(STEP.multipliedBy(i)),
                            () -> new InboundPart(
                                    name + "-reply-" + part.number(),
                                    request.to(),
                                    request.from(),
                                    request.messageId().hashCode() & 0xFFFF,
                                    part.total(),
                                    part.number(),
                                    Text.of(part.text()),
                                    clock.instant()));
                }
            }
            case Later.Opt opt ->
                events.after(
                        due,
                        () -> new OptChange(
                                request.to(),
                                opt.thisSenderOnly() ? request.from() : null,
                                opt.optedOut(),
                                clock.instant()));
            case Later.Stray stray ->
                events.after(
                        due,
                        () -> delivery(
                                List.of(name + "-stray"), null, request, Receipt.of(null, DeliveryState.DELIVERED)));
        }
    }
}
