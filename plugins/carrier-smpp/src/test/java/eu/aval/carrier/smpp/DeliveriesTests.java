// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.smpp;

import static eu.aval.carrier.smpp.Accounts.await;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import eu.aval.carrier.smpp.FakeSmsc.Reaction;
import eu.aval.carrier.smpp.Pdu.Endpoint;
import eu.aval.spi.Carrier;
import eu.aval.spi.CarrierContext;
import eu.aval.spi.event.CarrierEvent;
import eu.aval.spi.event.CarrierEvent.Delivery;
import eu.aval.spi.event.CarrierEvent.Inbound;
import eu.aval.spi.event.CarrierEvent.InboundPart;
import eu.aval.spi.event.CarrierEventSink;
import eu.aval.spi.event.DeliveryState;
import eu.aval.spi.submit.SubmitOutcome;
import eu.aval.spi.text.Address;
import eu.aval.spi.text.Text;
import eu.aval.tck.TestingCarrierContext;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

final class DeliveriesTests {

    private static final Endpoint HANDSET = new Endpoint(1, 1, "33639980001");
    private static final Endpoint SHORT_CODE = new Endpoint(3, 0, "36180");

    private final FakeSmsc smsc = FakeSmsc.start();
    private final TestingCarrierContext context = new TestingCarrierContext("test");
    private final List<Carrier> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(Accounts::close);
        smsc.close();
    }

    @Test
    void matchesAReceiptWithItsSubmit() {
        smsc.onSubmit(Reaction.acceptAndReport("DELIVRD"));

        SubmitOutcome outcome = Accounts.submit(open(), "Hello");

        await(() -> context.stored().size() == 1);
        Delivery delivery = (Delivery) context.stored().getFirst();
        assertThat(delivery.state()).isEqualTo(DeliveryState.DELIVERED);
        assertThat(outcome)
                .isEqualTo(SubmitOutcome.accepted(delivery.carrierMessageIds().getFirst()));
    }

    @Test
    void handsOnAReceiptThatComesBeforeTheAnswer() {
        smsc.onSubmit(Reaction.reportAndAccept("DELIVRD"));

        SubmitOutcome outcome = Accounts.submit(open(), "Hello");

        assertThat(context.stored())
                .singleElement()
                .isInstanceOfSatisfying(
                        Delivery.class,
                        delivery -> assertThat(outcome)
                                .isEqualTo(SubmitOutcome.accepted(
                                        delivery.carrierMessageIds().getFirst())));
    }

    @Test
    void acknowledgesOnlyWhatIsStored() {
        open();
        context.hold();
        CompletableFuture<Integer> answer = smsc.deliver(receipt("1"));
        await(() -> context.emitted().size() == 1);
        assertThat(answer).isNotDone();

        context.release();

        assertThat(answer.join()).isEqualTo(Status.OK);
    }

    /** TCP would hold its own acknowledgement back, for 40 ms at least. */
    @Test
    void takesTheNextReceiptWhileTheLastOneIsNotStoredYet() {
        smsc.withNagle();
        open();
        List<Long> milliseconds = new ArrayList<>();

        for (int i = 1; i < 100; i += 2) {
            context.hold();
            long since = System.nanoTime();
            var answers =
                    List.of(smsc.deliver(receipt(Integer.toString(i))), smsc.deliver(receipt(Integer.toString(i + 1))));
            int both = i + 1;
            await(() -> context.emitted().size() == both);
            milliseconds.add((System.nanoTime() - since) / 1_000_000);
            context.release();
            answers.forEach(CompletableFuture::join);
        }

        assertThat(milliseconds).filteredOn(each -> each < 30).hasSizeGreaterThan(25);
    }

    @Test
    void asksForItAgainWhenItWasNotStored() {
        open();
        context.fail();

        assertThat(smsc.deliver(receipt("1")).join()).isEqualTo(Status.TEMPORARY_ERROR);

        context.release();
        assertThat(smsc.deliver(receipt("1")).join()).isEqualTo(Status.OK);
        assertThat(context.stored()).hasSize(1);
    }

    @Test
    void tellsOfAFloodThatIsNotStoredOnce() {
        Logger logger = (Logger) LoggerFactory.getLogger(Deliveries.class);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        open();
        context.fail();
        long start = System.nanoTime();
        List<CompletableFuture<Integer>> answers = new ArrayList<>();
        for (int i = 1; i <= 1_000; i++) {
            answers.add(smsc.deliver(receipt(Integer.toString(i))));
        }

        CompletableFuture.allOf(answers.toArray(new CompletableFuture<?>[0])).join();
        logger.detachAppender(log);
        assertThat(answers).allSatisfy(answer -> assertThat(answer.join()).isEqualTo(Status.TEMPORARY_ERROR));
        assertThat(log.list)
                .as("once in ten seconds")
                .hasSizeBetween(
                        1,
                        1 + (int) (Duration.ofNanos(System.nanoTime() - start).toSeconds() / 10));
        assertThat(context.counts()).containsEntry("deliveries_refused", 1_000);
    }

    @Test
    void takesTenThousandReceiptsAndNoMoreThanItCanHold() {
        open();
        List<CompletableFuture<Integer>> answers = new ArrayList<>();

        for (int i = 1; i <= 10_000; i++) {
            answers.add(smsc.deliver(receipt(Integer.toString(i))));
        }

        CompletableFuture.allOf(answers.toArray(new CompletableFuture<?>[0])).join();
        assertThat(answers).allSatisfy(answer -> assertThat(answer.join()).isEqualTo(Status.OK));
        assertThat(context.stored()).hasSize(10_000);
    }

    @Test
    void refusesAFloodThatIsNotStored() {
        open();
        context.hold();
        List<CompletableFuture<Integer>> answers = new ArrayList<>();

        for (int i = 1; i <= 5_010; i++) {
            answers.add(smsc.deliver(receipt(Integer.toString(i))));
        }

        await(() -> answers.stream().filter(CompletableFuture::isDone).count() == 10);
        context.release();
        CompletableFuture.allOf(answers.toArray(new CompletableFuture<?>[0])).join();
        assertThat(answers)
                .filteredOn(answer -> answer.join() == Status.TEMPORARY_ERROR)
                .hasSize(10);
    }

    @Test
    void refusesAFloodOfLongMessagesBeforeItFillsTheMemory() {
        open();
        context.hold();
        ShortMessage longest =
                ShortMessage.of(HANDSET, SHORT_CODE).withTlvs(Tlvs.NONE.with(Tag.MESSAGE_PAYLOAD, new byte[60 * 1024]));
        List<CompletableFuture<Integer>> answers = new ArrayList<>();

        for (int i = 1; i <= 200; i++) {
            answers.add(smsc.deliver(longest));
        }

        await(() -> answers.stream().filter(CompletableFuture::isDone).count() >= 50);
        context.release();
        CompletableFuture.allOf(answers.toArray(new CompletableFuture<?>[0])).join();
        assertThat(answers).filteredOn(answer -> answer.join() == Status.OK).hasSizeBetween(130, 140);
        assertThat(smsc.deliver(longest).join()).isEqualTo(Status.OK);
    }

    @Test
    void forgetsWhatIsStoredThoughSomethingBeforeItIsNot() {
        List<WeakReference<Subscription>> stored = new CopyOnWriteArrayList<>();
        opened.add(Accounts.bound(
                new Host(
                        context,
                        event -> Mono.from(to -> {
                            Subscription storing = new Storing();
                            stored.add(new WeakReference<>(storing));
                            to.onSubscribe(storing);
                            if (stored.size() > 1) {
                                to.onComplete();
                            }
                        })),
                smsc.port()));

        for (int i = 0; i < 100; i++) {
            smsc.deliver(receipt(Integer.toString(i)));
        }

        await(() -> {
            System.gc();
            return stored.size() == 100 && stored.stream().skip(1).allMatch(each -> each.refersTo(null));
        });
    }

    @Test
    void takesReceiptsByDataSm() {
        open();
        ShortMessage message = ShortMessage.of(HANDSET, SHORT_CODE)
                .withEsmClass(0x04)
                .withTlvs(Tlvs.NONE.with(Tag.RECEIPTED_MESSAGE_ID, "a1").with(Tag.MESSAGE_STATE, (byte) 2));

        assertThat(smsc.deliver(Command.DATA_SM, message).join()).isEqualTo(Status.OK);
        assertThat(context.stored()).singleElement().isInstanceOf(Delivery.class);
    }

    @Test
    void handsOnAMessageFromAHandset() {
        open();

        assertThat(smsc.deliver(message("STOP")).join()).isEqualTo(Status.OK);

        Inbound inbound = inbound().getFirst();
        assertThat(inbound.from()).isEqualTo(Address.e164("+33639980001"));
        assertThat(inbound.to()).isEqualTo(Address.of(Address.Kind.SHORT_CODE, "36180"));
        assertThat(inbound.text()).isEqualTo(Text.of("STOP"));
        assertThat(inbound.complete()).isTrue();
    }

    @Test
    void handsOnAnAnswerThatNamesWhatItAnswers() {
        open();

        assertThat(smsc.deliver(message("STOP").withTlvs(Tlvs.NONE.with(Tag.RECEIPTED_MESSAGE_ID, "a1")))
                        .join())
                .isEqualTo(Status.OK);

        assertThat(inbound()).extracting(Inbound::text).containsExactly(Text.of("STOP"));
    }

    @Test
    void recognisesAMessageDeliveredAgain() {
        open();

        smsc.deliver(message("STOP")).join();
        smsc.deliver(message("STOP")).join();
        smsc.deliver(message("START")).join();

        assertThat(inbound().get(0).carrierMessageId())
                .isEqualTo(inbound().get(1).carrierMessageId());
        assertThat(inbound().get(2).carrierMessageId())
                .isNotEqualTo(inbound().get(1).carrierMessageId());
    }

    @Test
    void handsOnEachPartAsItComes() {
        open();

        assertThat(smsc.deliver(part(2, "world")).join()).isEqualTo(Status.OK);
        assertThat(smsc.deliver(part(1, "Hello ")).join()).isEqualTo(Status.OK);

        assertThat(parts()).extracting(InboundPart::number).containsExactly(2, 1);
        assertThat(parts()).extracting(InboundPart::text).containsExactly(Text.of("world"), Text.of("Hello "));
        assertThat(parts()).allSatisfy(part -> {
            assertThat(part.reference()).isEqualTo(7);
            assertThat(part.total()).isEqualTo(2);
            assertThat(part.from()).isEqualTo(Address.e164("+33639980001"));
        });
    }

    @Test
    void acknowledgesAPartOnlyWhenItIsStored() {
        open();
        context.hold();
        CompletableFuture<Integer> first = smsc.deliver(part(1, "Hello "));
        await(() -> context.emitted().size() == 1);
        assertThat(first).isNotDone();
        context.release();
        assertThat(first.join()).isEqualTo(Status.OK);

        context.fail();
        assertThat(smsc.deliver(part(2, "world")).join()).isEqualTo(Status.TEMPORARY_ERROR);
    }

    @Test
    void givesAPartTheSameIdWhenItComesAgainAndEachPartItsOwn() {
        open();

        smsc.deliver(part(1, "Ha")).join();
        smsc.deliver(part(1, "Ha")).join();
        smsc.deliver(part(2, "Ha")).join();

        assertThat(parts().get(0).carrierMessageId())
                .isEqualTo(parts().get(1).carrierMessageId())
                .isNotEqualTo(parts().get(2).carrierMessageId());
    }

    @Test
    void takesAPartThatCannotBeForAMessage() {
        open();

        assertThat(smsc.deliver(part(3, "Hello")).join()).isEqualTo(Status.OK);

        assertThat(inbound()).extracting(Inbound::text).containsExactly(Text.of("Hello"));
    }

    @Test
    void keepsHalvesThatPhonesCutInTwo() {
        open();

        smsc.deliver(header(1, DataCoding.UCS2, new byte[] {(byte) 0xD8, 0x3D})).join();
        smsc.deliver(header(2, DataCoding.UCS2, new byte[] {(byte) 0xDE, 0x00})).join();
        smsc.deliver(header(1, DataCoding.DEFAULT, new byte[] {'5', 0x1B})).join();
        smsc.deliver(header(1, DataCoding.DEFAULT, new byte[] {'5', 0x1B, 0x1B}))
                .join();

        assertThat(parts())
                .extracting(part -> part.text().value())
                .containsExactly("\uD83D", "\uDE00", "5\u001B", "5 ");
    }

    private List<InboundPart> parts() {
        return context.stored().stream().map(InboundPart.class::cast).toList();
    }

    private List<Inbound> inbound() {
        return context.stored().stream()
                .map(CarrierEvent.class::cast)
                .map(Inbound.class::cast)
                .toList();
    }

    private Carrier open(String... settings) {
        Carrier carrier = Accounts.bound(context, smsc.port(), settings);
        opened.add(carrier);
        return carrier;
    }

    private static ShortMessage receipt(String id) {
        return FakeSmsc.receipt(HANDSET, SHORT_CODE, "id:" + id + " stat:DELIVRD");
    }

    private static ShortMessage message(String text) {
        return ShortMessage.of(HANDSET, SHORT_CODE).withOctets(0, text.getBytes(StandardCharsets.US_ASCII));
    }

    private static ShortMessage part(int number, String text) {
        return header(number, DataCoding.DEFAULT, text.getBytes(StandardCharsets.US_ASCII));
    }

    private static ShortMessage header(int number, int coding, byte[] text) {
        byte[] octets = new byte[6 + text.length];
        System.arraycopy(new byte[] {5, 0, 3, 7, 2, (byte) number}, 0, octets, 0, 6);
        System.arraycopy(text, 0, octets, 6, text.length);
        return ShortMessage.of(HANDSET, SHORT_CODE)
                .withEsmClass(ShortMessage.HEADER)
                .withOctets(coding, octets);
    }

    /** Stores as it is told. */
    private record Host(TestingCarrierContext like, CarrierEventSink events) implements CarrierContext {

        @Override
        public String accountName() {
            return like.accountName();
        }

        @Override
        public Clock clock() {
            return like.clock();
        }

        @Override
        public void count(String name) {
            like.count(name);
        }

        @Override
        public void gauge(String name, Supplier<Number> value) {
            like.gauge(name, value);
        }
    }

    private static final class Storing implements Subscription {

        @Override
        public void request(long events) {
            // There are none
        }

        @Override
        public void cancel() {
            // Nothing to be stopped
        }
    }
}
