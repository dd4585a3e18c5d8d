// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.delivery.store.ParkedReceiptTable;
import eu.aval.server.delivery.store.ReceiptBundleTable;
import eu.aval.server.delivery.store.ReceiptTable;
import eu.aval.server.encryption.AssociatedData;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.message.dispatch.ClaimedMessage;
import eu.aval.server.message.dispatch.PendingIds;
import eu.aval.server.message.dispatch.QueueSetup;
import eu.aval.server.message.dispatch.QueueSetup.Batch;
import eu.aval.server.message.dispatch.Settlement.Doubtful;
import eu.aval.server.message.dispatch.Settlement.Resolution;
import eu.aval.server.message.dispatch.Settlement.Submitted;
import eu.aval.server.message.store.QueueEngine;
import eu.aval.server.outbox.OutboxSetup;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.TenantSetup;
import eu.aval.spi.event.CarrierEvent.Delivery;
import eu.aval.spi.event.DeliveryState;
import eu.aval.spi.failure.CarrierError;
import eu.aval.spi.failure.FailureClass;
import eu.aval.spi.text.Text;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

final class ReceiptsIntegrationTests {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final UUID ACCOUNT = UUID.randomUUID();

    private QueueSetup setup;
    private QueueEngine engine;
    private Receipts receipts;

    @BeforeEach
    void open(@TempDir Path directory) {
        setup = new QueueSetup(directory);
        engine = setup.engine();
        receipts = node();
    }

    @AfterEach
    void close() {
        setup.close();
    }

    @Test
    void deliversAMessage() {
        ClaimedMessage message = submitted(1, "id-1");

        receive("id-1", DeliveryState.DELIVERED);

        assertThat(setup.status(id(message))).isEqualTo("DELIVERED");
        assertThat(number("select parts_delivered from aval.message")).isEqualTo(1);
        assertThat(number("select count(*) from aval.receipt where applied")).isEqualTo(1);
    }

    @Test
    void keepsTheReceiptAsItCameSealedUnderTheKeyOfThePerson() {
        ClaimedMessage message = submitted(1, "id-1");

        receive("id-1", DeliveryState.DELIVERED);

        byte[] sealed = (byte[]) setup.database.value("select raw_sealed from aval.receipt");
        UUID receipt = (UUID) setup.database.value("select id from aval.receipt");
        byte[] wrapped = (byte[]) setup.database.value("select wrapped from aval_keys.subject_key");
        byte[] raw = setup.keys
                .of(setup.tenant)
                .block(PATIENCE)
                .subjectKey(message.subjectId(), wrapped)
                .open(sealed, new AssociatedData(setup.tenant, "receipt", "raw_sealed", receipt));
        assertThat(new String(raw, StandardCharsets.UTF_8)).isEqualTo("id:id-1 stat:DELIVERED");
    }

    @Test
    void movesAMessageThoughTheKeysOfItsTenantDoNotOpen() {
        ClaimedMessage message = submitted(1, "id-1");
        setup.database.execute(
                "update aval.keyset set wrapped = '\\x00', version = version + 1 where tenant_id = ?",
                setup.tenant.value());

        receive("id-1", DeliveryState.DELIVERED);

        assertThat(setup.status(id(message))).isEqualTo("DELIVERED");
        assertThat(number("select count(*) from aval.receipt where raw_sealed is null"))
                .isOne();
        assertThat(number("select count(*) from aval.receipt_bundle")).isZero();
    }

    @Test
    void takesTheFirstFormOfTheIdThatIsKnown() {
        ClaimedMessage message = submitted(1, "ff");

        StepVerifier.create(receipts.accept(received(List.of("255", "ff"), null, DeliveryState.DELIVERED))
                        .then(receipts.applied()))
                .verifyComplete();

        assertThat(setup.status(id(message))).isEqualTo("DELIVERED");
    }

    @Test
    void doesNotListenToAnotherAccount() {
        ClaimedMessage message = submitted(1, "id-1");
        Delivery delivery =
                received(List.of("id-1"), null, DeliveryState.DELIVERED).delivery();

        StepVerifier.create(receipts.accept(new Received(UUID.randomUUID(), delivery, Instant.now()))
                        .then(receipts.applied()))
                .verifyComplete();

        assertThat(setup.status(id(message))).isEqualTo("SUBMITTED");
    }

