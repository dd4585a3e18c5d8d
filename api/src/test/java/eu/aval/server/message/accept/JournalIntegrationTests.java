// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.accept;

import static eu.aval.server.message.accept.AcceptSetup.number;
import static eu.aval.server.message.accept.AcceptSetup.request;
import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.FreshDatabase;
import eu.aval.server.PostgresSetup;
import eu.aval.server.access.Application;
import eu.aval.server.consent.Sender;
import eu.aval.server.limit.TrafficRules;
import eu.aval.server.message.MessageStatus;
import eu.aval.server.outbox.OutboxSetup;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import eu.aval.server.shared.TimeOrderedId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

final class JournalIntegrationTests {

    private static FreshDatabase database;

    @TempDir
    static Path directory;

    private AcceptSetup setup;
    private Journal journal;

    @BeforeAll
    static void migrate() {
        database = PostgresSetup.freshDatabase();
    }

    @AfterAll
    static void drop() {
        database.close();
    }

    @BeforeEach
    void create(@TempDir Path keyDirectory) {
        setup = new AcceptSetup(database, keyDirectory);
        journal = setup.journal();
    }

    @Test
    void makesAMessageDurableAndSealed() {
        Prepared message = setup.prepared(request(number(1), "Rendez-vous demain", "service"));

        StepVerifier.create(journal.accept(message))
                .expectNext(new Acceptance.Accepted(
                        message.id(),
                        MessageStatus.QUEUED,
                        message.segmentation().encoding(),
                        1,
                        null,
                        null,
                        null,
                        false))
                .verifyComplete();

        var row = database.query("select * from aval.message where id = ?", message.id())
                .getFirst();
        assertThat(row)
                .containsEntry("status", "QUEUED")
                .containsEntry("sender", "AVAL")
                .containsEntry("country", "FR")
                .containsEntry("simulated", false);
        assertThat(String.valueOf(row.get("verdict"))).contains("\"ALLOWED\"");
        assertThat(new String((byte[]) Objects.requireNonNull(row.get("text_sealed")), StandardCharsets.ISO_8859_1))
                .doesNotContain("Rendez-vous");
        assertThat(database.query(
                                "select lane, carrier_account_id from aval.dispatch where message_id = ?", message.id())
                        .getFirst())
                .containsEntry("lane", 1)
                .containsEntry("carrier_account_id", AcceptSetup.ACCOUNT);
    }

    @Test
    void knowsAPersonAgain() {
        accept(setup.prepared(request(number(2), "a", "otp")));
        accept(setup.prepared(request(number(2), "b", "otp")));

        assertThat(subjects()).isEqualTo(1);
    }

    @Test
    void acceptsManyAtOnceForTheSameNewPeopleOnTwoNodes() {
        List<Journal> nodes = List.of(journal, setup.journal());

        StepVerifier.create(Flux.range(0, 600)
                        .flatMap(
                                i -> nodes.get(i % 2)
                                        .accept(setup.prepared(request(number(i % 37), "Bonjour", "service")))
                                        .subscribeOn(Schedulers.parallel()),
                                200)
                        .filter(Acceptance.Accepted.class::isInstance)
                        .count())
                .expectNext(600L)
                .verifyComplete();

        assertThat(messages()).isEqualTo(600);
        assertThat(subjects()).isEqualTo(37);
    }

    @Test
    void makesOneMessageOfAHundredConcurrentRequestsWithOneKey() {
        List<Journal> nodes = List.of(journal, setup.journal());

        List<UUID> ids = Flux.range(0, 100)
                .flatMap(
                        i -> nodes.get(i % 2)
                                .accept(setup.prepared(request(number(3), "Bonjour", "service"), "one"))
                                .subscribeOn(Schedulers.parallel())
                                .onErrorResume(
                                        Problem.class,
                                        problem -> problem.type() == ProblemType.IDEMPOTENCY_IN_FLIGHT
                                                ? Mono.empty()
                                                : Mono.error(problem)),
                        100)
                .map(acceptance -> ((Acceptance.Accepted) acceptance).id())
                .distinct()
                .collectList()
                .blockOptional(Duration.ofMinutes(1))
                .orElseThrow();

        assertThat(ids).hasSize(1);
        assertThat(messages()).isEqualTo(1);
    }

