// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access.graphql;

import eu.aval.server.access.Connection;
import eu.aval.server.access.LookUp;
import eu.aval.server.access.Operator;
import eu.aval.server.access.OperatorIdentities;
import eu.aval.server.access.OperatorIdentity;
import eu.aval.server.access.PageRequest;
import eu.aval.server.access.Unmask;
import eu.aval.server.access.UnmaskResult;
import eu.aval.server.access.Unmasked;
import eu.aval.server.audit.AccessEntry;
import eu.aval.server.audit.AccessEntry.Action;
import eu.aval.server.audit.AccessEntry.RecordKind;
import eu.aval.server.audit.AccessFilter;
import eu.aval.server.audit.AccessJournal;
import eu.aval.server.audit.Actor;
import eu.aval.server.personaldata.PlaintextAccess;
import eu.aval.server.shared.TenantId;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.graphql.data.method.annotation.Argument;
import org.springframework.graphql.data.method.annotation.ContextValue;
import org.springframework.graphql.data.method.annotation.MutationMapping;
import org.springframework.graphql.data.method.annotation.QueryMapping;
import org.springframework.graphql.data.method.annotation.SchemaMapping;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Mono;

/** The access journal, and what it lets people see in clear. */
@Controller
class JournalController {

    private final AccessJournal journal;
    private final OperatorIdentities identities;

    JournalController(AccessJournal journal, OperatorIdentities identities) {
        this.journal = journal;
        this.identities = identities;
    }

    @QueryMapping
    Mono<Connection<AccessEntry>> accessJournal(
            @Argument @Nullable UUID tenantId,
            @Argument @Nullable UUID operatorId,
            @Argument @Nullable Action action,
            @Argument @Nullable RecordKind recordKind,
            @Argument @Nullable UUID recordId,
            @Argument @Nullable UUID recipientId,
            @Argument LookUp.@Nullable Reason reason,
            @Argument @Nullable Instant from,
            @Argument @Nullable Instant before,
            @Argument Integer first,
            @Argument @Nullable String after,
            @ContextValue Operator operator) {
        PageRequest page = PageRequest.of(first, after);
        AccessFilter filter = new AccessFilter(
                tenantId == null ? operator.tenants() : Set.of(operator.require(new TenantId(tenantId))),
                operatorId == null ? null : Actor.operator(operatorId),
                action,
                recordKind,
                recordId,
                recipientId,
                reason == null ? null : reason.name(),
                from,
                before);
        return journal.search(filter, page.sizeAndOne(), page.after())
                .map(found -> Connection.of(found, page, AccessEntry::id));
    }

    @QueryMapping
    Mono<Connection<OperatorIdentity>> operatorIdentities(
            @Argument Integer first, @Argument @Nullable String after, @ContextValue Operator operator) {
        operator.requireAllTenants();
        PageRequest page = PageRequest.of(first, after);
        return identities
                .list(page.sizeAndOne(), page.after())
                .map(found -> Connection.of(found, page, OperatorIdentity::id));
    }

    @MutationMapping
    Mono<OperatorIdentity> suspendOperator(@Argument UUID id, @ContextValue Operator operator) {
        operator.requireAllTenants();
        return identities.suspend(id, operator.actor());
    }

    @MutationMapping
    Mono<OperatorIdentity> resumeOperator(@Argument UUID id, @ContextValue Operator operator) {
        operator.requireAllTenants();
        return identities.resume(id, operator.actor());
    }

    @MutationMapping
    Mono<UnmaskResult> unmaskOperator(
            @Argument UUID id,
            @Argument LookUp.Reason reason,
            @Argument @Nullable String reference,
            @ContextValue Operator operator) {
        operator.requireAllTenants();
        return identities.unmask(Unmask.ofPlatform(id, Unmask.Field.SUBJECT, operator, reason, reference));
    }

    @SchemaMapping(typeName = "AccessEntry")
    @Nullable
    TenantId tenantId(AccessEntry entry) {
        return entry.tenant();
    }

    @SchemaMapping(typeName = "AccessEntry")
    UUID operatorId(AccessEntry entry) {
        return entry.actor().operatorId();
    }

    @SchemaMapping(typeName = "AccessEntry")
    @Nullable
    UUID recipientId(AccessEntry entry) {
        return entry.subjectId();
    }

    @SchemaMapping(typeName = "Unmasked")
    @Nullable
    String number(Unmasked record) {
        return revealed(record, Unmask.Field.NUMBER);
    }

    @SchemaMapping(typeName = "Unmasked")
    @Nullable
    String text(Unmasked record) {
        return revealed(record, Unmask.Field.TEXT);
    }

    @SchemaMapping(typeName = "Unmasked")
    @Nullable
    String clientReference(Unmasked record) {
        return revealed(record, Unmask.Field.CLIENT_REFERENCE);
    }

    @SchemaMapping(typeName = "Unmasked")
    @Nullable
    String evidence(Unmasked record) {
        return revealed(record, Unmask.Field.EVIDENCE);
    }

    @SchemaMapping(typeName = "Unmasked")
    @Nullable
    String subject(Unmasked record) {
        return revealed(record, Unmask.Field.SUBJECT);
    }

    private static @Nullable String revealed(Unmasked record, Unmask.Field field) {
        var value = record.values().get(field);
        return value == null ? null : value.reveal(PlaintextAccess.forJournalledReader());
    }
}
