// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.smpp;

import eu.aval.spi.CarrierContext;
import eu.aval.spi.submit.SubmitOutcome;
import eu.aval.spi.submit.SubmitRequest;
import io.netty.channel.EventLoop;
import java.time.Clock;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.MonoSink;

/** What belongs to one account, all of it on one thread: links, submissions, deliveries, and what they share. */
final class Account {

    private static final Logger LOG = LoggerFactory.getLogger(Account.class);

    private final SmppConfiguration configuration;
    private final CarrierContext context;
    private final EventLoop loop;
    private final SmppOutcomes outcomes;
    private final MessageIds messageIds;
    private final Pace pace;
    private final Links links;
    private final Submissions submissions;
    private final Deliveries deliveries;
    private boolean sendPlanned;

    /** For gauges, which are read by others; as of the last tick. */
    record Figures(int bound, int inFlight, int waiting, int deliveriesPending) {}

    private volatile Figures figures = new Figures(0, 0, 0, 0);

    Account(SmppConfiguration configuration, CarrierContext context, EventLoop loop) {
        this.configuration = configuration;
        this.context = context;
        this.loop = loop;
        SmppConfiguration.Reading reading = configuration.reading();
        Clock clock = context.clock();
        this.outcomes = SmppOutcomes.with(reading.vendorCodes(), reading.receiptCodes());
        this.messageIds = new MessageIds(reading.messageIdFormat());
        this.pace =
                new Pace(configuration.partsPerSecond(), configuration.timers().throttlePause(), System.nanoTime());
        this.links = new Links(this);
        int firstReference = ThreadLocalRandom.current().nextInt(0x10000);
        this.submissions = new Submissions(
                new MessageWriter(configuration.writing(), clock, firstReference), links, pace, configuration);
        Addresses addresses = new Addresses(reading.countryCode());
        this.deliveries = new Deliveries(
                this,
                context.events(),
                new Receipts(reading, messageIds, outcomes, addresses, clock),
                new Inbox(reading, addresses, new InboundIds(reading.inboundIdTag(), clock), clock));
    }

    SmppConfiguration configuration() {
        return configuration;
    }

    String name() {
        return context.accountName();
    }

    Clock clock() {
        return context.clock();
    }

    EventLoop loop() {
        return loop;
    }

    SmppOutcomes outcomes() {
        return outcomes;
    }

    MessageIds messageIds() {
        return messageIds;
    }

    Pace pace() {
        return pace;
    }

    Links links() {
        return links;
    }

    Submissions submissions() {
        return submissions;
    }

    Deliveries deliveries() {
        return deliveries;
    }

    Figures figures() {
        return figures;
    }

    void count(String name) {
        context.count(name);
    }

    /** The peer says it is too fast. */
    void throttled() {
        count("throttled");
        pace.throttled(System.nanoTime());
    }

    Submission submit(SubmitRequest request, MonoSink<SubmitOutcome> sink) {
        return submissions.offer(request, sink);
    }

    void send() {
        submissions.send();
    }

    /** Sends what waits, once what is going on now is done. */
    void planSend() {
        if (!sendPlanned) {
            sendPlanned = true;
            execute(() -> {
                sendPlanned = false;
                send();
            });
        }
    }

    /** Runs on the account's thread, or not at all when that has ended. */
    void execute(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            // Closed: there is nobody left whom it would matter to
        }
    }

    /** Keeps every timer of the account. Whatever fails in it is told and does not stop the next one. */
    void tick() {
        try {
            tick(System.nanoTime());
        } catch (RuntimeException e) {
            count("failures");
            LOG.error("{}: {} in a timer", name(), e.getClass().getName());
        }
    }

    private void tick(long now) {
        pace.tick(now);
        links.tick(now);
        submissions.tick(now);
        deliveries.tick(now);
        figures = new Figures(links.bound(), links.inFlight(), submissions.waiting(), deliveries.pending());
    }
}
