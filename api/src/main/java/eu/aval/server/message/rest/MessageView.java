// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonRawValue;
import eu.aval.server.access.ShownMoney;
import eu.aval.server.message.Message;
import eu.aval.server.message.MessageStatus;
import eu.aval.server.message.Messages;
import eu.aval.server.message.TimelineEntry;
import eu.aval.spi.submit.MessageClass;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A message in an answer. What does not apply is left out. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record MessageView(
        UUID id,
        MessageStatus status,
        @JsonProperty("final") boolean ended,
        Instant statusAt,
        String to,
        String country,
        String from,
        String purpose,
        MessageClass messageClass,
        @Nullable String clientReference,
        String encoding,
        int parts,
        int partsDelivered,
        int attempts,
        boolean test,
        Instant acceptedAt,
        @Nullable Instant sendAt,
        @Nullable Instant scheduledFor,
        @Nullable Deferral deferred,
        Instant expiresAt,
        @Nullable String failureClass,
        @Nullable String carrierCode,
        @Nullable ShownMoney estimatedPrice,
        @JsonRawValue String verdict,
        Links links,
        @Nullable List<Entry> timeline) {

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Links(String self, @Nullable String cancel) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Page(List<MessageView> items, @Nullable String next) {}

    /** One entry of the timeline. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Entry(
            Instant at,
            String type,
            @Nullable Integer attempt,
            @Nullable Integer part,
            @Nullable String carrierAccount,
            @Nullable String carrierMessageId,
            @Nullable String outcome,
            @Nullable String state,
            @Nullable Boolean applied,
            @Nullable String failureClass,
            @Nullable String carrierCode,
            @Nullable String raw,
            @JsonRawValue @Nullable String detail) {

        static Entry of(TimelineEntry entry, Function<UUID, @Nullable String> accountNames) {
            UUID account = entry.carrierAccountId();
            String detail = entry.detail();
            return new Entry(
                    entry.at(),
                    entry.type(),
                    entry.attempt(),
                    entry.part(),
                    account == null ? null : accountNames.apply(account),
                    entry.carrierMessageId(),
                    entry.outcome(),
                    entry.state(),
                    entry.applied(),
                    entry.failureClass(),
                    entry.carrierCode(),
                    entry.raw(),
                    detail == null || detail.equals("{}") ? null : detail);
        }
    }

    static MessageView of(Message message) {
        return of(message, null);
    }

    static MessageView of(Messages.History history, Function<UUID, @Nullable String> accountNames) {
        return of(
                history.message(),
                history.timeline().stream()
                        .map(entry -> Entry.of(entry, accountNames))
                        .toList());
    }

    private static MessageView of(Message message, @Nullable List<Entry> timeline) {
        String self = SendResultWriter.MESSAGES + message.id();
        return new MessageView(
                message.id(),
                message.status(),
                message.status().isFinal(),
                message.statusAt(),
                message.to(),
                message.country(),
                message.from(),
                message.purpose(),
                message.messageClass(),
                message.clientReference(),
                SendResultWriter.name(message.encoding()),
                message.parts(),
                message.partsDelivered(),
                message.attempts(),
                message.simulated(),
                message.acceptedAt(),
                message.sendAt(),
                message.status() == MessageStatus.SCHEDULED ? message.sendAt() : null,
                Deferral.of(message),
                message.expiresAt(),
                message.failureClass(),
                message.carrierCode(),
                ShownMoney.of(message.price()),
                message.verdict(),
                new Links(self, message.isCancellable() ? self + "/cancel" : null),
                timeline);
    }
}