    @Test
    void tellsOfAMessageThatMovesAndOfNoOther() {
        OutboxSetup.listen(setup.database, setup.tenant);
        submitted(2, "id-1", "id-2");

        receive("id-1", DeliveryState.BUFFERED);
        receive("id-1", DeliveryState.DELIVERED);
        receive("id-2", DeliveryState.DELIVERED);
        receive("id-2", DeliveryState.DELIVERED);

        assertThat(OutboxSetup.told(setup.database, setup.tenant))
                .containsExactly("message.submitted", "message.delivered");
        assertThat(setup.database.value(
                        "select data->>'partsDelivered' from aval.outbox where type = 'message.delivered'"))
                .isEqualTo("2");
    }

    @Test
    void isHarmlessWhenRepeated() {
        ClaimedMessage message = submitted(1, "id-1");

        receive("id-1", DeliveryState.DELIVERED);
        receive("id-1", DeliveryState.DELIVERED);

        assertThat(setup.status(id(message))).isEqualTo("DELIVERED");
        assertThat(number("select count(*) from aval.receipt where applied")).isEqualTo(1);
        assertThat(number("select count(*) from aval.receipt")).isEqualTo(2);
    }

    @Test
    void neverMovesBack() {
        ClaimedMessage message = submitted(1, "id-1");

        receive("id-1", DeliveryState.DELIVERED);
        receive("id-1", DeliveryState.SENT);
        receive("id-1", DeliveryState.UNDELIVERED);

        assertThat(setup.status(id(message))).isEqualTo("DELIVERED");
        assertThat(number("select count(*) from aval.receipt")).isEqualTo(3);
    }

    @Test
    void correctsWhatHadFailed() {
        ClaimedMessage message = submitted(1, "id-1");

        receive("id-1", DeliveryState.EXPIRED);
        assertThat(setup.status(id(message))).isEqualTo("EXPIRED");
        assertThat(setup.database.value("select failure_class from aval.message"))
                .isEqualTo("EXPIRED");

        receive("id-1", DeliveryState.DELIVERED);
        assertThat(setup.status(id(message))).isEqualTo("DELIVERED");
        assertThat(setup.database.value("select failure_class from aval.message"))
                .isNull();
    }

    @Test
    void countsPartByPart() {
        ClaimedMessage message = submitted(3, "a", "b", "c");

        receive("b", DeliveryState.DELIVERED);
        assertThat(setup.status(id(message))).isEqualTo("ENROUTE");
        receive("a", DeliveryState.DELIVERED);
        assertThat(number("select parts_delivered from aval.message")).isEqualTo(2);
        receive("c", DeliveryState.DELIVERED);

        assertThat(setup.status(id(message))).isEqualTo("DELIVERED");
        assertThat(number("select parts_delivered from aval.message")).isEqualTo(3);
    }

    @Test
    void tellsWhenOnlySomePartsArrived() {
        ClaimedMessage message = submitted(2, "a", "b");

        receive("a", DeliveryState.DELIVERED);
        receive("b", DeliveryState.UNDELIVERED);

        assertThat(setup.status(id(message))).isEqualTo("PARTIALLY_DELIVERED");
    }

    @Test
    void takesOneIdForAllPartsAsTheWholeMessage() {
        ClaimedMessage message = submitted(3, "whole");

        receive("whole", DeliveryState.DELIVERED);

        assertThat(setup.status(id(message))).isEqualTo("DELIVERED");
        assertThat(number("select parts_delivered from aval.message")).isEqualTo(3);
    }

    @Test
    void appliesManyAtOnceOfTheSameMessage() {
        ClaimedMessage message = submitted(4, "a", "b", "c", "d");

        StepVerifier.create(Flux.just("c", "a", "d", "b")
                        .flatMap(id -> receipts.accept(received(List.of(id), null, DeliveryState.DELIVERED)))
                        .then(receipts.applied()))
                .verifyComplete();

        assertThat(setup.status(id(message))).isEqualTo("DELIVERED");
    }

    @Test
    void appliesReceiptsOfOneMessageOnTwoNodes() {
        ClaimedMessage message = submitted(8, "1", "2", "3", "4", "5", "6", "7", "8");
        Receipts other = node();

        StepVerifier.create(Flux.range(1, 8)
                        .flatMap(part -> (part % 2 == 0 ? receipts : other)
                                .accept(received(List.of(String.valueOf(part)), null, DeliveryState.DELIVERED)))
                        .then(receipts.applied())
                        .then(other.applied()))
                .verifyComplete();

        assertThat(setup.status(id(message))).isEqualTo("DELIVERED");
    }

