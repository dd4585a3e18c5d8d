// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.consent.store;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.FreshDatabase;
import eu.aval.server.PlatformTest;
import eu.aval.server.audit.Actor;
import eu.aval.server.consent.Consent;
import eu.aval.server.consent.Consents;
import eu.aval.server.consent.LegalBasis;
import eu.aval.server.consent.Permissions;
import eu.aval.server.consent.Purpose;
import eu.aval.server.consent.Purposes;
import eu.aval.server.consent.RetentionClass;
import eu.aval.server.consent.Suppression;
import eu.aval.server.consent.Suppressions;
import eu.aval.server.contact.Subject;
import eu.aval.server.contact.Subjects;
import eu.aval.server.outbox.OutboxSetup;
import eu.aval.server.personaldata.PhoneNumber;
import eu.aval.server.personaldata.PlaintextAccess;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.KeyedDatabase;
import eu.aval.spi.submit.MessageClass;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

@PlatformTest
final class ConsentIntegrationTests {

    private static final PhoneNumber NUMBER = PhoneNumber.of("+33639980001", "FR");
    private static final Instant MORNING = Instant.parse("2026-11-01T08:00:00Z");

    @Autowired
    private FreshDatabase database;

    @Autowired
    private Purposes purposes;

    @Autowired
    private Consents consents;

    @Autowired
    private Suppressions suppressions;

    @Autowired
    private Permissions permissions;

    @Autowired
    private Subjects subjects;

    @Autowired
    private KeyedDatabase keyed;

    @Autowired
    private ConsentHolder holder;

    private final TenantId tenant = new TenantId(UUID.randomUUID());

    @BeforeEach
    void makeATenant() {
        database.execute(
                "insert into aval.tenant (id, key, name) values (?, ?, 'Somebody')",
                tenant.value(),
                "t" + tenant.value().toString().substring(0, 13));
        StepVerifier.create(purposes.declare(
                        tenant,
                        new Purposes.Declaration(
                                "news", MessageClass.MARKETING, LegalBasis.CONSENT, RetentionClass.LIST),
                        Actor.SYSTEM))
                .expectNextCount(1)
                .verifyComplete();
    }

    @Test
    void recordsTheSameActOnce() {
        StepVerifier.create(Mono.zip(act(Consent.Status.GIVEN, MORNING), act(Consent.Status.GIVEN, MORNING)))
                .assertNext(both ->
                        assertThat(both.getT1().id()).isEqualTo(both.getT2().id()))
                .verifyComplete();
    }

    @Test
    void tellsOfConsentsAndObjectionsOnce() {
        OutboxSetup.listen(database, tenant);
        Suppressions.Objection objection =
                new Suppressions.Objection(NUMBER, null, Set.of(MessageClass.MARKETING), "phone call");

        StepVerifier.create(act(Consent.Status.GIVEN, MORNING)
                        .then(act(Consent.Status.GIVEN, MORNING))
                        .then(act(Consent.Status.WITHDRAWN, MORNING.plusSeconds(1)))
                        .then(suppressions.add(tenant, objection, Actor.SYSTEM))
                        .then(suppressions.add(tenant, objection, Actor.SYSTEM)))
                .expectNextCount(1)
                .verifyComplete();

        assertThat(OutboxSetup.told(database, tenant))
                .containsExactly("consent.recorded", "consent.withdrawn", "recipient.opted_out");
    }

    @Test
    void doesNotRevokeAWithdrawalByAnOlderConsent() {
        StepVerifier.create(
                        act(Consent.Status.WITHDRAWN, MORNING).then(act(Consent.Status.GIVEN, MORNING.minusSeconds(1))))
                .verifyErrorSatisfies(
                        problem -> assertThat(((Problem) problem).type()).isEqualTo(ProblemType.CONFLICT));
        StepVerifier.create(act(Consent.Status.GIVEN, MORNING.plusSeconds(1)))
                .expectNextCount(1)
                .verifyComplete();
    }