    @Test
    void replaysWithTheCurrentStatus() {
        UUID id = accept(setup.prepared(request(number(4), "Bonjour", "service"), "again"))
                .id();
        database.execute("update aval.message set status = 'DELIVERED' where id = ?", id);

        Acceptance.Accepted second = accept(setup.prepared(request(number(4), "Bonjour", "service"), "\"again\""));

        assertThat(second.id()).isEqualTo(id);
        assertThat(second.replayed()).isTrue();
        assertThat(second.status()).isEqualTo(MessageStatus.DELIVERED);
    }

    @Test
    void acceptsNothingThatNeedsConsentWhileConsentsCannotBeRead() {
        UUID known =
                accept(setup.prepared(request(number(6), "Bonjour", "service"))).id();
        consent(
                (UUID) database.value("select subject_id from aval.message where id = ?", known),
                "GIVEN",
                Instant.now());
        long before = database.number("select count(*) from aval.message");
        database.execute("alter table aval.consent rename to consent_away");
        try {
            Flux.range(0, 100)
                    .flatMap(i -> journal.accept(setup.prepared(request(number(6), "Soldes", "marketing")))
                            .map(acceptance -> acceptance instanceof Acceptance.Refused)
                            .onErrorReturn(true))
                    .collectList()
                    .as(StepVerifier::create)
                    .assertNext(refused -> assertThat(refused).hasSize(100).containsOnly(true))
                    .verifyComplete();
        } finally {
            database.execute("alter table aval.consent_away rename to consent");
        }

        assertThat(database.number("select count(*) from aval.message")).isEqualTo(before);
    }

    @Test
    void refusesAKeyWithAnotherBody() {
        accept(setup.prepared(request(number(5), "Bonjour", "service"), "k"));

        assertThat(refusal(setup.prepared(request(number(5), "Bonsoir", "service"), "k")))
                .isEqualTo(ProblemType.IDEMPOTENCY_KEY_REUSED);
    }

    @Test
    void replaysAScheduledMessageWhoseTimeHasPassed() {
        OffsetDateTime soon = OffsetDateTime.now().plusDays(1);
        UUID id = accept(setup.prepared(scheduled(soon), "late")).id();
        database.execute("update aval.message set send_at = now() - interval '1 day' where id = ?", id);

        Prepared repeated = setup.prepared(scheduled(soon), "late");
        Prepared late = new Prepared(
                TimeOrderedId.next(),
                repeated.application(),
                repeated.to(),
                repeated.from(),
                repeated.purpose(),
                repeated.countries(),
                repeated.rulePack(),
                repeated.place(),
                repeated.text(),
                null,
                repeated.segmentation(),
                null,
                null,
                repeated.validity(),
                false,
                false,
                repeated.route(),
                null,
                null,
                TrafficRules.NONE,
                Set.of(),
                repeated.idempotency(),
                new Problem(ProblemType.INVALID_REQUEST, "late"));

        assertThat(accept(late).id()).isEqualTo(id);
        assertThat(refusal(late(late))).isEqualTo(ProblemType.INVALID_REQUEST);
    }

    @Test
    void schedules() {
        OffsetDateTime tomorrow = OffsetDateTime.now().plusDays(1).truncatedTo(ChronoUnit.MICROS);

        Acceptance.Accepted accepted = accept(setup.prepared(scheduled(tomorrow)));

        assertThat(accepted.status()).isEqualTo(MessageStatus.SCHEDULED);
        assertThat(accepted.scheduledFor()).isEqualTo(tomorrow.toInstant());
        assertThat(database.number("select count(*) from aval.message_event where message_id = ?", accepted.id()))
                .isEqualTo(1);
        assertThat(database.number(
                        "select count(*) from aval.dispatch where message_id = ? and due_at > now() + interval '23 hours'",
                        accepted.id()))
                .isEqualTo(1);
    }

