// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.inbound;

import eu.aval.server.consent.Sender;
import eu.aval.server.consent.Senders;
import eu.aval.server.contact.Subject;
import eu.aval.server.contact.Subjects;
import eu.aval.server.encryption.AssociatedData;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.inbound.Inbox.Effect;
import eu.aval.server.inbound.Inbox.Incoming;
import eu.aval.server.inbound.reply.ReplyReader;
import eu.aval.server.inbound.store.PartTable;
import eu.aval.server.inbound.store.PartTable.Assembly;
import eu.aval.server.inbound.store.PartTable.Late;
import eu.aval.server.inbound.store.PartTable.Part;
import eu.aval.server.personaldata.PhoneNumber;
import eu.aval.server.shared.TimeOrderedId;
import eu.aval.server.tenant.KeyedDatabase;
import eu.aval.server.tenant.Trouble;
import eu.aval.spi.event.CarrierEvent.InboundPart;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Puts the parts of messages together, in the database: whichever node a part comes to, and whenever. The last part and
 * all that follows from the message are one transaction.
 */
@Component
public final class InboundParts {

    private static final Logger LOG = LoggerFactory.getLogger(InboundParts.class);
    private static final Trouble HANDING_ON = new Trouble(LOG, "Handing on an incomplete message");
    private static final String GROUP = "inbound-group";
    private static final String PART = "inbound-part";
    private static final int SLICE = 500;

    /** What is known of a part before its transaction. */
    private record Arrived(
            UUID accountId, InboundPart event, @Nullable PhoneNumber from, Map<String, Sender> senders) {

        byte[] group() {
            return String.join(
                            "|",
                            accountId.toString(),
                            event.from().digits(),
                            event.to().digits(),
                            Integer.toString(event.reference()),
                            Integer.toString(event.total()))
                    .getBytes(StandardCharsets.UTF_8);
        }

        byte[] text() {
            return Joined.octets(event.text().value());
        }
    }

    private final PartTable table;
    private final Inbox inbox;
    private final Owners owners;
    private final KeyedDatabase database;
    private final Subjects subjects;
    private final Senders senders;
    private final InboundMetrics metrics;

    InboundParts(
            PartTable table,
            Inbox inbox,
            Owners owners,
            KeyedDatabase database,
            Subjects subjects,
            Senders senders,
            InboundMetrics metrics) {
        this.table = table;
        this.inbox = inbox;
        this.owners = owners;
        this.database = database;
        this.subjects = subjects;
        this.senders = senders;
        this.metrics = metrics;
    }

    /** Completes when it is stored, and with the last part when the message has had its effect. */
    public Mono<Void> accept(UUID accountId, InboundPart part) {
        long began = System.nanoTime();
        PhoneNumber from = Inbox.number(part.from());
        return owners.of(accountId, part.to().value(), from).flatMap(owner -> {
            if (owner.isEmpty()) {
                inbox.ownerless(accountId, ReplyReader.read(part.text().value()).meaning());
                return Mono.empty();
            }
            return senders.of(owner.get())
                    .flatMap(declared -> database.in(
                            owner.get(),
                            (client, keys) -> take(client, keys, new Arrived(accountId, part, from, declared))))
                    .doOnNext(effect -> effect.ifPresent(each -> inbox.told(each, began)))
                    .then();
        });
    }

    private Mono<Optional<Effect>> take(DatabaseClient client, TenantKeys keys, Arrived part) {
        byte[] group = keys.index(GROUP, part.group());
        return table.lock(client, group)
                .then(Mono.defer(() -> table.newest(client, keys.tenant(), keys.indexes(GROUP, part.group()))))
                .flatMap(known ->
                        table.parts(client, known.id()).flatMap(parts -> join(client, keys, part, known, parts)))
                .switchIfEmpty(Mono.defer(() -> begin(client, keys, part).thenReturn(Optional.empty())));
    }

    /** There is a message with this reference: open, or handed on within the last hour. */
    private Mono<Optional<Effect>> join(
            DatabaseClient client, TenantKeys keys, Arrived part, Assembly known, List<Part> parts) {
        Part same = parts.stream()
                .filter(each -> each.number() == part.event().number())
                .findFirst()
                .orElse(null);
        if (same != null && isSame(keys, part, same)) {
            metrics.duplicatePart();
            return Mono.just(Optional.empty());
        }
        if (known.finished()) {
            return begin(client, keys, part).thenReturn(Optional.empty());
        }
        if (same != null) {
            // The reference has come round again: of the first message there will be no more
            return handOn(client, keys, known, parts, part.senders())
                    .flatMap(effect -> begin(client, keys, part).thenReturn(effect));
        }
        return person(client, keys, part)
                .flatMap(person -> add(client, keys, part, known, person.orElse(null)))
                .then(Mono.defer(() -> parts.size() + 1 < known.total()
                        ? Mono.just(Optional.empty())
                        : table.parts(client, known.id())
                                .flatMap(all -> handOn(client, keys, known, all, part.senders()))));
    }

    private static boolean isSame(TenantKeys keys, Arrived part, Part other) {
        byte[] index = new byte[other.textIndex().remaining()];
        other.textIndex().duplicate().get(index);
        return keys.indexes(PART, part.text()).stream().anyMatch(each -> Arrays.equals(each, index));
    }

