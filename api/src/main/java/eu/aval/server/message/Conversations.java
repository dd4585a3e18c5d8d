// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message;

import eu.aval.server.contact.Subject;
import eu.aval.server.encryption.AssociatedData;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.message.store.AcceptStore;
import eu.aval.server.message.store.BlockedMessages;
import eu.aval.server.message.store.ConversationRows;
import eu.aval.server.message.store.NewMessages;
import eu.aval.server.message.store.NewMessages.NewMessage;
import eu.aval.server.policy.Gate;
import eu.aval.server.policy.Verdict;
import eu.aval.server.shared.ProblemType;
import eu.aval.server.shared.TenantId;
import eu.aval.server.shared.TimeOrderedId;
import eu.aval.spi.submit.MessageClass;
import eu.aval.spi.text.EncodingChoice;
import eu.aval.spi.text.Segmentation;
import eu.aval.spi.text.SegmentationOptions;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * What somebody who writes back has got, what they are not to get any more, and what they are answered. Each method runs in
 * the transaction of {@code client}, so that what somebody wrote and what follows from it are stored together.
 */
@Component
public class Conversations {

    /** A message that has left for somebody. */
    public record Sent(
            UUID messageId,
            String sender,
            MessageClass messageClass,
            UUID purposeId,
            UUID apiKeyId,
            boolean simulated,
            UUID accountId) {}

    /**
     * That an opt-out is in force, told to the person.
     *
     * @param inboundMessageId what it answers
     * @param after the message that was objected to; this one goes the same way
     */
    public record Confirmation(UUID inboundMessageId, Sent after, String sender, String text) {

        /** Shows nothing of the text. */
        @Override
        public String toString() {
            return "Confirmation[" + inboundMessageId + "]";
        }
    }

    private static final Duration VALIDITY = Duration.ofDays(1);
    /** With what people wait for. */
    private static final int LANE = 1;

    private final ConversationRows rows;
    private final AcceptStore accepting;
    private final MeterRegistry meters;
    private final Clock clock;

    Conversations(ConversationRows rows, AcceptStore accepting, MeterRegistry meters, Clock clock) {
        this.rows = rows;
        this.accepting = accepting;
        this.meters = meters;
        this.clock = clock;
    }

    /** The newest message of a tenant that a person may have seen; empty if there is none. */
    public Mono<Sent> newest(DatabaseClient client, TenantId tenant, UUID subjectId) {
        return rows.newest(client, tenant, subjectId);
    }

    /**
     * Blocks what waits for a person and has been objected to. What a node has taken already is on its way.
     *
     * @param sender null is every sender
     * @param classes empty is every class
     * @return how many messages
     */
    public Mono<Long> stop(
            DatabaseClient client,
            TenantId tenant,
            UUID subjectId,
            @Nullable String sender,
            Set<MessageClass> classes) {
        return rows.stop(client, tenant, subjectId, sender, classes, now())
                .doOnNext(stopped -> BlockedMessages.count(meters, ProblemType.SUPPRESSED, stopped));
    }

    /** Queues it; it is not held to the opt-out that it confirms. Tell the dispatcher when it is committed. */
    public Mono<UUID> confirm(DatabaseClient client, TenantKeys keys, Subject subject, Confirmation confirmation) {
        Instant now = now();
        Sent after = confirmation.after();
        UUID id = TimeOrderedId.next();
        Segmentation segmentation = Segmentation.of(confirmation.text(), SegmentationOptions.of(EncodingChoice.AUTO));
        NewMessages message = new NewMessages(now);
        message.add(new NewMessage(
                id,
                subject.id(),
                false,
                after.apiKeyId(),
                after.purposeId(),
                MessageClass.SERVICE.name(),
                confirmation.sender(),
                subject.number().country(),
                null,
                null,
                subject.key()
                        .seal(
                                confirmation.text().getBytes(StandardCharsets.UTF_8),
                                new AssociatedData(keys.tenant(), "message", "text_sealed", id)),
                null,
                null,
                segmentation.encoding().name(),
                segmentation.parts(),
                after.simulated(),
                false,
                new Verdict.Allowed(new Verdict.Grounds(
                        null,
                        null,
                        null,
                        now,
                        confirmation.sender(),
                        subject.number().country(),
                        null,
                        null,
                        now,
                        Gate.VERSION)),
                MessageStatus.QUEUED.name(),
                null,
                now.plus(VALIDITY),
                after.accountId(),
                LANE,
                now,
                null,
                null,
                null,
                true));
        return accepting
                .insert(client, keys.tenant(), message)
                .then(rows.answers(client, id, confirmation.inboundMessageId()))
                .thenReturn(id);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