    @Test
    void tellsOfWhatItAcceptsAndOfNothingElse() {
        OutboxSetup.listen(database, setup.tenant);

        accept(setup.prepared(request(number(6), "Bonjour", "service"), "told"));
        accept(setup.prepared(request(number(6), "Bonjour", "service"), "told"));
        assertThat(refusal(setup.prepared(request(number(6), "Soldes", "marketing"))))
                .isEqualTo(ProblemType.NO_CONSENT);
        accept(setup.prepared(scheduled(OffsetDateTime.now().plusDays(1))));

        assertThat(OutboxSetup.told(database, setup.tenant))
                .containsExactlyInAnyOrder("message.accepted", "message.accepted", "message.scheduled");
    }

    @Test
    void refusesMarketingWithoutConsent() {
        assertThat(refusal(setup.prepared(request(number(6), "Soldes", "marketing"))))
                .isEqualTo(ProblemType.NO_CONSENT);
    }

    @Test
    void followsTheNewestConsent() {
        UUID subject = subjectOf(accept(setup.prepared(request(number(7), "a", "otp"))));
        consent(subject, "GIVEN", Instant.now().minusSeconds(60));
        accept(setup.prepared(request(number(7), "Soldes", "marketing")));

        consent(subject, "WITHDRAWN", Instant.now());

        assertThat(refusal(setup.prepared(request(number(7), "Soldes", "marketing"))))
                .isEqualTo(ProblemType.NO_CONSENT);
    }

    @Test
    void refusesTheSuppressedAndNotTheirNeighbours() {
        Prepared suppressed = setup.prepared(request(number(8), "a", "service"));
        database.execute(
                "insert into aval.suppression (id, tenant_id, number_index, source, created_at) values (?, ?, ?, 't', now())",
                TimeOrderedId.next(),
                setup.tenant.value(),
                setup.current().index(suppressed.to()));

        StepVerifier.create(journal.acceptAll(
                        setup.tenant, List.of(suppressed, setup.prepared(request(number(9), "a", "service")))))
                .assertNext(results -> {
                    assertThat(results.get(0)).isInstanceOf(Acceptance.Refused.class);
                    assertThat(results.get(1)).isInstanceOf(Acceptance.Accepted.class);
                })
                .verifyComplete();
    }

    @Test
    void letsATeamKeyWriteToItsListOnly() {
        Application team = setup.application(Application.Kind.TEAM);
        database.execute(
                "insert into aval.api_key (id, tenant_id, name, kind, prefix, hash, scopes, requests_per_second)"
                        + " values (?, ?, 'team', 'TEAM', ?, '', '{}', 1)",
                team.keyId(),
                setup.tenant.value(),
                team.keyId().toString());
        Prepared listed =
                AcceptSetup.preparation().prepare(team, setup.terms, request(number(10), "a", "service"), null, "send");
        database.execute(
                "insert into aval.api_key_recipient (api_key_id, tenant_id, number_index) values (?, ?, ?)",
                team.keyId(),
                setup.tenant.value(),
                setup.current().index(listed.to()));

        assertThat(accept(listed).status()).isEqualTo(MessageStatus.QUEUED);
        assertThat(refusal(AcceptSetup.preparation()
                        .prepare(team, setup.terms, request(number(11), "a", "service"), null, "send")))
                .isEqualTo(ProblemType.RECIPIENT_NOT_GRANTED);
    }

    @Test
    void letsTheItemAtFaultFailAlone() {
        List<Prepared> messages = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            messages.add(setup.prepared(request(number(100 + i), "a", "service")));
        }
        // PostgreSQL takes no NUL in a text
        messages.set(13, withSender(messages.get(13), "A\0"));

        StepVerifier.create(journal.acceptAll(setup.tenant, messages))
                .assertNext(results -> {
                    assertThat(results.get(13)).isInstanceOf(Acceptance.Refused.class);
                    assertThat(results)
                            .filteredOn(Acceptance.Accepted.class::isInstance)
                            .hasSize(19);
                })
                .verifyComplete();

