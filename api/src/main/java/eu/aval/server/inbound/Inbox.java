// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.inbound;

import eu.aval.server.audit.Actor;
import eu.aval.server.consent.Sender;
import eu.aval.server.consent.Senders;
import eu.aval.server.consent.Suppressions;
import eu.aval.server.consent.Suppressions.Objection;
import eu.aval.server.consent.Suppressions.Written;
import eu.aval.server.contact.PhoneNumbers;
import eu.aval.server.contact.Subject;
import eu.aval.server.contact.Subjects;
import eu.aval.server.encryption.AssociatedData;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.inbound.reply.Meaning;
import eu.aval.server.inbound.reply.Reply;
import eu.aval.server.inbound.reply.ReplyReader;
import eu.aval.server.inbound.store.InboxTable;
import eu.aval.server.inbound.store.InboxTable.NewInbound;
import eu.aval.server.message.Conversations;
import eu.aval.server.message.Conversations.Confirmation;
import eu.aval.server.message.Conversations.Sent;
import eu.aval.server.message.dispatch.DispatchSignal;
import eu.aval.server.message.dispatch.OptOutListener;
import eu.aval.server.personaldata.PhoneNumber;
import eu.aval.server.shared.TenantId;
import eu.aval.server.shared.TimeOrderedId;
import eu.aval.server.tenant.KeyedDatabase;
import eu.aval.spi.event.CarrierEvent.Inbound;
import eu.aval.spi.event.CarrierEvent.OptChange;
import eu.aval.spi.text.Address;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Takes what people write, and what they told their carrier. What follows from it is in the transaction that stores it: the
 * opt-out, the end of what waits for the person, one confirmation, and the events. A message that comes again changes
 * nothing.
 */
@Component
public final class Inbox implements OptOutListener {

