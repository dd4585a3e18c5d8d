// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.message.dispatch.QueueSetup.Batch;
import eu.aval.server.message.store.QueueEngine;
import eu.aval.spi.Capability;
import eu.aval.spi.failure.CarrierError;
import eu.aval.spi.failure.FailureClass;
import eu.aval.spi.submit.MessageClass;
import eu.aval.spi.submit.Reconciliation;
import eu.aval.spi.submit.SubmitOutcome;
import eu.aval.spi.submit.SubmitOutcome.Uncertain.Cause;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

final class DispatchIntegrationTests {

    private static final CarrierError ERROR = CarrierError.of("test");
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private QueueSetup setup;
    private final FakeAccount first = new FakeAccount("first");
    private final FakeAccount second = new FakeAccount("second");

    @BeforeEach
    void open(@TempDir Path directory) {
        setup = new QueueSetup(directory);
    }

    @AfterEach
    void close() {
        setup.close();
    }

    @Test
    void sendsWhatWaitsOnce() {
        List<UUID> ids = queued(Batch.of(500, first.id()));

        setup.node(first).start();

        await(() -> setup.in("SUBMITTED") == 500);
        assertThat(first.submittedIds()).hasSize(500).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(setup.waiting()).isZero();
        assertThat(setup.database.number(
                        "select count(*) from aval.attempt where outcome = 'ACCEPTED' and finished_at is not null"))
                .isEqualTo(500);
        assertThat(setup.database.number("select count(*) from aval.submitted_part where part = 0"))
                .isEqualTo(500);
    }

    @Test
    void opensWhatWasSealed() {
        queued(Batch.of(1, first.id()));

        setup.node(first).start();

        await(() -> setup.in("SUBMITTED") == 1);
        assertThat(first.submitted().getFirst().to().value()).isEqualTo("+33639980000");
        assertThat(first.submitted().getFirst().text().value()).isEqualTo("Bonjour 0");
        assertThat(first.submitted().getFirst().validity()).isBetween(Duration.ofHours(23), Duration.ofHours(24));
    }

    @Test
    void putsTheAttemptOnRecordBeforeAnythingLeaves() {
        AtomicInteger onRecord = new AtomicInteger(-1);
        first.answer = request -> Mono.fromCallable(() -> {
                    onRecord.set((int) setup.database.number(
                            "select count(*) from aval.attempt where message_id = ? and outcome is null",
                            request.messageId()));
                    return SubmitOutcome.accepted("1");
                })
                // The look at the database blocks
                .subscribeOn(Schedulers.boundedElastic());
        queued(Batch.of(1, first.id()));

        setup.node(first).start();

        await(() -> setup.in("SUBMITTED") == 1);
        assertThat(onRecord).hasValue(1);
    }

    @Test
    void reactsToASignalWithoutWaitingForTheNextLook() {
        DispatchSignal signal = new DispatchSignal();
        setup.node(setup.engine(), signal, new PendingIds(), List.of(), first).start();
        queued(Batch.of(1, first.id()));

        signal.queued(first.id());

        await(() -> setup.in("SUBMITTED") == 1);
    }

    @Test
    void neverHasMoreUnderWayThanTheWindow() {
        first.window = 7;
        first.answer = request ->
                Mono.delay(Duration.ofMillis(5)).thenReturn(SubmitOutcome.accepted("id-" + request.messageId()));
        queued(Batch.of(200, first.id()));

        setup.node(first).start();

        await(() -> setup.in("SUBMITTED") == 200);
        assertThat(first.mostInFlight.get()).isLessThanOrEqualTo(7);
    }

    @Test
    void fillsTheWindowAgainWithEveryAnswer() {
        first.window = 7;
        Queue<Sinks.One<SubmitOutcome>> open = new ConcurrentLinkedQueue<>();
        first.answer = request -> {
            Sinks.One<SubmitOutcome> answer = Sinks.one();
            open.add(answer);
            return answer.asMono();
        };
        queued(Batch.of(10, first.id()));

        setup.node(first).start();

        for (int sent = 7; sent <= 10; sent++) {
            int expected = sent;
            await(() -> first.submitted().size() == expected);
            open.remove().tryEmitValue(SubmitOutcome.accepted("id-" + sent));
        }
        open.forEach(answer -> answer.tryEmitValue(SubmitOutcome.accepted("id")));
        await(() -> setup.in("SUBMITTED") == 10);
        assertThat(first.mostInFlight).hasValue(7);
    }