    private Mono<Void> begin(DatabaseClient client, TenantKeys keys, Arrived part) {
        return person(client, keys, part).flatMap(person -> {
            Assembly assembly = new Assembly(
                    TimeOrderedId.next(),
                    part.accountId(),
                    person.map(Subject::id).orElse(null),
                    part.event().to().value(),
                    part.event().total(),
                    false);
            return table.begin(client, keys.tenant(), assembly, keys.index(GROUP, part.group()))
                    .then(Mono.defer(() -> add(client, keys, part, assembly, person.orElse(null))));
        });
    }

    private Mono<Void> add(
            DatabaseClient client, TenantKeys keys, Arrived part, Assembly to, @Nullable Subject person) {
        InboundPart event = part.event();
        UUID id = TimeOrderedId.next();
        byte[] sealed = person == null
                ? keys.seal(part.text(), place(keys, id))
                : person.key().seal(part.text(), place(keys, id));
        metrics.part();
        return table.add(
                client,
                keys.tenant(),
                to,
                new Part(
                        id,
                        event.number(),
                        event.carrierMessageId(),
                        event.receivedAt(),
                        ByteBuffer.wrap(keys.index(PART, part.text())),
                        null),
                ByteBuffer.wrap(sealed));
    }

    private Mono<Optional<Subject>> person(DatabaseClient client, TenantKeys keys, Arrived part) {
        PhoneNumber from = part.from();
        return from == null
                ? Mono.just(Optional.empty())
                : subjects.findOrCreate(client, keys, List.of(from))
                        .map(found -> Optional.of(Inbox.subject(found, from)));
    }

    /** What there is goes the way of any message. Of somebody who was erased meanwhile nothing can be read. */
    private Mono<Optional<Effect>> handOn(
            DatabaseClient client, TenantKeys keys, Assembly of, List<Part> parts, Map<String, Sender> declared) {
        UUID subjectId = of.subjectId();
        Mono<Optional<Subject>> writer = subjectId == null
                ? Mono.just(Optional.empty())
                : subjects.byId(client, keys, subjectId).singleOptional();
        return writer.flatMap(person -> {
                    if (subjectId != null && person.isEmpty()) {
                        return Mono.just(Optional.<Effect>empty());
                    }
                    Incoming incoming = incoming(keys, of, parts, person.orElse(null), declared);
                    return inbox.take(client, keys, incoming, person.orElse(null))
                            .map(Optional::of);
                })
                .flatMap(effect -> table.finish(client, of.id()).thenReturn(effect))
                .doOnNext(effect -> {
                    if (parts.size() < of.total()) {
                        metrics.incomplete();
                    }
                });
    }

    private static Incoming incoming(
            TenantKeys keys, Assembly of, List<Part> parts, @Nullable Subject person, Map<String, Sender> declared) {
        List<String> texts = new ArrayList<>();
        for (Part part : parts) {
            ByteBuffer sealed = part.textSealed();
            if (sealed == null) {
                throw new IllegalStateException("Part " + part.id() + " was handed on before");
            }
            byte[] octets = new byte[sealed.remaining()];
            sealed.duplicate().get(octets);
            texts.add(Joined.text(
                    person == null
                            ? keys.open(octets, place(keys, part.id()))
                            : person.key().open(octets, place(keys, part.id()))));
        }
        boolean complete = parts.size() == of.total();
        Part first = parts.getFirst();
        // What is missing of an incomplete one may still come, and must not be taken for the same
        String carrierMessageId = complete ? first.carrierMessageId() : first.carrierMessageId() + "/" + of.id();
        return new Incoming(
                TimeOrderedId.next(),
                of.accountId(),
                carrierMessageId,
                of.recipient(),
                Joined.of(texts),
                first.receivedAt(),
                complete,
                declared);
    }

    /** Messages whose other parts did not come within five minutes; any node may, also two. One that fails stops no other. */
    public Mono<Void> handOnLate() {
        return handOnLate(Instant.EPOCH);
    }

    private Mono<Void> handOnLate(Instant after) {
        return table.late(after, SLICE)
                .flatMap(late -> Flux.fromIterable(late)
                        .flatMap(each -> HANDING_ON.watch(handOn(each)).onErrorComplete(), 4)
                        .then(Mono.defer(() -> late.size() < SLICE
                                ? Mono.empty()
                                : handOnLate(late.getLast().since()))));
    }

    /** Empty if another node is at it. */
    private Mono<Optional<Effect>> handOn(Late late) {
        long began = System.nanoTime();
        return senders.of(late.tenant())
                .flatMap(declared -> database.in(
                        late.tenant(),
                        (client, keys) -> table.open(client, late.tenant(), late.id())
                                .flatMap(open -> table.parts(client, open.id())
                                        .flatMap(parts -> handOn(client, keys, open, parts, declared)))))
                .doOnNext(effect -> effect.ifPresent(each -> inbox.told(each, began)));
    }

    private static AssociatedData place(TenantKeys keys, UUID partId) {
        return new AssociatedData(keys.tenant(), "inbound_part", "text_sealed", partId);
    }
}