        assertThat(messages()).isEqualTo(19);
    }

    @Test
    void keepsForEachOfManyItsOwnVerdict() {
        List<String> classes = List.of("otp", "service", "alert", "otp", "transactional", "service");
        List<Prepared> messages = new ArrayList<>();
        for (int i = 0; i < classes.size(); i++) {
            messages.add(setup.prepared(request(number(200 + i), "a", classes.get(i))));
        }

        StepVerifier.create(journal.acceptAll(setup.tenant, messages))
                .expectNextCount(1)
                .verifyComplete();

        for (int i = 0; i < classes.size(); i++) {
            assertThat(database.query(
                                    "select verdict -> 'grounds' ->> 'purpose' as purpose from aval.message where id = ?",
                                    messages.get(i).id())
                            .getFirst())
                    .containsEntry("purpose", classes.get(i));
        }
    }

    @Test
    void carriesOutWhatItsCallerLeft() throws InterruptedException {
        for (int i = 0; i < 50; i++) {
            journal.accept(setup.prepared(request(number(200 + i), "a", "service"), "gone-" + i))
                    .subscribe()
                    .dispose();
        }

        Instant until = Instant.now().plusSeconds(60);
        while (messages() < 50 && Instant.now().isBefore(until)) {
            Thread.sleep(20);
        }
        assertThat(messages()).isEqualTo(50);
        assertThat(accept(setup.prepared(request(number(200), "a", "service"), "gone-0"))
                        .replayed())
                .isTrue();
    }

    private Acceptance.Accepted accept(Prepared message) {
        return (Acceptance.Accepted)
                journal.accept(message).blockOptional(Duration.ofSeconds(60)).orElseThrow();
    }

    private ProblemType refusal(Prepared message) {
        return ((Acceptance.Refused) journal.accept(message)
                        .blockOptional(Duration.ofSeconds(60))
                        .orElseThrow())
                .problem()
                .type();
    }

    private SendRequest scheduled(OffsetDateTime at) {
        return new SendRequest(
                number(20),
                "a",
                "service",
                null,
                null,
                null,
                at.toString(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                List.of());
    }

    /** The same with a key that nobody used. */
    private Prepared late(Prepared message) {
        Prepared.Idempotency used = Objects.requireNonNull(message.idempotency());
        return new Prepared(
                TimeOrderedId.next(),
                message.application(),
                message.to(),
                message.from(),
                message.purpose(),
                message.countries(),
                message.rulePack(),
                message.place(),
                message.text(),
                null,
                message.segmentation(),
                null,
                null,
                message.validity(),
                false,
                false,
                message.route(),
                null,
                null,
                TrafficRules.NONE,
                Set.of(),
                new Prepared.Idempotency(used.key().item(1), used.operation(), used.body()),
                message.unlessReplayed());
    }

    private static Prepared withSender(Prepared message, String sender) {
        return new Prepared(
                message.id(),
                message.application(),
                message.to(),
                new Sender(TimeOrderedId.next(), sender, Sender.Kind.ALPHANUMERIC, false, false),
                message.purpose(),
                message.countries(),
                message.rulePack(),
                message.place(),
                message.text(),
                null,
                message.segmentation(),
                null,
                null,
                message.validity(),
                false,
                false,
                message.route(),
                null,
                null,
                TrafficRules.NONE,
                Set.of(),
                null,
                null);
    }

    private void consent(UUID subject, String status, Instant at) {
        database.execute(
                "insert into aval.consent (id, tenant_id, subject_id, purpose_id, status, given_at, recorded_at, source, actor)"
                        + " values (?, ?, ?, ?, ?, now(), ?, 't', 'system')",
                TimeOrderedId.next(),
                setup.tenant.value(),
                subject,
                Objects.requireNonNull(setup.purposes.get("marketing")).id(),
                status,
                java.sql.Timestamp.from(at));
    }

    private UUID subjectOf(Acceptance.Accepted accepted) {
        return (UUID) Objects.requireNonNull(
                database.value("select subject_id from aval.message where id = ?", accepted.id()));
    }

    private long messages() {
        return database.number("select count(*) from aval.message where tenant_id = ?", setup.tenant.value());
    }

    private long subjects() {
        return database.number("select count(*) from aval.subject where tenant_id = ?", setup.tenant.value());
    }
}
