// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message;

import static java.nio.charset.StandardCharsets.UTF_8;

import eu.aval.server.encryption.AssociatedData;
import eu.aval.server.encryption.SealBroken;
import eu.aval.server.encryption.SubjectKey;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.message.store.MessageRows;
import eu.aval.server.message.store.MessageRows.Found;
import eu.aval.server.message.store.MessageRows.Search;
import eu.aval.server.personaldata.PhoneNumber;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.KeyedDatabase;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** The messages of tenants: to be found, listed and cancelled. What is shown of them is masked. */
@Component
public class Messages {

    /** A message and everything that is on record about it, oldest first. */
    public record History(Message message, List<TimelineEntry> timeline) {}

    /** @param next position of the next page; null on the last */
    public record Page(List<Message> messages, @Nullable UUID next) {}

    /** What a receipt repeats of the text. */
    private static final Pattern RECEIPT_TEXT = Pattern.compile("(?is)(\"?text\"?\\s*[:=]).*");
    /** Any number a carrier may have written in one of its forms. */
    private static final Pattern NUMBER = Pattern.compile("(?<![0-9A-Za-z])\\+?[0-9]{8,15}(?![0-9A-Za-z])");

    private final KeyedDatabase database;
    private final MessageRows rows;
    private final Clock clock;

    Messages(KeyedDatabase database, MessageRows rows, Clock clock) {
        this.database = database;
        this.rows = rows;
        this.clock = clock;
    }

    /** Empty if the tenant has no such message, whoever else may have. */
    public Mono<Message> find(TenantId tenant, UUID id) {
        return database.in(tenant, (client, keys) -> find(client, keys, id));
    }

    /** Empty if the tenant has no such message, whoever else may have. */
    public Mono<History> history(TenantId tenant, UUID id) {
        return database.in(
                tenant,
                (client, keys) -> rows.find(client, tenant, id)
                        .flatMap(found ->
                                rows.timeline(client, tenant, id).map(entries -> history(keys, found, entries))));
    }

    /**
     * Newest first.
     *
     * @param after {@link Page#next} of the page before; null is the first page
     */
    public Mono<Page> list(TenantId tenant, MessageFilter filter, int limit, @Nullable UUID after) {
        return database.in(tenant, (client, keys) -> {
            String reference = filter.clientReference();
            PhoneNumber to = filter.to();
            Search search = new Search(
                    filter.statuses().stream().map(Enum::name).toList(),
                    filter.purpose(),
                    to == null ? null : keys.indexes(to),
                    reference == null ? null : keys.indexes(MessageRows.REFERENCE, reference.getBytes(UTF_8)),
                    filter.acceptedFrom(),
                    filter.acceptedBefore());
            return rows.search(client, tenant, search, limit + 1, after).map(found -> {
                List<Message> page = new ArrayList<>();
                for (Found row : found.subList(0, Math.min(limit, found.size()))) {
                    page.add(shown(keys, row));
                }
                return new Page(page, found.size() > limit ? page.getLast().id() : null);
            });
        });
    }

    /**
     * Cancels a message that has not left. A claim that takes it at the same moment is decided by the lock on its row in
     * the queue: it is sent or cancelled, never both. Cancelling again changes nothing.
     *
     * @return an error {@link Problem} NOT_FOUND or NOT_CANCELLABLE
     */
    public Mono<Message> cancel(TenantId tenant, UUID id) {
        return database.in(
                tenant,
                (client, keys) -> rows.cancel(client, tenant, id, clock.instant())
                        .then(Mono.defer(() -> find(client, keys, id)))
                        .switchIfEmpty(Mono.error(() -> new Problem(ProblemType.NOT_FOUND, "There is no such message")))
                        .flatMap(message -> message.status() == MessageStatus.CANCELLED
                                ? Mono.just(message)
                                : Mono.error(new Problem(
                                        ProblemType.NOT_CANCELLABLE,
                                        "The message has left, or ended, or is leaving"))));
    }

    private Mono<Message> find(DatabaseClient client, TenantKeys keys, UUID id) {
        return rows.find(client, keys.tenant(), id).map(found -> shown(keys, found));
    }

    private static History history(TenantKeys keys, Found found, List<MessageRows.Entry> entries) {
        Message message = shown(keys, found);
        SubjectKey subject = subjectKey(keys, found);
        List<TimelineEntry> timeline = new ArrayList<>();
        timeline.add(entry(message.acceptedAt(), "ACCEPTED"));
        for (MessageRows.Entry entry : entries) {
            byte[] sealed = entry.rawSealed();
            TimelineEntry shown = entry.shown();
            timeline.add(
                    sealed == null || subject == null
                            ? shown
                            : withRaw(
                                    shown,
                                    opened(
                                            subject,
                                            sealed,
                                            new AssociatedData(keys.tenant(), "receipt", "raw_sealed", entry.id()))));
        }
        timeline.sort(Comparator.comparing(TimelineEntry::at));
        return new History(message, timeline);
    }

    private static Message shown(TenantKeys keys, Found found) {
        SubjectKey subject = subjectKey(keys, found);
        byte[] number = found.numberSealed();
        byte[] reference = found.referenceSealed();
        String opened = subject == null || number == null
                ? null
                : opened(
                        subject,
                        number,
                        new AssociatedData(keys.tenant(), "subject", "number_sealed", found.subjectId()));
        return found.message(
                // Of an erased person nothing is left to be masked
                opened == null ? "*" : PhoneNumber.of(opened, found.country()).masked(),
                subject == null || reference == null
                        ? null
                        : opened(
                                subject,
                                reference,
                                new AssociatedData(keys.tenant(), "message", "reference_sealed", found.id())));
    }

    private static @Nullable SubjectKey subjectKey(TenantKeys keys, Found found) {
        byte[] wrapped = found.wrappedKey();
        return wrapped == null ? null : keys.subjectKey(found.subjectId(), wrapped);
    }

    private static @Nullable String opened(SubjectKey key, byte[] sealed, AssociatedData place) {
        try {
            return new String(key.open(sealed, place), UTF_8);
        } catch (SealBroken broken) {
            return null;
        }
    }

    private static TimelineEntry entry(Instant at, String type) {
        return new TimelineEntry(at, type, null, null, null, null, null, null, null, null, null, null, null);
    }

    private static TimelineEntry withRaw(TimelineEntry entry, @Nullable String raw) {
        return new TimelineEntry(
                entry.at(),
                entry.type(),
                entry.attempt(),
                entry.part(),
                entry.carrierAccountId(),
                entry.carrierMessageId(),
                entry.outcome(),
                entry.state(),
                entry.applied(),
                entry.failureClass(),
                entry.carrierCode(),
                raw == null ? null : masked(raw),
                entry.detail());
    }

    /** Without the text, and with every number masked: which digits are a number and which an id, nobody can tell. */
    static String masked(String raw) {
        String withoutText = RECEIPT_TEXT.matcher(raw).replaceFirst("$1");
        return NUMBER.matcher(withoutText)
                .replaceAll(number -> Matcher.quoteReplacement(
                        PhoneNumber.of(number.group(), "ZZ").masked()));
    }
}
