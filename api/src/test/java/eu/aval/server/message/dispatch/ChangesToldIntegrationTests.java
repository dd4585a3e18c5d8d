// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.message.MessageStatus;
import eu.aval.server.message.dispatch.QueueSetup.Batch;
import eu.aval.server.message.dispatch.Settlement.Doubtful;
import eu.aval.server.message.dispatch.Settlement.Ended;
import eu.aval.server.message.dispatch.Settlement.Outcome;
import eu.aval.server.message.dispatch.Settlement.Requeued;
import eu.aval.server.message.dispatch.Settlement.Resolution;
import eu.aval.server.message.dispatch.Settlement.Submitted;
import eu.aval.server.message.store.QueueEngine;
import eu.aval.server.outbox.OutboxSetup;
import eu.aval.spi.failure.CarrierError;
import eu.aval.spi.failure.FailureClass;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

/** Whatever moves a message, the tenant's systems are told in the same transaction; each event is as its schema says. */
final class ChangesToldIntegrationTests {

    private static final UUID ACCOUNT = UUID.randomUUID();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private QueueSetup setup;
    private QueueEngine engine;

    @BeforeEach
    void open(@TempDir Path directory) {
        setup = new QueueSetup(directory);
        engine = setup.engine();
        OutboxSetup.listen(setup.database, setup.tenant);
    }

    @AfterEach
    void close() {
        setup.close();
    }

    @Test
    void tellsOfWhatCarriersAnswered() {
        List<ClaimedMessage> claimed = claimed(4);
        Instant now = Instant.now();

        block(engine.queue()
                .settle(List.of(
                        new Submitted(claimed.get(0).attempt(), now, List.of("id")),
                        new Ended(
                                claimed.get(1).attempt(),
                                now,
                                MessageStatus.REJECTED,
                                FailureClass.INVALID_NUMBER,
                                CarrierError.of("11")),
                        doubtful(claimed.get(2), now),
                        new Requeued(
                                claimed.get(3).attempt(),
                                now,
                                Outcome.THROTTLED,
                                null,
                                null,
                                ACCOUNT,
                                now.plusSeconds(60)))));

        assertThat(told()).containsExactlyInAnyOrder("message.submitted", "message.rejected", "message.uncertain");
        assertThat(setup.database.value(
                        "select data->>'failureClass' from aval.outbox where type = 'message.rejected'"))
                .isEqualTo("INVALID_NUMBER");
        assertThat(
                        setup.database.value(
                                "select subject_id::text = data->>'recipientId' from aval.outbox where type = 'message.submitted'"))
                .isEqualTo(true);
    }

    @Test
    void tellsNothingTwice() {
        ClaimedMessage message = claimed(1).getFirst();

        block(engine.queue().settle(List.of(new Submitted(message.attempt(), Instant.now(), List.of("id")))));
        block(engine.queue().settle(List.of(new Submitted(message.attempt(), Instant.now(), List.of("id")))));

        assertThat(told()).containsExactly("message.submitted");
    }

    @Test
    void tellsOfADoubtThatIsSentAgain() {
        ClaimedMessage message = claimed(1).getFirst();
        block(engine.queue().settle(List.of(doubtful(message, Instant.now()))));

        block(engine.doubts().queueAgain(message.attempt(), Doubts.Reason.DUPLICATE_HARMLESS, ACCOUNT));

        assertThat(told()).containsExactly("message.uncertain", "message.queued");
    }

    @Test
    void tellsOfWhatTheGateRefusesAtTheClaim() {
        UUID id = queued(Batch.of(1, ACCOUNT)).getFirst();
        setup.suppressed.add(setup.subject(id));

        assertThat(engine.queue().claim(ACCOUNT, 10).block(PATIENCE)).isEmpty();

        assertThat(told()).containsExactly("message.failed");
        assertThat(setup.database.value("select data->>'status' from aval.outbox"))
                .isEqualTo("BLOCKED");
    }

    @Test
    void tellsOfWhatExpires() {
        queued(Batch.of(2, ACCOUNT).expires(Instant.now().minusSeconds(1)));
        assertThat(engine.queue().claim(ACCOUNT, 1).block(PATIENCE)).isEmpty();

        assertThat(engine.sweeps().expireOverdue(10).block(PATIENCE)).isEqualTo(1);

        assertThat(told()).containsExactly("message.expired", "message.expired");
    }

    @Test
    void tellsOfSilence() {
        ClaimedMessage message = claimed(1).getFirst();
        block(engine.queue().settle(List.of(new Submitted(message.attempt(), Instant.now(), List.of("id")))));
        setup.database.execute("update aval.message set expires_at = now() - interval '25 hours'");

        assertThat(engine.sweeps().endSilent().block(PATIENCE)).isEqualTo(1);

        assertThat(told()).containsExactly("message.submitted", "message.unknown");
    }

    @Test
    void writesNothingWhenNobodyListens() {
        setup.database.execute("delete from aval.listening");
        ClaimedMessage message = claimed(1).getFirst();

        block(engine.queue().settle(List.of(new Submitted(message.attempt(), Instant.now(), List.of("id")))));

        assertThat(setup.in("SUBMITTED")).isEqualTo(1);
        assertThat(told()).isEmpty();
    }

    private static Doubtful doubtful(ClaimedMessage message, Instant now) {
        return new Doubtful(message.attempt(), now, "TIMEOUT", null, List.of(), Resolution.WAIT, now.plusSeconds(60));
    }

    private List<UUID> queued(Batch batch) {
        List<UUID> ids = setup.queue(batch).block(PATIENCE);
        assertThat(ids).isNotNull();
        return ids;
    }

    private List<ClaimedMessage> claimed(int messages) {
        queued(Batch.of(messages, ACCOUNT));
        List<ClaimedMessage> claimed = engine.queue().claim(ACCOUNT, messages).block(PATIENCE);
        assertThat(claimed).hasSize(messages);
        return claimed;
    }

    private List<String> told() {
        return OutboxSetup.told(setup.database, setup.tenant);
    }

    private static void block(Mono<Void> work) {
        work.block(PATIENCE);
    }
}
