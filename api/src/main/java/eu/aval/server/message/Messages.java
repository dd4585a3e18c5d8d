// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message;

import static java.nio.charset.StandardCharsets.UTF_8;

import eu.aval.server.access.LookUp;
import eu.aval.server.access.PageRequest;
import eu.aval.server.access.Unmask;
import eu.aval.server.access.Unmask.Field;
import eu.aval.server.access.UnmaskResult;
import eu.aval.server.access.UnmaskResult.Gap.Why;
import eu.aval.server.access.Unmasking;
import eu.aval.server.audit.AccessEntry.RecordKind;
import eu.aval.server.audit.AccessJournal;
import eu.aval.server.contact.Subject;
import eu.aval.server.contact.Subjects;
import eu.aval.server.encryption.AssociatedData;
import eu.aval.server.encryption.SealBroken;
import eu.aval.server.encryption.SubjectKey;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.message.store.MessageRows;
import eu.aval.server.message.store.MessageRows.Found;
import eu.aval.server.message.store.MessageRows.Sealed;
import eu.aval.server.message.store.MessageRows.Search;
import eu.aval.server.personaldata.MessageText;
import eu.aval.server.personaldata.PhoneNumber;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.KeyedDatabase;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

    /**
     * What happened to a message, oldest first, and what carriers have of it.
     *
     * @param parts of all attempts
     */
    public record Course(List<TimelineEntry> timeline, List<SubmittedPart> parts) {}

    /** @param next position of the next page; null on the last */
    public record Page(List<Message> messages, @Nullable UUID next) {}

    /** What can be shown of a message in clear. */
    public static final Set<Field> UNMASKABLE = Set.of(Field.NUMBER, Field.TEXT, Field.CLIENT_REFERENCE);

    /** What a receipt repeats of the text. */
    private static final Pattern RECEIPT_TEXT = Pattern.compile("(?is)(\"?text\"?\\s*[:=]).*");
    /** Any number a carrier may have written in one of its forms. */
    private static final Pattern NUMBER = Pattern.compile("(?<![0-9A-Za-z])\\+?[0-9]{8,15}(?![0-9A-Za-z])");

    private final KeyedDatabase database;
    private final MessageRows rows;
    private final Subjects subjects;
    private final AccessJournal journal;
    private final Unmasking unmasking;
    private final Clock clock;

    Messages(
            KeyedDatabase database,
            MessageRows rows,
            Subjects subjects,
            AccessJournal journal,
            Unmasking unmasking,
            Clock clock) {
        this.database = database;
        this.rows = rows;
        this.subjects = subjects;
        this.journal = journal;
        this.unmasking = unmasking;
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
                        .flatMap(found -> rows.timelines(client, tenant, List.of(id))
                                .map(entries -> history(keys, found, entries.getOrDefault(id, List.of())))));
    }

    /** What is on record about each of many messages of a tenant, in as many statements as about one. */
    public Mono<Map<UUID, Course>> courses(TenantId tenant, Collection<Message> messages) {
        List<UUID> ids = messages.stream().map(Message::id).toList();
        return database.in(
                tenant,
                (client, keys) -> rows.sealed(client, tenant, ids)
                        .flatMap(closed -> rows.timelines(client, tenant, ids)
                                .flatMap(entries -> rows.parts(client, tenant, ids)
                                        .map(parts -> courses(keys, messages, closed, entries, parts)))));
    }

    /** What these messages of a tenant say, without those whose text is gone: discarded, or its person erased. */
    public Mono<Map<UUID, MessageText>> texts(TenantId tenant, Collection<UUID> ids) {
        return database.in(
                tenant,
                (client, keys) -> rows.sealed(client, tenant, ids).map(found -> {
                    Map<UUID, MessageText> texts = new HashMap<>();
                    for (Sealed each : found) {
                        SubjectKey subject = subjectKey(keys, each.subjectId(), each.wrappedKey());
                        byte[] sealed = each.textSealed();
                        String text = subject == null || sealed == null
                                ? null
                                : opened(
                                        subject,
                                        sealed,
                                        new AssociatedData(keys.tenant(), "message", "text_sealed", each.messageId()));
                        if (text != null) {
                            texts.put(each.messageId(), MessageText.of(text));
                        }
                    }
                    return texts;
                }));
    }

    /** The messages to a number, newest first, and the entry in the journal that somebody looked. */
    public Mono<List<Message>> lookUp(LookUp lookUp, MessageFilter filter, PageRequest page) {
        return database.in(
                lookUp.tenant(),
                (client, keys) -> search(
                                client, keys, filter.withNumber(lookUp.number()), page.sizeAndOne(), page.after())
                        .flatMap(found -> subjects.find(client, keys, List.of(lookUp.number()))
                                .flatMap(known -> {
                                    Subject subject = known.get(lookUp.number());
                                    return journal.append(
                                            client,
                                            lookUp.entry(
                                                    RecordKind.MESSAGE,
                                                    subject == null ? null : subject.id(),
                                                    Math.min(found.size(), page.size())));
                                })
                                .thenReturn(found)));
    }

    /** A message in clear, and the entry in the journal; an error {@link Problem} NOT_FOUND or QUOTA_EXCEEDED. */
    public Mono<UnmaskResult> unmask(Unmask unmask) {
        TenantId tenant = unmask.requiredTenant();
        return unmasking.show(
                unmask,
                RecordKind.MESSAGE,
                "There is no such message",
                work -> database.in(tenant, work),
                (client, keys) -> rows.find(client, tenant, unmask.id())
                        .flatMap(found -> rows.sealed(client, tenant, List.of(found.id()))
                                .map(closed -> new Unmasking.Found(
                                        found.subjectId(),
                                        findings(
                                                keys,
                                                unmask,
                                                found,
                                                closed.getFirst().textSealed())))));
    }

    private static Unmasking.Findings findings(TenantKeys keys, Unmask unmask, Found found, byte @Nullable [] text) {
        Unmasking.Findings findings = Unmasking.findings(unmask);
        byte[] wrapped = found.wrappedKey();
        if (wrapped == null || found.numberSealed() == null) {
            return findings.gap(Field.NUMBER, Why.ERASED)
                    .gap(Field.TEXT, Why.ERASED)
                    .gap(Field.CLIENT_REFERENCE, Why.ERASED);
        }
        find(
                findings,
                Field.NUMBER,
                keys,
                found,
                wrapped,
                found.numberSealed(),
                Why.ERASED,
                "subject",
                "number_sealed");
        find(findings, Field.TEXT, keys, found, wrapped, text, Why.DISCARDED, "message", "text_sealed");
        find(
                findings,
                Field.CLIENT_REFERENCE,
                keys,
                found,
                wrapped,
                found.referenceSealed(),
                Why.NEVER_GIVEN,
                "message",
                "reference_sealed");
        return findings;
    }

    private static void find(
            Unmasking.Findings findings,
            Field field,
            TenantKeys keys,
            Found found,
            byte[] wrapped,
            byte @Nullable [] sealed,
            Why missing,
            String table,
            String column) {
        if (sealed == null) {
            findings.gap(field, missing);
            return;
        }
        UUID row = table.equals("subject") ? found.subjectId() : found.id();
        findings.value(
                field,
                () -> keys.subjectKey(found.subjectId(), wrapped)
                        .open(sealed, new AssociatedData(keys.tenant(), table, column, row)));
    }

    /**
     * Newest first.
     *
     * @param after {@link Page#next} of the page before; null is the first page
     */
    public Mono<Page> list(TenantId tenant, MessageFilter filter, int limit, @Nullable UUID after) {
        return database.in(
                tenant,
                (client, keys) -> search(client, keys, filter, limit + 1, after).map(found -> {
                    List<Message> page = List.copyOf(found.subList(0, Math.min(limit, found.size())));
                    return new Page(page, found.size() > limit ? page.getLast().id() : null);
                }));
    }

    private Mono<List<Message>> search(
            DatabaseClient client, TenantKeys keys, MessageFilter filter, int limit, @Nullable UUID after) {
        String reference = filter.clientReference();
        PhoneNumber to = filter.to();
        Search search = new Search(
                filter.statuses().stream().map(Enum::name).toList(),
                filter.purpose(),
                to == null ? null : keys.indexes(to),
                reference == null ? null : keys.indexes(MessageRows.REFERENCE, reference.getBytes(UTF_8)),
                filter.acceptedFrom(),
                filter.acceptedBefore());
        return rows.search(client, keys.tenant(), search, limit, after)
                .map(found -> found.stream().map(row -> shown(keys, row)).toList());
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
        return new History(message, timeline(keys, subjectKey(keys, found), message, entries));
    }

    private static Map<UUID, Course> courses(
            TenantKeys keys,
            Collection<Message> messages,
            List<Sealed> closed,
            Map<UUID, List<MessageRows.Entry>> entries,
            Map<UUID, List<SubmittedPart>> parts) {
        Map<UUID, SubjectKey> subjects = new HashMap<>();
        for (Sealed each : closed) {
            SubjectKey subject = subjectKey(keys, each.subjectId(), each.wrappedKey());
            if (subject != null) {
                subjects.put(each.messageId(), subject);
            }
        }
        Map<UUID, Course> courses = new HashMap<>();
        for (Message message : messages) {
            UUID id = message.id();
            courses.put(
                    id,
                    new Course(
                            timeline(keys, subjects.get(id), message, entries.getOrDefault(id, List.of())),
                            parts.getOrDefault(id, List.of())));
        }
        return courses;
    }

    private static List<TimelineEntry> timeline(
            TenantKeys keys, @Nullable SubjectKey subject, Message message, List<MessageRows.Entry> entries) {
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
        return timeline;
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
        return subjectKey(keys, found.subjectId(), found.wrappedKey());
    }

    private static @Nullable SubjectKey subjectKey(TenantKeys keys, UUID id, byte @Nullable [] wrapped) {
        return wrapped == null ? null : keys.subjectKey(id, wrapped);
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