    @Test
    void sendsOneTimeCodesAheadOfTheRest() {
        first.window = 2;
        Queue<Sinks.One<SubmitOutcome>> open = new ConcurrentLinkedQueue<>();
        first.answer = request -> {
            Sinks.One<SubmitOutcome> answer = Sinks.one();
            open.add(answer);
            return answer.asMono();
        };
        queued(Batch.of(100, first.id()).as(MessageClass.MARKETING));
        List<UUID> codes = queued(Batch.of(10, first.id()).as(MessageClass.OTP));

        setup.node(first).start();
        for (int answered = 0; answered < 20; answered++) {
            // Nobody overtakes who has taken the other place and is held up
            await(() -> open.size() == 2);
            open.remove().tryEmitValue(SubmitOutcome.accepted("1"));
        }
        assertThat(first.submittedIds().subList(0, 20)).containsAll(codes);
        first.answer = request -> Mono.just(SubmitOutcome.accepted("1"));
        await(() -> {
            open.forEach(answer -> answer.tryEmitValue(SubmitOutcome.accepted("1")));
            return setup.in("SUBMITTED") == 110;
        });
    }

    @Test
    void keepsNothingThatACarrierSaidAboutSomebodyWhoWasErasedMeanwhile() {
        first.answer = request -> Mono.fromCallable(() -> {
                    setup.database.execute(
                            "update aval.message set text_sealed = null where id = ?", request.messageId());
                    return SubmitOutcome.rejected(
                            FailureClass.INVALID_NUMBER, new CarrierError("21", "no route to 33639980000"));
                })
                // The update blocks
                .subscribeOn(Schedulers.boundedElastic());
        queued(Batch.of(1, first.id()));

        setup.node(first).start();

        await(() -> setup.in("REJECTED") == 1);
        assertThat(setup.database.query("select carrier_code, carrier_text from aval.attempt"))
                .singleElement()
                .satisfies(row ->
                        assertThat(row).containsEntry("carrier_code", "21").containsEntry("carrier_text", null));
    }

    @Test
    void sendsForOthersThoughTheKeysOfATenantDoNotOpen() {
        UUID broken = UUID.randomUUID();
        setup.database.execute(
                "insert into aval.tenant (id, key, name, rule_pack) values (?, 'broken', 'B', 'OPEN')", broken);
        setup.database.execute(
                "insert into aval.keyset (tenant_id, kind, wrapped, kek)"
                        + " select ?, kind, '\\x00', 'none' from unnest(array['AEAD', 'PRF']) as kind",
                broken);
        UUID message = queued(Batch.of(20, first.id())).getFirst();
        for (String table : List.of("aval.message where id", "aval.dispatch where message_id")) {
            String[] words = table.split(" where ");
            setup.database.execute(
                    "update " + words[0] + " set tenant_id = ? where " + words[1] + " = ?", broken, message);
        }

        setup.node(first).start();

        await(() -> setup.in("SUBMITTED") == 19);
        await(() -> setup.database.number(
                        "select count(*) from aval.dispatch where message_id = ? and node_id is null"
                                + " and due_at > now() + interval '10 minutes'",
                        message)
                == 1);
        assertThat(setup.in("QUEUED")).isOne();
    }

    @Test
    void holdsWhatWaitsForACarrierThatIsOutsideTheResidencyNow() {
        UUID message = queued(Batch.of(1, first.id())).getFirst();
        processing(first, "{US}");

        setup.node(first).start();

        await(() -> held(message) > 0);
        assertThat(first.submittedIds()).isEmpty();
        assertThat(setup.database.value(
                        "select detail->>'code' from aval.message_event where message_id = ? and type = 'HELD' limit 1",
                        message))
                .isEqualTo("RESIDENCY_NOT_MET");

        processing(first, "{FR}");
        await(() -> setup.in("SUBMITTED") == 1);
    }

