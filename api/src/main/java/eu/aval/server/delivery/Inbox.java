// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.delivery;

import eu.aval.server.audit.Actor;
import eu.aval.server.consent.Suppressions;
import eu.aval.server.consent.Suppressions.Objection;
import eu.aval.server.contact.PhoneNumbers;
import eu.aval.server.contact.Subject;
import eu.aval.server.contact.Subjects;
import eu.aval.server.delivery.store.InboxTable;
import eu.aval.server.delivery.store.InboxTable.NewInbound;
import eu.aval.server.encryption.AssociatedData;
import eu.aval.server.encryption.TenantKeys;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What people wrote to us, and what they told the carrier. An account serves many tenants: the one concerned is who owns
 * the number that was written to, and of several the one who wrote to this person last.
 */
final class Inbox implements OptOutListener {

    private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);

    private static final String SOURCE = "CARRIER";

    private final InboxTable table;
    private final KeyedDatabase database;
    private final Subjects subjects;
    private final Suppressions suppressions;
    private final ReceiptMetrics metrics;

    Inbox(
            InboxTable table,
            KeyedDatabase database,
            Subjects subjects,
            Suppressions suppressions,
            ReceiptMetrics metrics) {
        this.table = table;
        this.database = database;
        this.subjects = subjects;
        this.suppressions = suppressions;
        this.metrics = metrics;
    }

    /** Completes when it is stored. The same message twice is stored once. */
    Mono<Void> accept(UUID accountId, Inbound inbound) {
        @Nullable PhoneNumber from = number(inbound.from());
        return table.owners(accountId, inbound.to().value())
                .flatMap(owners -> owner(owners, from))
                .flatMap(owner -> {
                    if (owner.isEmpty()) {
                        // It may be STOP to somebody, and nobody here knows to whom
                        LOG.warn("Account {} received a message to a number that no tenant owns", accountId);
                        metrics.ownerless();
                        return Mono.empty();
                    }
                    return database.in(
                                    owner.get(),
                                    (client, keys) -> store(client, keys, accountId, inbound, from)
                                            .thenReturn(true))
                            .doOnNext(done -> metrics.inbound())
                            .then();
                });
    }

    private Mono<Optional<TenantId>> owner(List<TenantId> owners, @Nullable PhoneNumber from) {
        if (owners.size() < 2 || from == null) {
            return Mono.just(owners.stream().findFirst());
        }
        return Flux.fromIterable(owners)
                .concatMap(owner -> lastMessage(owner, from))
                .collectList()
                .map(found -> found.stream()
                        .max(Map.Entry.<TenantId, UUID>comparingByValue())
                        .map(Map.Entry::getKey)
                        .or(() -> Optional.of(owners.getFirst())));
    }

    private Mono<Map.Entry<TenantId, UUID>> lastMessage(TenantId owner, PhoneNumber from) {
        return database.in(
                owner,
                (client, keys) -> subjects.find(client, keys, List.of(from))
                        .flatMap(found -> {
                            Subject subject = found.get(from);
                            return subject == null
                                    ? Mono.<UUID>empty()
                                    : table.lastMessage(client, owner, subject.id());
                        })
                        .map(id -> Map.entry(owner, id)));
    }

    private Mono<Void> store(
            DatabaseClient client, TenantKeys keys, UUID accountId, Inbound inbound, @Nullable PhoneNumber from) {
        byte[] text = inbound.text().value().getBytes(StandardCharsets.UTF_8);
        UUID id = TimeOrderedId.next();
        AssociatedData place = new AssociatedData(keys.tenant(), "inbound_message", "text_sealed", id);
        if (from == null) {
            // A short code or a name wrote: no person whose key could seal it
            return table.insert(client, row(id, keys.tenant(), accountId, inbound, null, keys.seal(text, place)));
        }
        return subjects.findOrCreate(client, keys, List.of(from)).flatMap(found -> {
            Subject subject = found.get(from);
            return subject == null
                    ? Mono.error(new IllegalStateException("No subject was made"))
                    : table.insert(
                            client,
                            row(
                                    id,
                                    keys.tenant(),
                                    accountId,
                                    inbound,
                                    subject.id(),
                                    subject.key().seal(text, place)));
        });
    }

    private static NewInbound row(
            UUID id, TenantId tenant, UUID accountId, Inbound inbound, @Nullable UUID subjectId, byte[] sealed) {
        return new NewInbound(
                id,
                tenant,
                accountId,
                inbound.carrierMessageId(),
                subjectId,
                inbound.to().value(),
                ByteBuffer.wrap(sealed),
                inbound.complete(),
                inbound.receivedAt());
    }

    /** Somebody refused messages with the carrier. That somebody wants them again is for the tenant to hear, not for us. */
    Mono<Void> accept(UUID accountId, OptChange change) {
        @Nullable PhoneNumber number = number(change.number());
        if (number == null || !change.optedOut()) {
            return Mono.empty();
        }
        String sender = change.sender() == null ? null : change.sender().value();
        return table.concerned(accountId, sender)
                .flatMapMany(Flux::fromIterable)
                .concatMap(tenant -> suppressions.add(tenant, objection(number, sender), Actor.SYSTEM))
                .then();
    }

    @Override
    public void optedOut(TenantId tenant, PhoneNumber recipient, String sender) {
        suppressions
                .add(tenant, objection(recipient, sender), Actor.SYSTEM)
                .subscribe(
                        added -> {},
                        error -> LOG.error(
                                "An opt-out that a carrier told of is not on the list of tenant {}", tenant, error));
    }

    private static Objection objection(PhoneNumber number, @Nullable String sender) {
        return new Objection(number, sender, Set.of(), SOURCE);
    }

    private static @Nullable PhoneNumber number(Address address) {
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
