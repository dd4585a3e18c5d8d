// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.FreshDatabase;
import eu.aval.server.RestSetup;
import eu.aval.server.access.Application;
import eu.aval.server.audit.Actor;
import eu.aval.server.consent.Consent;
import eu.aval.server.consent.Consents;
import eu.aval.server.consent.Suppressions;
import eu.aval.server.contact.PhoneNumbers;
import eu.aval.server.message.Message;
import eu.aval.server.message.MessageFilter;
import eu.aval.server.message.Messages;
import eu.aval.server.message.accept.Acceptance;
import eu.aval.server.message.accept.IdempotencyKey;
import eu.aval.server.message.accept.Reception;
import eu.aval.server.message.accept.SendRequest;
import eu.aval.server.personaldata.PhoneNumber;
import eu.aval.server.routing.RouteAdministration;
import eu.aval.server.routing.RouteDraft;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import eu.aval.server.shared.TenantId;
import eu.aval.server.shared.TimeOrderedId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** A tenant that can send, and what an application and a person do with it. Each answer is checked at once. */
final class RotatingTenant {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** What it is made of. */
    @Component
    record Beans(
            FreshDatabase database,
            RestSetup rest,
            RouteAdministration routes,
            Reception reception,
            Messages messages,
            Consents consents,
            Suppressions suppressions) {}

    final TenantId id;
    private final Beans beans;
    private final Application application;

    RotatingTenant(Beans beans) {
        this.beans = beans;
        this.id = beans.rest().tenant();
        this.application = new Application(
                TimeOrderedId.next(),
                id,
                Application.Kind.LIVE,
                Set.of(Application.Scope.values()),
                null,
                null,
                1_000_000);
        purpose("service", "SERVICE", "CONTRACT");
        purpose("marketing", "MARKETING", "CONSENT");
        beans.database()
                .execute(
                        "insert into aval.sender (id, tenant_id, value, kind, is_default)"
                                + " values (?, ?, 'AVAL', 'ALPHANUMERIC', true)",
                        TimeOrderedId.next(),
                        id.value());
        UUID account = TimeOrderedId.next();
        beans.database()
                .execute(
                        "insert into aval.carrier_account (id, name, carrier_id, processing_countries)"
                                + " values (?, ?, 'none', '{FR}')",
                        account,
                        "a-" + account.toString().substring(24));
        beans.routes()
                .create(id, new RouteDraft(account, 1, null, null, null, true, null), Actor.SYSTEM)
                .block(PATIENCE);
    }

    private void purpose(String key, String messageClass, String basis) {
        beans.database()
                .execute(
                        "insert into aval.purpose (id, tenant_id, key, message_class, legal_basis, retention_class)"
                                + " values (?, ?, ?, ?, ?, 'MESSAGE')",
                        TimeOrderedId.next(),
                        id.value(),
                        key,
                        messageClass,
                        basis);
    }

    /** Number {@code n} of the French fiction range. */
    static String number(int n) {
        return "+3363998%04d".formatted(n);
    }

    static PhoneNumber phoneNumber(int n) {
        return ((PhoneNumbers.Reading.Mobile) PhoneNumbers.read(number(n))).number();
    }

    /** The id of the message that was accepted. */
    UUID send(int n, @Nullable String reference, @Nullable String key) {
        return take(n, "service", reference, key).id();
    }

    /** Whether it is the answer to an earlier request. */
    boolean replays(int n, @Nullable String reference, String key, UUID expected) {
        var accepted = take(n, "service", reference, key);
        assertThat(accepted.id()).as("message of the repeated request").isEqualTo(expected);
        return accepted.replayed();
    }

    private Acceptance.Accepted take(int n, String purpose, @Nullable String reference, @Nullable String key) {
        return beans.reception()
                .send(
                        application,
                        new SendRequest(
                                number(n), "Bonjour", purpose, null, null, reference, null, null, null, null, null,
                                null, null, null, List.of()),
                        key == null ? null : IdempotencyKey.parse(List.of(key)))
                .blockOptional(PATIENCE)
                .orElseThrow()
                .accepted();
    }

    /** Null if it was accepted. */
    @Nullable
    ProblemType advertise(int n) {
        try {
            take(n, "marketing", null, null);
            return null;
        } catch (Problem refused) {
            return refused.type();
        }
    }

    void consent(int n) {
        beans.consents()
                .record(
                        id,
                        new Consents.Act(
                                phoneNumber(n),
                                "marketing",
                                Consent.Status.GIVEN,
                                Instant.now().minusSeconds(60),
                                "test",
                                null,
                                null,
                                null,
                                null),
                        Actor.SYSTEM)
                .block(PATIENCE);
    }

    void optOut(int n) {
        beans.suppressions()
                .add(
                        id,
                        new Suppressions.Objection(phoneNumber(n), null, Suppressions.DEFAULT_CLASSES, "test"),
                        Actor.SYSTEM)
                .block(PATIENCE);
    }

    Set<UUID> messagesTo(int n) {
        return list(MessageFilter.ALL.withNumber(phoneNumber(n)));
    }

    Set<UUID> messagesWith(String reference) {
        return list(new MessageFilter(Set.of(), null, null, reference, null, null));
    }

    private Set<UUID> list(MessageFilter filter) {
        return page(filter).messages().stream().map(Message::id).collect(Collectors.toSet());
    }

    /** What each of the messages shows of its number and reference. */
    List<String> shown() {
        return page(MessageFilter.ALL).messages().stream()
                .map(message -> message.to() + " " + message.clientReference())
                .toList();
    }

    private Messages.Page page(MessageFilter filter) {
        return Mono.defer(() -> beans.messages().list(id, filter, 5_000, null))
                .blockOptional(PATIENCE)
                .orElseThrow();
    }

    /** People on file who have a number. */
    long people() {
        return beans.database()
                .number("select count(*) from aval.subject where tenant_id = ? and erased_at is null", id.value());
    }
}