    private long held(UUID message) {
        return setup.database.number(
                "select count(*) from aval.message_event where message_id = ? and type = 'HELD'", message);
    }

    private void processing(FakeAccount account, String countries) {
        setup.database.execute(
                "update aval.carrier_account set processing_countries = ?::text[] where id = ?",
                countries,
                account.id());
    }

    @Test
    void keepsWhatIsDueLaterAndSendsItThen() {
        List<UUID> later = queued(Batch.of(1, first.id()).due(Instant.now().plusSeconds(3600)));
        queued(Batch.of(1, first.id()));

        setup.node(first).start();

        await(() -> setup.in("SUBMITTED") == 1);
        assertThat(first.submittedIds()).doesNotContainAnyElementsOf(later);

        setup.database.execute("update aval.dispatch set due_at = now()");

        await(() -> setup.in("SUBMITTED") == 2);
    }

    @Test
    void endsWhatHasExpiredAndSendsNothing() {
        queued(Batch.of(3, first.id()).expires(Instant.now().minusSeconds(1)));

        setup.node(first).start();

        await(() -> setup.in("EXPIRED") == 3);
        assertThat(first.submitted()).isEmpty();
        assertThat(setup.waiting()).isZero();
    }

    @Test
    void endsWhatExpiresWhileItsAccountIsDown() {
        queued(Batch.of(3, first.id()).expires(Instant.now().minusSeconds(1)));
        QueueEngine engine = setup.engine();

        StepVerifier.create(engine.sweeps().expireOverdue(100)).expectNext(3L).verifyComplete();

        assertThat(setup.in("EXPIRED")).isEqualTo(3);
    }

    @Test
    void asksTheGateAgain() {
        List<UUID> ids = queued(Batch.of(10, first.id()));
        setup.suppressed.add(setup.subject(ids.get(3)));

        setup.node(first).start();

        await(() -> setup.in("SUBMITTED") == 9);
        assertThat(setup.status(ids.get(3))).isEqualTo("BLOCKED");
        assertThat(setup.database.value(
                        "select detail ->> 'code' from aval.message_event where message_id = ? and type = 'BLOCKED'",
                        ids.get(3)))
                .isEqualTo("SUPPRESSED");
        assertThat(setup.waiting()).isZero();
    }

    @Test
    void doesNotSendForASuspendedTenant() {
        setup.database.execute("update aval.tenant set state = 'SUSPENDED'");
        queued(Batch.of(3, first.id()));

        setup.node(first).start();

        await(() -> setup.database.number("select count(*) from aval.dispatch where due_at > now()") == 3);
        assertThat(first.submitted()).isEmpty();
    }

    @Test
    void takesTheNextRouteWhenTheCarrierFails() {
        first.answer = request -> Mono.just(SubmitOutcome.rejected(FailureClass.CARRIER_ERROR, ERROR));
        queued(Batch.of(20, first.id()));

        setup.node(first, second).start();

        await(() -> setup.in("SUBMITTED") == 20);
        assertThat(first.submitted()).hasSize(20);
        assertThat(second.submitted()).hasSize(20);
        assertThat(setup.database.number("select count(*) from aval.message_event where type = 'REROUTED'"))
                .isEqualTo(20);
    }

    @Test
    void doesNotTakeTheNextRouteWhenTheNumberIsInvalid() {
        first.answer = request -> Mono.just(SubmitOutcome.rejected(FailureClass.INVALID_NUMBER, ERROR));
        queued(Batch.of(1, first.id()));

        setup.node(first, second).start();

        await(() -> setup.in("REJECTED") == 1);
        assertThat(second.submitted()).isEmpty();
        assertThat(setup.database.value("select failure_class from aval.message"))
                .isEqualTo("INVALID_NUMBER");
    }