    private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);

    /** Where an opt-out came from: somebody wrote to the tenant. */
    static final String REPLY = "REPLY";
    /** Somebody told the carrier. */
    static final String CARRIER = "CARRIER";

    /** What became of one message. */
    record Effect(boolean stored, Meaning meaning, @Nullable UUID confirmedThrough) {}

    /** One message, and what is known about it before the transaction. */
    record Incoming(
            UUID id,
            UUID accountId,
            String carrierMessageId,
            String to,
            String text,
            Instant receivedAt,
            boolean complete,
            Reply reply,
            Map<String, Sender> senders) {

        Incoming(
                UUID id,
                UUID accountId,
                String carrierMessageId,
                String to,
                String text,
                Instant receivedAt,
                boolean complete,
                Map<String, Sender> senders) {
            this(id, accountId, carrierMessageId, to, text, receivedAt, complete, ReplyReader.read(text), senders);
        }

        /** Under an id that no other has. */
        Incoming renamed() {
            return new Incoming(
                    id, accountId, carrierMessageId + "/" + id, to, text, receivedAt, complete, reply, senders);
        }

        @Override
        public String toString() {
            return "Incoming[" + id + "]";
        }

        /** The tenant's own sender that was written to; null when it is none of theirs. */
        @Nullable
        String sender() {
            String digits = to.startsWith("+") ? to.substring(1) : to;
            return senders.values().stream()
                    .filter(sender -> !sender.retired())
                    .map(Sender::value)
                    .filter(value -> value.equals(to) || value.replace("+", "").equals(digits))
                    .findFirst()
                    .orElse(null);
        }
    }

    private final InboxTable table;
    private final Owners owners;
    private final KeyedDatabase database;
    private final Subjects subjects;
    private final Senders senders;
    private final Suppressions suppressions;
    private final Conversations conversations;
    private final DispatchSignal dispatch;
    private final InboundMetrics metrics;

    Inbox(
            InboxTable table,
            Owners owners,
            KeyedDatabase database,
            Subjects subjects,
            Senders senders,
            Suppressions suppressions,
            Conversations conversations,
            DispatchSignal dispatch,
            InboundMetrics metrics) {
        this.table = table;
        this.owners = owners;
        this.database = database;
        this.subjects = subjects;
        this.senders = senders;
        this.suppressions = suppressions;
        this.conversations = conversations;
        this.dispatch = dispatch;
        this.metrics = metrics;
    }

    /** Completes when it is stored and has had its effect: only then may the carrier be acknowledged. */
    public Mono<Void> accept(UUID accountId, Inbound inbound) {
        long began = System.nanoTime();
        PhoneNumber from = number(inbound.from());
        return owners.of(accountId, inbound.to().value(), from).flatMap(owner -> {
            if (owner.isEmpty()) {
                ownerless(accountId, ReplyReader.read(inbound.text().value()).meaning());
                return Mono.empty();
            }
            return senders.of(owner.get())
                    .flatMap(declared -> take(owner.get(), incoming(accountId, inbound, declared), from))
                    .doOnNext(effect -> told(effect, began))
                    .then();
        });
    }

    private static Incoming incoming(UUID accountId, Inbound inbound, Map<String, Sender> declared) {
        return new Incoming(
                TimeOrderedId.next(),
                accountId,
                inbound.carrierMessageId(),
                inbound.to().value(),
                inbound.text().value(),
                inbound.receivedAt(),
                inbound.complete(),
                declared);
    }

    /** It may be a STOP to somebody, and nobody here can tell to whom: nothing of it is kept. */
    void ownerless(UUID accountId, Meaning meaning) {
        LOG.warn("Account {} received a message that belongs to no tenant ({})", accountId, meaning);
        metrics.ownerless(meaning);
    }

    /** Once it is committed. */
    void told(Effect effect, long began) {
        if (effect.stored()) {
            metrics.received(effect.meaning(), Duration.ofNanos(System.nanoTime() - began));
        } else {
            metrics.duplicate();
        }
        if (effect.confirmedThrough() != null) {
            dispatch.queued(effect.confirmedThrough());
        }
    }

    private Mono<Effect> take(TenantId tenant, Incoming incoming, @Nullable PhoneNumber from) {
        return database.in(
                tenant,
                (client, keys) -> from == null
                        ? take(client, keys, incoming, (Subject) null)
                        : subjects.findOrCreate(client, keys, List.of(from))
                                .flatMap(found -> take(client, keys, incoming, subject(found, from))));
    }

    /** In the transaction of {@code client}. */
    Mono<Effect> take(DatabaseClient client, TenantKeys keys, Incoming incoming, @Nullable Subject subject) {
        return subject == null ? takeUnowned(client, keys, incoming) : takeOwned(client, keys, incoming, subject);
    }

    /** A short code or a name wrote: there is no person whose key could seal it, and nobody who could object. */
    private Mono<Effect> takeUnowned(DatabaseClient client, TenantKeys keys, Incoming incoming) {
        return insert(client, keys.tenant(), incoming, null, null, keys.seal(text(incoming), place(keys, incoming)))
                .map(stored -> new Effect(stored, incoming.reply().meaning(), null));
    }

    private Mono<Effect> takeOwned(DatabaseClient client, TenantKeys keys, Incoming incoming, Subject subject) {
        return conversations
                .newest(client, keys.tenant(), subject.id())
                .map(Optional::of)
                .defaultIfEmpty(Optional.empty())
                .flatMap(answered -> insert(
                                client,
                                keys.tenant(),
                                incoming,
                                subject.id(),
                                answered.map(Sent::messageId).orElse(null),
                                subject.key().seal(text(incoming), place(keys, incoming)))
                        .flatMap(stored -> stored
                                ? follow(client, keys, incoming, subject, answered.orElse(null))
                                : repeated(client, keys, incoming, subject)));
    }

    /**
     * The carrier's id is known. Where SMPP gives none, the same words within minutes have the same: STOP after START is
     * another act all the same, and no echo of the STOP before it.
     */
    private Mono<Effect> repeated(DatabaseClient client, TenantKeys keys, Incoming incoming, Subject subject) {
        Effect nothing = new Effect(false, incoming.reply().meaning(), null);
        return incoming.reply().meaning() != Meaning.STOP
                ? Mono.just(nothing)
                : table.isTakenBack(
                                client, keys.tenant(), incoming.accountId(), incoming.carrierMessageId(), subject.id())
                        .flatMap(takenBack ->
                                takenBack ? takeOwned(client, keys, incoming.renamed(), subject) : Mono.just(nothing));
    }

    private Mono<Effect> follow(
            DatabaseClient client, TenantKeys keys, Incoming incoming, Subject subject, @Nullable Sent answered) {
        Meaning meaning = incoming.reply().meaning();
        Written written = new Written(incoming.id(), incoming.to());
        return switch (meaning) {
            case STOP -> stop(client, keys, incoming, subject, answered, written);
            case START ->
                suppressions
                        .lift(client, keys, subject, written, Actor.SYSTEM)
                        .doOnNext(metrics::optedIn)
                        .thenReturn(new Effect(true, meaning, null));
            case HELP, NONE -> Mono.just(new Effect(true, meaning, null));
        };
    }

    private Mono<Effect> stop(
            DatabaseClient client,
            TenantKeys keys,
            Incoming incoming,
            Subject subject,
            @Nullable Sent answered,
            Written written) {
        StopScope scope = StopScope.of(incoming.reply(), incoming.sender(), answered, incoming.senders());
        Objection objection = new Objection(subject.number(), scope.sender(), scope.classes(), REPLY);
        return object(client, keys, subject, objection, written).flatMap(added -> {
            if (added == 0 || answered == null) {
                return Mono.just(new Effect(true, Meaning.STOP, null));
            }
            String own = incoming.sender();
            String sender = own == null ? answered.sender() : own;
            String text = ConfirmationText.of(incoming.reply().language(), scope, answered.sender(), incoming.to());
            return conversations
                    .confirm(client, keys, subject, new Confirmation(incoming.id(), answered, sender, text))
                    .doOnNext(id -> metrics.confirmed())
                    .thenReturn(new Effect(true, Meaning.STOP, answered.accountId()));
        });
    }

    /** On the list, and what waits is blocked. How many entries are new: a confirmation is due once, with the first. */
    private Mono<Integer> object(
            DatabaseClient client, TenantKeys keys, Subject subject, Objection objection, @Nullable Written written) {
        return suppressions
                .add(client, keys, subject, objection, written, Actor.SYSTEM)
                .flatMap(added -> conversations
                        .stop(client, keys.tenant(), subject.id(), objection.sender(), objection.classes())
                        .doOnNext(stopped -> metrics.optedOut(objection.source(), added))
                        .thenReturn(added));
    }

    private Mono<Boolean> insert(
            DatabaseClient client,
            TenantId tenant,
            Incoming incoming,
            @Nullable UUID subjectId,
            @Nullable UUID messageId,
            byte[] sealed) {
        return table.insert(
                client,
                new NewInbound(
                        incoming.id(),
                        tenant,
                        incoming.accountId(),
                        incoming.carrierMessageId(),
                        subjectId,
                        incoming.to(),
                        ByteBuffer.wrap(sealed),
                        incoming.complete(),
                        incoming.receivedAt(),
                        incoming.reply().meaning(),
                        messageId));
    }

    private static byte[] text(Incoming incoming) {
        return incoming.text().getBytes(StandardCharsets.UTF_8);
    }

    private static AssociatedData place(TenantKeys keys, Incoming incoming) {
        return new AssociatedData(keys.tenant(), "inbound_message", "text_sealed", incoming.id());
    }

    /**
     * Somebody refused messages with the carrier. That somebody wants them again is for the tenant to hear from the person: a
     * list that changed is no act of theirs.
     */
    public Mono<Void> accept(UUID accountId, OptChange change) {
        PhoneNumber number = number(change.number());
        if (number == null || !change.optedOut()) {
            return Mono.empty();
        }
        String sender = change.sender() == null ? null : change.sender().value();
        return table.concerned(accountId, sender)
                .flatMap(tenants -> tenants.isEmpty()
                        ? owners.former(accountId, number).map(List::of).defaultIfEmpty(tenants)
                        : Mono.just(tenants))
                // One whose keys do not open, say, is told again later, and keeps it from no other
                .flatMap(tenants -> Flux.fromIterable(tenants)
                        .concatMapDelayError(tenant -> refused(tenant, number, sender, tenants.size() == 1))
                        .then());
    }

    @Override
    public void optedOut(TenantId tenant, PhoneNumber recipient, String sender) {
        refused(tenant, recipient, sender, true)
                .retryWhen(Retry.backoff(8, Duration.ofMillis(200)).maxBackoff(Duration.ofSeconds(30)))
                .subscribe(
                        added -> {},
                        error -> LOG.error(
                                "An opt-out that a carrier told of is not on the list of tenant {}", tenant, error));
    }

    /** @param stranger whether somebody whom the tenant does not know is written down, too */
    private Mono<Integer> refused(TenantId tenant, PhoneNumber number, @Nullable String sender, boolean stranger) {
        return database.in(
                tenant,
                (client, keys) -> (stranger
                                ? subjects.findOrCreate(client, keys, List.of(number))
                                : subjects.find(client, keys, List.of(number)))
                        .flatMap(found -> {
                            Subject subject = found.get(number);
                            return subject == null
                                    ? Mono.just(0)
                                    : object(
                                            client,
                                            keys,
                                            subject,
                                            new Objection(number, sender, Set.of(), CARRIER),
                                            null);
                        }));
    }

    static Subject subject(Map<PhoneNumber, Subject> found, PhoneNumber number) {
        Subject subject = found.get(number);
        if (subject == null) {
            throw new IllegalStateException("No subject was made");
        }
        return subject;
    }

    static @Nullable PhoneNumber number(Address address) {
        String value = address.value();
        boolean digits = !address.digits().isEmpty() && address.digits().chars().allMatch(c -> c >= '0' && c <= '9');
        if (!digits || address.digits().length() < 7 || address.kind() == Address.Kind.SHORT_CODE) {
            return null;
        }
        String e164 = value.startsWith("+") ? value : "+" + value;
        return switch (PhoneNumbers.read(e164)) {
            case PhoneNumbers.Reading.Mobile mobile -> mobile.number();
            case PhoneNumbers.Reading.Refused refused -> PhoneNumber.of(e164, "ZZ");
        };
    }
}