    @Test
    void appliesWhatAnotherNodeHasLeftBehind() {
        ClaimedMessage message = submitted(1, "id-1");
        keep(received(List.of("id-1"), null, DeliveryState.DELIVERED));

        StepVerifier.create(receipts.applyLeft()).verifyComplete();
        assertThat(setup.status(id(message))).as("it may still be at work").isEqualTo("SUBMITTED");
        StepVerifier.create(later().applyLeft()).verifyComplete();

        assertThat(setup.status(id(message))).isEqualTo("DELIVERED");
        assertThat(number("select count(*) from aval.receipt_bundle")).isZero();
    }

    @Test
    void isHarmlessWhenTwoNodesApplyTheSame() {
        ClaimedMessage message = submitted(2, "id-1", "id-2");
        OutboxSetup.listen(setup.database, setup.tenant);
        Received first = received(List.of("id-1"), null, DeliveryState.DELIVERED);
        Received second = received(List.of("id-2"), null, DeliveryState.DELIVERED);
        for (int copy = 0; copy < 4; copy++) {
            keep(first, second);
        }

        StepVerifier.create(Mono.when(later().applyLeft(), later().applyLeft())).verifyComplete();

        assertThat(setup.status(id(message))).isEqualTo("DELIVERED");
        assertThat(number("select count(*) from aval.receipt")).isEqualTo(2);
        assertThat(OutboxSetup.told(setup.database, setup.tenant)).containsExactly("message.delivered");
        assertThat(number("select count(*) from aval.receipt_bundle")).isZero();
    }

    @Test
    void answersBeforeItApplies() {
        ClaimedMessage message = submitted(1, "id-1");
        Sinks.Empty<Void> free = Sinks.empty();
        AtomicBoolean locked = new AtomicBoolean();
        setup.database
                .platformDatabase()
                .in(client -> client.sql("select from aval.message where id = $1 for update")
                        .bind(0, id(message))
                        .then()
                        .doOnSuccess(done -> locked.set(true))
                        .then(free.asMono()))
                .subscribe();
        await(locked::get);

        StepVerifier.create(receipts.accept(received(List.of("id-1"), null, DeliveryState.DELIVERED)))
                .expectComplete()
                .verify(PATIENCE);
        assertThat(number("select count(*) from aval.receipt_bundle")).isEqualTo(1);
        assertThat(setup.status(id(message))).isEqualTo("SUBMITTED");
        free.tryEmitEmpty();

        await(() -> "DELIVERED".equals(setup.status(id(message))));
        assertThat(number("select count(*) from aval.receipt_bundle")).isZero();
    }

    @Test
    void refusesWhatTheDatabaseWouldNotTake() {
        StepVerifier.create(receipts.accept(received(List.of("a\0b"), null, DeliveryState.DELIVERED)))
                .verifyError(IllegalArgumentException.class);
    }

    @Test
    void parksWhatCameBeforeTheAnswerOfTheSubmit() {
        ClaimedMessage message = claimed(1);

        receive("early", DeliveryState.DELIVERED);
        assertThat(number("select count(*) from aval.parked_receipt")).isEqualTo(1);
        settle(message, "early");
        receipts.submitted(List.of(new Submitted(message.attempt(), Instant.now(), List.of("early"))));

        await(() -> "DELIVERED".equals(setup.status(id(message))));
        assertThat(number("select count(*) from aval.parked_receipt")).isZero();
        assertThat(number("select count(*) from aval.receipt where raw_sealed is not null"))
                .isEqualTo(1);
    }

    @Test
    void findsWhatWasParkedThoughNobodyTold() {
        ClaimedMessage message = claimed(1);
        receive("early", DeliveryState.DELIVERED);
        settle(message, "early");

        StepVerifier.create(node().retryRecent()).verifyComplete();

        assertThat(setup.status(id(message))).isEqualTo("DELIVERED");
    }

    @Test
    void losesNoReceiptInARaceWithTheSettlement() {
        List<ClaimedMessage> messages = claim(Batch.of(200, ACCOUNT));

        StepVerifier.create(Flux.fromIterable(messages)
                        .flatMap(message -> Flux.merge(
                                receipts.accept(received(List.of("id-" + id(message)), null, DeliveryState.DELIVERED)),
                                engine.queue()
                                        .settle(List.of(submission(message, "id-" + id(message))))
                                        .doOnSuccess(done ->
                                                receipts.submitted(List.of(submission(message, "id-" + id(message)))))))
                        .then())
                .expectComplete()
                .verify(PATIENCE);

        await(() -> setup.in("DELIVERED") == 200);
        assertThat(number("select count(*) from aval.parked_receipt")).isZero();
    }