    @Test
    void comesBackAfterAThrottle() {
        AtomicInteger tries = new AtomicInteger();
        first.answer = request -> Mono.just(
                tries.incrementAndGet() == 1
                        ? SubmitOutcome.throttled(Duration.ofMillis(200), ERROR)
                        : SubmitOutcome.accepted("1"));
        queued(Batch.of(1, first.id()));

        setup.node(first).start();

        await(() -> setup.in("SUBMITTED") == 1);
        assertThat(setup.database.query("select outcome from aval.attempt order by number"))
                .extracting(row -> row.get("outcome"))
                .containsExactly("THROTTLED", "ACCEPTED");
    }

    @Test
    void movesWhatWaitsForAnAccountThatIsDown() {
        first.available = false;
        queued(Batch.of(1200, first.id()));

        setup.node(first, second).start();

        await(() -> setup.in("SUBMITTED") == 1200);
        assertThat(second.submitted()).hasSize(1200);
    }

    @Test
    void keepsWhatHasNoOtherRouteUntilTheAccountIsBack() {
        first.available = false;
        queued(Batch.of(10, first.id()));
        setup.node(first).start();
        StepVerifier.create(Mono.delay(Duration.ofMillis(500)))
                .expectNextCount(1)
                .verifyComplete();
        assertThat(setup.in("QUEUED")).isEqualTo(10);

        first.available = true;

        await(() -> setup.in("SUBMITTED") == 10);
    }

    @Test
    void neverSendsAgainWhatMayHaveBeenSent() {
        first.answer = request -> Mono.just(SubmitOutcome.uncertain(Cause.TIMEOUT, ERROR));
        List<UUID> ids = queued(Batch.of(5, first.id()));

        setup.node(first, second).start();

        await(() -> setup.in("UNCERTAIN") == 5);
        StepVerifier.create(Mono.delay(Duration.ofSeconds(1)))
                .expectNextCount(1)
                .verifyComplete();
        assertThat(first.submittedIds()).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(second.submitted()).isEmpty();
        assertThat(setup.waiting()).isZero();
        assertThat(setup.database.number("select count(*) from aval.doubt where step = 'WAIT'"))
                .isEqualTo(5);
        assertThat(setup.database.number("select count(*) from aval.message_event where type = 'UNCERTAIN'"))
                .isEqualTo(5);
    }

    @Test
    void repeatsTheSameKeyWithTheSameCarrierWhereDuplicatesAreRemoved() {
        AtomicInteger tries = new AtomicInteger();
        first.capabilities = Set.of(Capability.DEDUPLICATION);
        first.answer = request -> Mono.just(
                tries.incrementAndGet() == 1
                        ? SubmitOutcome.uncertain(Cause.TIMEOUT, ERROR)
                        : SubmitOutcome.rejected(FailureClass.DUPLICATE, ERROR));
        queued(Batch.of(1, first.id()));
        setup.node(first, second).start();
        await(() -> setup.in("UNCERTAIN") == 1);

        setup.database.execute("update aval.dispatch set due_at = now()");

        await(() -> setup.in("SUBMITTED") == 1);
        assertThat(first.submitted())
                .extracting(request -> request.idempotencyKey())
                .containsOnly(first.submitted().getFirst().idempotencyKey());
        assertThat(second.submitted()).isEmpty();
    }

    @Test
    void asksTheCarrierAndBelievesIt() {
        first.capabilities = Set.of(Capability.RECONCILE);
        first.answer = request -> Mono.just(SubmitOutcome.uncertain(Cause.TIMEOUT, ERROR));
        first.reconciliation = request -> new Reconciliation.Found(List.of("found"));
        queued(Batch.of(1, first.id()));
        setup.node(first).start();
        await(() -> setup.in("UNCERTAIN") == 1);

        setup.database.execute("update aval.doubt set due_at = now()");

        await(() -> setup.in("SUBMITTED") == 1);
        assertThat(setup.database.value("select carrier_message_id from aval.submitted_part"))
                .isEqualTo("found");
        assertThat(setup.database.number("select count(*) from aval.doubt")).isZero();
        assertThat(first.submitted()).hasSize(1);
    }

