// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.delivery;

import eu.aval.server.carrier.CarrierEvents;
import eu.aval.server.inbound.InboundParts;
import eu.aval.server.inbound.Inbox;
import eu.aval.server.shared.StartOrder;
import eu.aval.server.tenant.Trouble;
import eu.aval.spi.event.CarrierEvent;
import eu.aval.spi.failure.FailureClass;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/** Takes everything that carriers tell, and what they told too early once more from time to time. */
final class DeliveryNode implements CarrierEvents, SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(DeliveryNode.class);

    private final Receipts receipts;
    private final Inbox inbox;
    private final InboundParts parts;
    private final Clock clock;
    private volatile Disposable looking = Disposables.disposed();

    DeliveryNode(Receipts receipts, Inbox inbox, InboundParts parts, Clock clock) {
        this.receipts = receipts;
        this.inbox = inbox;
        this.parts = parts;
        this.clock = clock;
    }

    @Override
    public Mono<Void> accept(UUID carrierAccountId, CarrierEvent event) {
        return switch (event) {
            case CarrierEvent.Delivery delivery ->
                receipts.accept(new Received(carrierAccountId, delivery, clock.instant()))
                        .then(optOut(carrierAccountId, delivery));
            case CarrierEvent.Inbound inbound -> inbox.accept(carrierAccountId, inbound);
            case CarrierEvent.InboundPart part -> parts.accept(carrierAccountId, part);
            case CarrierEvent.OptChange change -> inbox.accept(carrierAccountId, change);
        };
    }

    /** Some carriers tell only in the receipt that a person has opted out there. */
    private Mono<Void> optOut(UUID accountId, CarrierEvent.Delivery delivery) {
        return delivery.reason() == FailureClass.OPTED_OUT && delivery.recipient() != null
                ? inbox.accept(accountId, new CarrierEvent.OptChange(delivery.recipient(), null, true, delivery.at()))
                : Mono.empty();
    }

    @Override
    public void start() {
        looking = Disposables.composite(
                every(Duration.ofSeconds(2), "Looking at receipts parked lately", receipts::retryRecent),
                every(Duration.ofSeconds(2), "Applying receipts that were left", receipts::applyLeft),
                every(Duration.ofMinutes(5), "Looking at all parked receipts", receipts::retryAll),
                every(Duration.ofSeconds(20), "Handing on incomplete messages", parts::handOnLate));
    }

    @Override
    public void stop() {
        looking.dispose();
    }

    /** Carriers are closed by now: what they told last is still written. */
    @Override
    public void stop(Runnable callback) {
        stop();
        receipts.close().subscribe(done -> {}, error -> callback.run(), callback);
    }

    @Override
    public boolean isRunning() {
        return !looking.isDisposed();
    }

    @Override
    public int getPhase() {
        return StartOrder.RECEIPTS;
    }

    private static Disposable every(Duration pace, String what, Supplier<Mono<Void>> work) {
        return new Trouble(LOG, what).every(pace, work);
    }
}