    @Test
    void givesUpWhatNobodyEverSent() {
        receive("stranger", DeliveryState.DELIVERED);
        setup.database.execute("update aval.parked_receipt set expires_at = now()");

        StepVerifier.create(receipts.retryAll()).verifyComplete();

        assertThat(number("select count(*) from aval.parked_receipt")).isZero();
        assertThat(setup.meters.counter("sms_receipts_expired").count()).isEqualTo(1);
    }

    @Test
    void resolvesADoubtByTheEchoOfOurOwnId() {
        ClaimedMessage message = claimed(1);
        StepVerifier.create(engine.queue()
                        .settle(List.of(new Doubtful(
                                message.attempt(),
                                Instant.now(),
                                "TIMEOUT",
                                null,
                                List.of(),
                                Resolution.RESEND,
                                Instant.now().plusSeconds(60)))))
                .verifyComplete();
        assertThat(setup.status(id(message))).isEqualTo("UNCERTAIN");

        StepVerifier.create(receipts.accept(received(List.of("new"), id(message), DeliveryState.DELIVERED))
                        .then(receipts.applied()))
                .verifyComplete();

        assertThat(setup.status(id(message))).isEqualTo("DELIVERED");
        assertThat(setup.waiting()).isZero();
        receive("new", DeliveryState.DELIVERED);
        assertThat(number("select count(*) from aval.receipt")).isEqualTo(2);
    }

    @Test
    void discardsTheTextWhenTheMessageHasEnded() {
        List<ClaimedMessage> messages = claim(Batch.of(1, ACCOUNT).discarded());
        settle(messages.getFirst(), "id-1");

        receive("id-1", DeliveryState.DELIVERED);

        assertThat(setup.database.value("select text_sealed from aval.message")).isNull();
    }

    private void keep(Received... together) {
        TenantKeys platform = setup.keys.of(TenantId.PLATFORM).block(PATIENCE);
        StepVerifier.create(setup.database
                        .platformDatabase()
                        .atOnce(client -> new ReceiptBundleTable()
                                .keep(client, platform, SealedReceipts.seal(List.of(together), platform))))
                .verifyComplete();
    }

    private Receipts node() {
        return node(Clock.systemUTC());
    }

    private Receipts later() {
        return node(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(1)));
    }

    private Receipts node(Clock clock) {
        return new Receipts(
                setup.database.platformDatabase(),
                TenantSetup.keyedDatabase(
                        setup.database.tenantDatabase(), setup.database.platformDatabase(), setup.keys),
                new ReceiptTable(),
                new ReceiptBundleTable(),
                new ParkedReceiptTable(),
                setup.keys,
                new PendingIds(),
                new ReceiptMetrics(setup.meters, accountId -> "test"),
                clock);
    }

    private ClaimedMessage submitted(int parts, String... ids) {
        ClaimedMessage message = claim(Batch.of(1, ACCOUNT).parts(parts)).getFirst();
        settle(message, ids);
        return message;
    }

    private ClaimedMessage claimed(int parts) {
        return claim(Batch.of(1, ACCOUNT).parts(parts)).getFirst();
    }

    private List<ClaimedMessage> claim(Batch batch) {
        setup.queue(batch).block(PATIENCE);
        return engine.queue().claim(ACCOUNT, 500).block(PATIENCE);
    }

    private void settle(ClaimedMessage message, String... ids) {
        StepVerifier.create(engine.queue().settle(List.of(submission(message, ids))))
                .verifyComplete();
    }

    private static Submitted submission(ClaimedMessage message, String... ids) {
        return new Submitted(message.attempt(), Instant.now(), List.of(ids));
    }

    private void receive(String id, DeliveryState state) {
        StepVerifier.create(receipts.accept(received(List.of(id), null, state)).then(receipts.applied()))
                .verifyComplete();
    }

    private static Received received(List<String> ids, @Nullable UUID messageId, DeliveryState state) {
        boolean failed = state.isFinal() && state != DeliveryState.DELIVERED;
        return new Received(
                ACCOUNT,
                new Delivery(
                        ids,
                        messageId,
                        null,
                        state,
                        failed
                                ? state == DeliveryState.EXPIRED ? FailureClass.EXPIRED : FailureClass.UNREACHABLE
                                : null,
                        failed ? CarrierError.of("001") : null,
                        Instant.now(),
                        Text.of("id:" + ids.getFirst() + " stat:" + state)),
                Instant.now());
    }

    private static UUID id(ClaimedMessage message) {
        return message.attempt().messageId();
    }

    private long number(String sql) {
        return setup.database.number(sql);
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