    @Test
    void sendsAgainOnlyWhenTheCarrierHasDeniedItThreeTimes() {
        AtomicInteger looks = new AtomicInteger();
        first.capabilities = Set.of(Capability.RECONCILE);
        first.answer = request -> Mono.just(
                request.attempt() == 1 ? SubmitOutcome.uncertain(Cause.TIMEOUT, ERROR) : SubmitOutcome.accepted("2"));
        first.reconciliation = request -> {
            looks.incrementAndGet();
            return new Reconciliation.NotFound();
        };
        queued(Batch.of(1, first.id()));
        setup.node(first).start();
        await(() -> setup.in("UNCERTAIN") == 1);

        for (int look = 1; look < 3; look++) {
            int expected = look;
            setup.database.execute("update aval.doubt set due_at = now()");
            await(() -> setup.database.number(
                            "select count(*) from aval.doubt where looks = ? and due_at > now()", expected)
                    == 1);
        }
        assertThat(first.submitted()).hasSize(1);
        setup.database.execute("update aval.doubt set due_at = now()");

        await(() -> setup.in("SUBMITTED") == 1);
        assertThat(first.submitted()).hasSize(2);
        assertThat(looks).hasValue(3);
    }

    @Test
    void staysUncertainWhenNobodyCanTell() {
        first.answer = request -> Mono.just(SubmitOutcome.uncertain(Cause.TIMEOUT, ERROR));
        queued(Batch.of(1, first.id()).as(MessageClass.MARKETING));
        setup.node(first).start();
        await(() -> setup.in("UNCERTAIN") == 1);

        setup.database.execute("update aval.doubt set due_at = now()");

        await(() -> setup.database.number("select count(*) from aval.message_event where type = 'UNRESOLVED'") == 1);
        assertThat(setup.in("UNCERTAIN")).isEqualTo(1);
        assertThat(first.submitted()).hasSize(1);
    }

