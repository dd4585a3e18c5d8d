// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.inbound;

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
import eu.aval.server.inbound.store.InboundRows;
import eu.aval.server.inbound.store.InboundRows.Found;
import eu.aval.server.personaldata.MessageText;
import eu.aval.server.personaldata.PhoneNumber;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.KeyedDatabase;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** What people wrote to tenants, to be listed and looked up. */
@Component
public class InboundMessages {

    /** What can be shown of an inbound message in clear. */
    public static final Set<Field> UNMASKABLE = Set.of(Field.NUMBER, Field.TEXT);

    private final KeyedDatabase database;
    private final InboundRows rows;
    private final Subjects subjects;
    private final AccessJournal journal;
    private final Unmasking unmasking;

    InboundMessages(
            KeyedDatabase database, InboundRows rows, Subjects subjects, AccessJournal journal, Unmasking unmasking) {
        this.database = database;
        this.rows = rows;
        this.subjects = subjects;
        this.journal = journal;
        this.unmasking = unmasking;
    }

    /**
     * Newest first, at most {@code limit}.
     *
     * @param after the last of the page before; null is the first page
     */
    public Mono<List<InboundMessage>> list(TenantId tenant, InboundFilter filter, int limit, @Nullable UUID after) {
        return database.in(
                tenant,
                (client, keys) ->
                        rows.search(client, tenant, filter, null, limit, after).map(found -> opened(keys, found)));
    }

    /**
     * What the person with a number wrote, newest first, and the entry in the journal that somebody looked. One more than the
     * page holds, if there is more.
     */
    public Mono<List<InboundMessage>> lookUp(LookUp lookUp, InboundFilter filter, PageRequest page) {
        return database.in(
                lookUp.tenant(),
                (client, keys) -> subjects.find(client, keys, List.of(lookUp.number()))
                        .flatMap(known -> {
                            Subject subject = known.get(lookUp.number());
                            UUID id = subject == null ? null : subject.id();
                            return (id == null
                                            ? Mono.just(List.<Found>of())
                                            : rows.search(
                                                    client, keys.tenant(), filter, id, page.sizeAndOne(), page.after()))
                                    .flatMap(found -> journal.append(
                                                    client,
                                                    lookUp.entry(
                                                            RecordKind.INBOUND_MESSAGE,
                                                            id,
                                                            Math.min(found.size(), page.size())))
                                            .thenReturn(opened(keys, found)));
                        }));
    }

    /** An inbound message in clear, and the entry in the journal; an error {@link Problem} NOT_FOUND or QUOTA_EXCEEDED. */
    public Mono<UnmaskResult> unmask(Unmask unmask) {
        TenantId tenant = unmask.requiredTenant();
        return unmasking.show(
                unmask,
                RecordKind.INBOUND_MESSAGE,
                "There is no such inbound message",
                work -> database.in(tenant, work),
                (client, keys) -> rows.find(client, tenant, unmask.id())
                        .map(found ->
                                new Unmasking.Found(found.stored().recipientId(), findings(keys, unmask, found))));
    }

    private static Unmasking.Findings findings(TenantKeys keys, Unmask unmask, Found found) {
        Unmasking.Findings findings = Unmasking.findings(unmask);
        UUID id = found.stored().id();
        AssociatedData place = new AssociatedData(keys.tenant(), "inbound_message", "text_sealed", id);
        UUID person = found.stored().recipientId();
        byte[] wrapped = found.wrappedKey();
        byte[] number = found.numberSealed();
        if (person == null) {
            return findings.gap(Field.NUMBER, Why.NEVER_GIVEN)
                    .value(Field.TEXT, () -> keys.open(found.textSealed(), place));
        }
        if (wrapped == null || number == null) {
            return findings.gap(Field.NUMBER, Why.ERASED).gap(Field.TEXT, Why.ERASED);
        }
        return findings.value(
                        Field.NUMBER,
                        () -> keys.subjectKey(person, wrapped).open(number, Subject.numberPlace(keys.tenant(), person)))
                .value(Field.TEXT, () -> keys.subjectKey(person, wrapped).open(found.textSealed(), place));
    }

    private static List<InboundMessage> opened(TenantKeys keys, List<Found> found) {
        return found.stream().map(row -> opened(keys, row)).toList();
    }

    private static InboundMessage opened(TenantKeys keys, Found found) {
        InboundMessage stored = found.stored();
        AssociatedData place = new AssociatedData(keys.tenant(), "inbound_message", "text_sealed", stored.id());
        UUID person = stored.recipientId();
        byte[] wrapped = found.wrappedKey();
        byte[] number = found.numberSealed();
        PhoneNumber from = null;
        MessageText text = null;
        try {
            if (person == null) {
                text = MessageText.of(new String(keys.open(found.textSealed(), place), UTF_8));
            } else if (wrapped != null) {
                SubjectKey key = keys.subjectKey(person, wrapped);
                text = MessageText.of(new String(key.open(found.textSealed(), place), UTF_8));
                if (number != null) {
                    from = Subject.open(keys.tenant(), key, number, found.country())
                            .number();
                }
            }
        } catch (SealBroken broken) {
            // Shown as far as it can be read
        }
        return new InboundMessage(
                stored.id(),
                stored.tenant(),
                from,
                person,
                stored.to(),
                text,
                stored.meaning(),
                stored.complete(),
                stored.receivedAt(),
                stored.messageId());
    }
}
