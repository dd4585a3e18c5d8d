// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.account;

import eu.aval.server.carrier.CarrierEvents;
import eu.aval.spi.event.CarrierEvent;
import eu.aval.spi.failure.FailureClass;
import java.util.UUID;
import reactor.core.publisher.Mono;
import reactor.pool.InstrumentedPool;
import reactor.pool.PoolAcquirePendingLimitException;
import reactor.pool.PoolBuilder;

/**
 * How many events of one account are at work at once on this node. Others wait for their turn, in the order in which they
 * came, and so does the carrier, which is acknowledged when they are stored; too many are refused at once. Receipts, which
 * are written together, do not wait behind messages, each of which has transactions of its own.
 */
final class EventGate implements CarrierEvents {

    private final CarrierEvents events;
    private final AccountMeters meters;
    private final InstrumentedPool<Object> receipts;
    private final InstrumentedPool<Object> messages;

    EventGate(CarrierEvents events, CarrierSettings.Events limits, AccountMeters meters) {
        this.events = events;
        this.meters = meters;
        this.receipts = turns(limits.receipts(), limits.waiting());
        this.messages = turns(limits.messages(), limits.waiting());
        meters.gauge(
                "sms.account.events.at.work",
                "Receipts and messages of people that are being stored",
                this,
                gate -> gate.receipts.metrics().acquiredSize()
                        + gate.messages.metrics().acquiredSize());
        meters.gauge(
                "sms.account.events.waiting",
                "Receipts and messages of people that wait for their turn to be stored",
                this,
                gate -> gate.receipts.metrics().pendingAcquireSize()
                        + gate.messages.metrics().pendingAcquireSize());
    }

    private static InstrumentedPool<Object> turns(int atWork, int waiting) {
        return PoolBuilder.from(Mono.fromSupplier(Object::new))
                .sizeBetween(0, atWork)
                .maxPendingAcquire(waiting)
                .buildPool();
    }

    @Override
    public Mono<Void> accept(UUID carrierAccountId, CarrierEvent event) {
        return (isReceiptAlone(event) ? receipts : messages)
                .withPoolable(turn -> events.accept(carrierAccountId, event))
                .then()
                .onErrorMap(PoolAcquirePendingLimitException.class, full -> {
                    meters.refusedEvent();
                    return new IllegalStateException("Too many events of the account wait to be stored");
                });
    }

    /** One that tells of an opt-out has the effect of one, too. */
    private static boolean isReceiptAlone(CarrierEvent event) {
        return event instanceof CarrierEvent.Delivery delivery && delivery.reason() != FailureClass.OPTED_OUT;
    }
}
