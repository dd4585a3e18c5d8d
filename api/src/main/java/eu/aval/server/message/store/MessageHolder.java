// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.store;

import eu.aval.server.contact.Subject;
import eu.aval.server.contact.Subjects;
import eu.aval.server.personaldata.PersonalDataHolder;
import eu.aval.server.personaldata.PlaintextAccess;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.ExportedRow;
import eu.aval.server.tenant.KeyedDatabase;
import eu.aval.server.tenant.PlatformDatabase;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.reactivestreams.Publisher;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;

/**
 * Messages, their attempts, parts, receipts and events, and the keys they can be repeated under. Erasure takes away what
 * was written and what carriers wrote about it, and leaves the record of the sending under an id that leads to nobody.
 * Keys of idempotency are PRF values, of which an export could show nothing; without them a repeated request is a new one.
 */
@Component
class MessageHolder implements PersonalDataHolder {

    /** What an export reads of a table, in the order in which it is read best. */
    private record Export(String table, String query) {}

    private static final List<Export> EXPORTS = List.of(
            new Export("message", """
            select m.id as message, p.key as purpose, m.message_class as "messageClass", m.sender, m.country, m.status,
              m.status_at as "statusAt", m.accepted_at as "acceptedAt", m.send_at as "sendAt",
              m.expires_at as "expiresAt", m.failure_class as "failureClass", m.carrier_code as "carrierCode",
              m.verdict::text as verdict, m.recipient_region as "recipientRegion",
              array_to_string(m.zones, ',') as zones, m.text_sealed, m.reference_sealed
            from aval.message m join aval.purpose p on p.id = m.purpose_id
            where m.tenant_id = $1 and m.subject_id = $2 order by m.id"""),
            new Export("attempt", """
            select a.message_id as message, a.number as attempt, a.started_at as "startedAt",
              a.finished_at as "finishedAt", a.outcome, a.failure_class as "failureClass",
              a.carrier_code as "carrierCode", a.carrier_text as "carrierText"
            from aval.attempt a join aval.message m on m.id = a.message_id
            where m.tenant_id = $1 and m.subject_id = $2 order by a.message_id, a.number"""),
            new Export("submitted_part", """
            select p.message_id as message, p.attempt, p.part, p.carrier_message_id as "carrierMessageId", p.state,
              p.state_at as "stateAt", p.failure_class as "failureClass", p.carrier_code as "carrierCode"
            from aval.submitted_part p join aval.message m on m.id = p.message_id
            where m.tenant_id = $1 and m.subject_id = $2 order by p.message_id, p.attempt, p.part"""),
            new Export("receipt", """
            select r.id as receipt, r.message_id as message, r.carrier_message_id as "carrierMessageId", r.state,
              r.failure_class as "failureClass", r.carrier_code as "carrierCode", r.at,
              r.received_at as "receivedAt", r.raw_sealed
            from aval.receipt r join aval.message m on m.id = r.message_id
            where m.tenant_id = $1 and m.subject_id = $2 order by r.message_id, r.id"""),
            new Export("message_event", """
            select e.id as event, e.message_id as message, e.at, e.type, e.detail::text as detail
            from aval.message_event e join aval.message m on m.id = e.message_id
            where m.tenant_id = $1 and m.subject_id = $2 order by e.message_id, e.id"""));

    private static final String ERASE = """
            with mine as materialized (
              select id from aval.message where tenant_id = $1 and subject_id = $2 order by id for no key update
            ), message as (
              update aval.message set text_sealed = null, reference_sealed = null, reference_index = null,
                recipient_region = null, zones = null
              where id = any(array(select id from mine))
                and (text_sealed is not null or reference_sealed is not null or reference_index is not null
                  or recipient_region is not null or zones is not null)
              returning 1
            ), attempt as (
              update aval.attempt set carrier_text = null
              where message_id in (select id from mine) and carrier_text is not null returning 1
            ), receipt as (
              update aval.receipt set raw_sealed = null
              where message_id in (select id from mine) and raw_sealed is not null returning 1
            ), repeated as (
              delete from aval.idempotency
              where tenant_id = $1 and message_id = any(array(select id from mine)) returning 1
            )
            select (select count(*) from message) + (select count(*) from attempt) + (select count(*) from receipt)
              + (select count(*) from repeated) as rows""";

    private final KeyedDatabase database;
    private final PlatformDatabase platform;
    private final Subjects subjects;

    MessageHolder(KeyedDatabase database, PlatformDatabase platform, Subjects subjects) {
        this.database = database;
        this.platform = platform;
        this.subjects = subjects;
    }

    @Override
    public String name() {
        return "messages";
    }

    @Override
    public int order() {
        return 300;
    }

    @Override
    public Set<String> columns() {
        return Set.of(
                "message.subject_id",
                "message.purpose_id",
                "message.message_class",
                "message.sender",
                "message.country",
                "message.recipient_region",
                "message.zones",
                "message.text_sealed",
                "message.reference_sealed",
                "message.reference_index",
                "message.verdict",
                "message.status",
                "message.status_at",
                "message.send_at",
                "message.expires_at",
                "message.accepted_at",
                "message.failure_class",
                "message.carrier_code",
                "attempt.started_at",
                "attempt.finished_at",
                "attempt.outcome",
                "attempt.failure_class",
                "attempt.carrier_code",
                "attempt.carrier_text",
                "submitted_part.carrier_message_id",
                "submitted_part.state",
                "submitted_part.state_at",
                "submitted_part.failure_class",
                "submitted_part.carrier_code",
                "receipt.carrier_message_id",
                "receipt.state",
                "receipt.failure_class",
                "receipt.carrier_code",
                "receipt.at",
                "receipt.received_at",
                "receipt.raw_sealed",
                "message_event.at",
                "message_event.type",
                "message_event.detail",
                "idempotency.key_hash",
                "idempotency.fingerprint");
    }

    @Override
    public Publisher<Map<String, Object>> export(TenantId tenant, UUID subjectId, PlaintextAccess access) {
        return database.in(
                        tenant,
                        (client, keys) -> subjects.byId(client, keys, subjectId)
                                .flatMap(subject -> Flux.fromIterable(EXPORTS)
                                        .concatMap(export -> rows(client, tenant, subject, export))
                                        .collectList()))
                .flatMapIterable(rows -> rows);
    }

    private static Flux<Map<String, Object>> rows(
            DatabaseClient client, TenantId tenant, Subject subject, Export export) {
        return client.sql(export.query())
                .bind(0, tenant.value())
                .bind(1, subject.id())
                .map((row, metadata) -> ExportedRow.of(row, export.table(), tenant, subject.key()))
                .all();
    }

    @Override
    public Publisher<Long> erase(TenantId tenant, UUID subjectId) {
        return platform.in(client -> client.sql(ERASE)
                .bind(0, tenant.value())
                .bind(1, subjectId)
                .mapValue(Long.class)
                .one());
    }
}