    @Test
    void sendsNothingTwiceThoughTwoNodesSend() {
        first.window = 20;
        FakeAccount same = first;
        List<UUID> ids = queued(Batch.of(3000, first.id()));

        setup.node(same).start();
        setup.node(same).start();

        await(() -> setup.in("SUBMITTED") == 3000);
        assertThat(same.submittedIds()).hasSize(3000);
        assertThat(new HashSet<>(same.submittedIds())).containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    void marksUncertainOnlyWhatADeadNodeHadLeased() {
        queued(Batch.of(1000, first.id()));
        QueueEngine dying = setup.engine();
        List<ClaimedMessage> leased = Flux.merge(
                        dying.queue().claim(first.id(), 40), dying.queue().claim(first.id(), 30))
                .flatMapIterable(each -> each)
                .collectList()
                .block(PATIENCE);
        assertThat(leased).hasSize(70);
        setup.database.execute(
                "update aval.node set heartbeat_at = now() - interval '2 minutes' where id = ?", dying.nodeId());

        DispatchNode survivor = setup.node(first);
        survivor.start();
        StepVerifier.create(survivor.upkeep().recover()).verifyComplete();

        await(() -> setup.in("SUBMITTED") == 930 && setup.in("UNCERTAIN") == 70);
        assertThat(first.submittedIds())
                .doesNotContainAnyElementsOf(
                        leased.stream().map(each -> each.attempt().messageId()).toList());
        StepVerifier.create(survivor.upkeep().recover()).verifyComplete();
        assertThat(setup.database.number("select count(*) from aval.node")).isEqualTo(1);
    }

    @Test
    void givesNoLeaseToANodeThatWasTakenForDead() {
        queued(Batch.of(10, first.id()));
        QueueEngine asleep = setup.engine();
        setup.database.execute(
                "update aval.node set heartbeat_at = now() - interval '2 minutes' where id = ?", asleep.nodeId());
        StepVerifier.create(setup.engine().sweeps().abandoned(10))
                .expectNextCount(1)
                .verifyComplete();

        StepVerifier.create(asleep.queue().claim(first.id(), 10))
                .expectNext(List.of())
                .verifyComplete();
    }

    @Test
    void keepsWhatWaitsAgainThoughAnotherNodeStillDoubtsTheLostAttempt() {
        UUID id = queued(Batch.of(1, first.id())).getFirst();
        QueueEngine lost = setup.engine();
        ClaimedMessage.Attempt attempt =
                lost.queue().claim(first.id(), 10).block(PATIENCE).getFirst().attempt();
        Settlement doubt = new Settlement.Doubtful(
                attempt, Instant.now(), "NODE_LOST", ERROR, List.of(), Settlement.Resolution.LOOK_UP, Instant.now());
        QueueEngine quick = setup.engine();
        StepVerifier.create(quick.queue()
                        .settle(List.of(doubt))
                        .then(quick.doubts().queueAgain(attempt, Doubts.Reason.NOT_FOUND, first.id())))
                .verifyComplete();

        // Two nodes find the same abandoned leases, and one of them is slow
        StepVerifier.create(setup.engine().queue().settle(List.of(doubt))).verifyComplete();

        assertThat(setup.status(id)).isEqualTo("QUEUED");
        assertThat(setup.waiting()).isOne();
    }

    @Test
    void believesALateAnswerOfANodeThatWasTakenForDead() {
        List<UUID> ids = queued(Batch.of(1, first.id()));
        QueueEngine asleep = setup.engine();
        ClaimedMessage leased =
                asleep.queue().claim(first.id(), 10).block(PATIENCE).getFirst();
        setup.database.execute(
                "update aval.node set heartbeat_at = now() - interval '2 minutes' where id = ?", asleep.nodeId());
        DispatchNode survivor = setup.node(first);
        StepVerifier.create(survivor.upkeep().recover()).verifyComplete();
        assertThat(setup.status(ids.getFirst())).isEqualTo("UNCERTAIN");

        StepVerifier.create(asleep.queue()
                        .settle(List.of(new Settlement.Submitted(leased.attempt(), Instant.now(), List.of("late")))))
                .verifyComplete();

        assertThat(setup.status(ids.getFirst())).isEqualTo("SUBMITTED");
    }

    @Test
    void queuesAgainWhatANodeThatWasTakenForDeadHasNotSent() {
        UUID id = queued(Batch.of(1, first.id()).discarded()).getFirst();
        QueueEngine asleep = setup.engine();
        ClaimedMessage leased =
                asleep.queue().claim(first.id(), 10).block(PATIENCE).getFirst();
        setup.database.execute(
                "update aval.node set heartbeat_at = now() - interval '2 minutes' where id = ?", asleep.nodeId());
        DispatchNode survivor = setup.node(first);
        StepVerifier.create(survivor.upkeep().recover()).verifyComplete();
        assertThat(setup.status(id)).isEqualTo("UNCERTAIN");

        Instant now = Instant.now();
        Settlement.Requeued unsent = new Settlement.Requeued(
                leased.attempt(), now, Settlement.Outcome.RELEASED, null, null, first.id(), now);
        StepVerifier.create(asleep.queue().settle(List.of(unsent, unsent))).verifyComplete();
        StepVerifier.create(asleep.queue().settle(List.of(unsent))).verifyComplete();

        assertThat(setup.status(id)).isEqualTo("QUEUED");
        assertThat(setup.database.number(
                        "select count(*) from aval.message_event where message_id = ? and type = 'QUEUED_AGAIN'", id))
                .isEqualTo(1);
        survivor.start();
        await(() -> setup.in("SUBMITTED") == 1);
        assertThat(first.submittedIds()).containsExactly(id);
    }

    @Test
    void doubtsWhatWasDueBeforeTheLossOfADatabaseThatIsRestored() {
        Instant lost = Instant.now().minus(Duration.ofMinutes(10));
        List<UUID> before = queued(Batch.of(3, first.id()).due(lost.minus(Duration.ofHours(1))));
        List<UUID> since = queued(Batch.of(2, first.id()).due(lost.plusSeconds(1)));

        DispatchNode node = setup.restoredNode(lost, first);
        node.start();
        StepVerifier.create(node.upkeep().recover()).verifyComplete();

        await(() -> setup.in("SUBMITTED") == 2 && setup.in("UNCERTAIN") == 3);
        assertThat(first.submittedIds()).containsExactlyInAnyOrderElementsOf(since);
        assertThat(before)
                .allSatisfy(id -> assertThat(setup.database.number(
                                "select count(*) from aval.attempt where message_id = ? and outcome = 'UNCERTAIN'", id))
                        .isEqualTo(1));
    }

    @Test
    void releasesWhatItLeasedWithoutKnowing() {
        queued(Batch.of(5, first.id()));
        QueueEngine engine = setup.engine();
        assertThat(engine.queue().claim(first.id(), 5).block(PATIENCE)).hasSize(5);
        setup.database.execute("update aval.attempt set started_at = now() - interval '2 minutes'");

        DispatchNode node = setup.node(engine, List.of(), first);
        StepVerifier.create(node.upkeep().releaseLost()).verifyComplete();
        node.start();

        await(() -> setup.in("SUBMITTED") == 5);
        assertThat(first.submitted()).hasSize(5);
    }

    @Test
    void givesBackWhatHasNotLeftWhenItStops() {
        first.window = 10;
        first.answer = request -> Mono.delay(Duration.ofMillis(300)).thenReturn(SubmitOutcome.accepted("1"));
        queued(Batch.of(500, first.id()));
        DispatchNode node = setup.node(first);
        node.start();
        await(() -> first.submitted().size() >= 10);

        StepVerifier.create(node.stop()).verifyComplete();

        assertThat(setup.in("SUBMITTED")).isEqualTo(first.submitted().size());
        assertThat(setup.database.number("select count(*) from aval.dispatch where node_id is not null"))
                .isZero();
        assertThat(setup.waiting()).isEqualTo(500 - first.submitted().size());
    }

    @Test
    void respectsACancelThatCameFirst() {
        List<UUID> ids = queued(Batch.of(2, first.id()));
        setup.database.execute("delete from aval.dispatch where message_id = ?", ids.getFirst());
        setup.database.execute("update aval.message set status = 'CANCELLED' where id = ?", ids.getFirst());

        setup.node(first).start();

        await(() -> setup.in("SUBMITTED") == 1);
        assertThat(first.submittedIds()).containsExactly(ids.getLast());
        assertThat(setup.status(ids.getFirst())).isEqualTo("CANCELLED");
    }

    @Test
    void endsInUnknownADayAfterTheValidityOfWhatNobodyReported() {
        List<UUID> ids = queued(Batch.of(2, first.id()));
        setup.database.execute(
                "update aval.message set status = 'SUBMITTED', expires_at = now() - interval '25 hours' where id = ?",
                ids.getFirst());

        StepVerifier.create(setup.engine().sweeps().endSilent().repeat(1))
                .expectNextCount(2)
                .verifyComplete();

        assertThat(setup.status(ids.getFirst())).isEqualTo("UNKNOWN");
        assertThat(setup.status(ids.getLast())).isEqualTo("QUEUED");
    }

    @Test
    void measuresWhatWaits() {
        queued(Batch.of(7, first.id()));
        queued(Batch.of(3, second.id()).as(MessageClass.OTP));

        StepVerifier.create(setup.engine().queue().depths())
                .assertNext(depths -> assertThat(depths)
                        .extracting(depth -> depth.accountId() + " " + depth.lane() + " " + depth.messages())
                        .containsExactlyInAnyOrder(first.id() + " 1 7", second.id() + " 0 3"))
                .verifyComplete();
    }

    private List<UUID> queued(Batch batch) {
        return setup.queue(batch).block(PATIENCE);
    }

    private static void await(BooleanSupplier condition) {
        Instant end = Instant.now().plus(PATIENCE);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as("waited too long").isBefore(end);
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
