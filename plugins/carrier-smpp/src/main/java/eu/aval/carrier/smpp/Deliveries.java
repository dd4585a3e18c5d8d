// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.smpp;

import eu.aval.spi.event.CarrierEvent;
import eu.aval.spi.event.CarrierEventSink;
import eu.aval.spi.event.DeliveryState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/**
 * What the peer delivers: receipts and messages of handsets. Each is acknowledged when the host has stored it, and
 * refused for the time being when it has not, so that the peer delivers it again. Confined to the account's thread.
 */
final class Deliveries {

    private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);

    /** As many are held at once; more are refused for the time being, so that a flood does not fill the memory. */
    private static final int MAXIMUM_PENDING = 5_000;

    /** So many octets of them, for peers whose messages are far longer than messages are. */
    private static final int MAXIMUM_OCTETS = 8 * 1024 * 1024;

    private static final Duration STORE_TIMEOUT = Duration.ofSeconds(30);

    /** How often it is told at most that events are not stored: in a flood each would be a line. */
    private static final Duration COMPLAINT = Duration.ofSeconds(10);

    /** One {@code deliver_sm} that waits for its answer. */
    record Handle(Session session, int command, int sequence) {
        void answer(int status) {
            session.answer(command, sequence, status);
        }
    }

    private final Account account;
    private final CarrierEventSink sink;
    private final Receipts receipts;
    private final Inbox inbox;
    /** In the order in which they came. */
    private final Set<Pending> pending = new LinkedHashSet<>();

    private int octets;
    private int notStored;
    private long complainedAt = System.nanoTime() - COMPLAINT.toNanos();

    Deliveries(Account account, CarrierEventSink sink, Receipts receipts, Inbox inbox) {
        this.account = account;
        this.sink = sink;
        this.receipts = receipts;
        this.inbox = inbox;
    }

    void receive(Session session, int command, int sequence, ShortMessage message) {
        Handle handle = new Handle(session, command, sequence);
        if (pending() >= MAXIMUM_PENDING || octets >= MAXIMUM_OCTETS) {
            account.count("deliveries_refused");
            handle.answer(Status.TEMPORARY_ERROR);
        } else if (Receipts.isReceipt(message)) {
            CarrierEvent.Delivery delivery = receipts.read(message);
            if (delivery == null) {
                // It would be as nameless the next time
                account.count("unreadable");
                handle.answer(Status.OK);
            } else {
                store(delivery, handle, message.size());
            }
        } else {
            store(inbox.read(message), handle, message.size());
        }
    }

    /** The answer to a submit came after its outcome was given as uncertain: now it is known. */
    void answeredLate(Submission submission, Pdu pdu) {
        account.count("late_answers");
        Pdu.Answer answer = pdu.answer();
        SmppOutcomes.Meaning meaning = account.outcomes().of(pdu.status());
        String id = answer == null ? "" : answer.id();
        boolean accepted = meaning.kind() == SmppOutcomes.Kind.ACCEPTED && !id.isEmpty();
        boolean rejected = meaning.kind() == SmppOutcomes.Kind.REJECTED && submission.size() == 1;
        if (accepted || rejected) {
            store(
                    new CarrierEvent.Delivery(
                            accepted ? List.of(account.messageIds().submitted(id)) : List.of(),
                            submission.messageId(),
                            null,
                            accepted ? DeliveryState.ACCEPTED : DeliveryState.REJECTED,
                            accepted ? null : meaning.reason(),
                            accepted ? null : account.outcomes().error(pdu.status()),
                            account.clock().instant(),
                            null),
                    null,
                    0);
        }
    }

    /** Called a few times a second. */
    void tick(long now) {
        List<Pending> late = new ArrayList<>();
        for (Pending each : pending) {
            if (now - each.since <= STORE_TIMEOUT.toNanos()) {
                break;
            }
            late.add(each);
        }
        late.forEach(each -> each.give(Status.TEMPORARY_ERROR));
    }

    /** How many the host has not stored yet. */
    int pending() {
        return pending.size();
    }

    /** Nothing is handed over any more. */
    void close() {
        for (Pending each : List.copyOf(pending)) {
            each.cancel();
        }
        pending.clear();
    }

    /** @param handle null when nobody waits for an answer */
    private void store(CarrierEvent event, @Nullable Handle handle, int size) {
        Pending waiting = new Pending(handle, size);
        pending.add(waiting);
        octets += size;
        Mono<Void> storing;
        try {
            storing = sink.emit(event);
        } catch (RuntimeException e) {
            storing = Mono.error(e);
        }
        storing.subscribe(waiting);
    }

    private void complain(Throwable error) {
        notStored++;
        long now = System.nanoTime();
        if (now - complainedAt >= COMPLAINT.toNanos()) {
            LOG.warn(
                    "{}: {} events were not stored, the last because of {}",
                    account.name(),
                    notStored,
                    error.getClass().getSimpleName());
            notStored = 0;
            complainedAt = now;
        }
    }

    /** Waits for one event to be stored. */
    private final class Pending implements CoreSubscriber<Void> {

        private final @Nullable Handle handle;
        private final int size;
        private final long since = System.nanoTime();
        private volatile boolean cancelled;
        private @Nullable Subscription subscription;

        Pending(@Nullable Handle handle, int size) {
            this.handle = handle;
            this.size = size;
        }

        @Override
        public void onSubscribe(Subscription to) {
            subscription = to;
            to.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(Void nothing) {
            throw new IllegalStateException("A sink emits nothing");
        }

        @Override
        public void onComplete() {
            onLoop(Status.OK, null);
        }

        @Override
        public void onError(Throwable error) {
            onLoop(Status.TEMPORARY_ERROR, error);
        }

        private void onLoop(int status, @Nullable Throwable error) {
            if (account.loop().inEventLoop()) {
                give(status, error);
            } else if (!cancelled) {
                account.execute(() -> give(status, error));
            }
        }

        private void give(int status, @Nullable Throwable error) {
            if (error != null) {
                complain(error);
            }
            give(status);
        }

        void give(int status) {
            if (!pending.remove(this)) {
                return;
            }
            octets -= size;
            if (status != Status.OK) {
                account.count("deliveries_refused");
                cancel();
            }
            if (handle != null) {
                handle.answer(status);
            }
        }

        void cancel() {
            cancelled = true;
            if (subscription != null) {
                subscription.cancel();
            }
        }
    }
}