    @Test
    void refusesAPurposeThatIsNotDeclared() {
        StepVerifier.create(consents.record(
                        tenant,
                        new Consents.Act(
                                NUMBER, "other", Consent.Status.GIVEN, MORNING, "shop", null, null, null, null),
                        Actor.SYSTEM))
                .verifyErrorSatisfies(
                        problem -> assertThat(((Problem) problem).type()).isEqualTo(ProblemType.PURPOSE_UNKNOWN));
    }

    @Test
    void answersForConsentAndObjection() {
        StepVerifier.create(act(Consent.Status.GIVEN, MORNING)
                        .then(object(Set.of()))
                        .then(answer()))
                .assertNext(answer -> {
                    assertThat(answer.consent()).isNotNull();
                    assertThat(answer.suppressions()).containsExactly(new Suppression("*", "*"));
                })
                .verifyComplete();
    }

    @Test
    void answersNothingOfAnObjectionThatWasTakenBack() {
        StepVerifier.create(object(Set.of())).expectNextCount(1).verifyComplete();

        database.execute("update aval.suppression set lifted_at = now() where tenant_id = ?", tenant.value());

        StepVerifier.create(answer())
                .assertNext(answer -> assertThat(answer.suppressions()).isEmpty())
                .verifyComplete();
    }

    @Test
    void addsAnObjectionOnce() {
        StepVerifier.create(Flux.range(0, 8)
                        .flatMap(i -> object(Suppressions.DEFAULT_CLASSES))
                        .then())
                .verifyComplete();

        assertThat(database.number("select count(*) from aval.suppression where tenant_id = ?", tenant.value()))
                .isEqualTo(2);
    }

    @Test
    void remembersAnObjectionAfterErasure() {
        StepVerifier.create(act(Consent.Status.GIVEN, MORNING)
                        .then(object(Suppressions.DEFAULT_CLASSES))
                        .then(subject())
                        .flatMapMany(subject ->
                                Flux.from(holder.export(tenant, subject.id(), PlaintextAccess.forDataSubjectExport()))))
                .assertNext(row -> assertThat(row).containsEntry("evidence", "ticked the box"))
                .expectNextCount(2)
                .verifyComplete();
        StepVerifier.create(subject().flatMap(subject -> Mono.from(holder.erase(tenant, subject.id()))))
                .expectNext(3L)
                .verifyComplete();

        assertThat(database.number(
                        "select count(*) from aval.suppression where tenant_id = ? and subject_id is null",
                        tenant.value()))
                .isEqualTo(2);
        StepVerifier.create(answer())
                .assertNext(answer -> assertThat(answer.suppressions()).hasSize(2))
                .verifyComplete();
    }

    private Mono<Consents.Entry> act(Consent.Status status, Instant givenAt) {
        return consents.record(
                tenant,
                new Consents.Act(NUMBER, "news", status, givenAt, "shop", "v1", "fr-FR", "ticked the box", null),
                Actor.SYSTEM);
    }

    private Mono<List<Suppressions.Entry>> object(Set<MessageClass> classes) {
        return suppressions.add(tenant, new Suppressions.Objection(NUMBER, null, classes, "letter"), Actor.SYSTEM);
    }

    private Mono<Subject> subject() {
        return keyed.in(tenant, (client, keys) -> subjects.findOrCreate(client, keys, List.of(NUMBER)))
                .mapNotNull(found -> found.get(NUMBER));
    }

    private Mono<Permissions.Answer> answer() {
        return purposes.of(tenant)
                .map(known -> known.get("news"))
                .map(Purpose::id)
                .flatMap(purpose -> subject().flatMap(subject -> {
                    var question = new Permissions.Question(tenant, subject.id(), purpose);
                    return keyed.in(tenant, (client, keys) -> permissions.of(client, List.of(question)))
                            .mapNotNull(answers -> answers.get(question));
                }));
    }
}
