// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.store;

import eu.aval.server.message.Conversations.Sent;
import eu.aval.server.message.MessageChanges;
import eu.aval.server.shared.TenantId;
import eu.aval.server.shared.TimeOrderedId;
import eu.aval.spi.submit.MessageClass;
import io.r2dbc.spi.Parameters;
import io.r2dbc.spi.R2dbcType;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Messages to one person, when that person writes. */
@Component
public class ConversationRows {

    private static final String NEWEST = """
            select id, sender, message_class, purpose_id, api_key_id, simulated, carrier_account_id
            from aval.message
            where tenant_id = $1 and subject_id = $2 and answers is null and carrier_account_id is not null
              and status not in ('SCHEDULED', 'QUEUED', 'BLOCKED', 'CANCELLED')
            order by id desc limit 1""";

    /** A row that somebody leases stays: its node_id is looked at again once the lock is free. */
    private static final String STOP = """
            with waiting as materialized (
              select d.message_id from aval.message m join aval.dispatch d on d.message_id = m.id
              where m.tenant_id = $1 and m.subject_id = $2 and m.status in ('SCHEDULED', 'QUEUED') and m.answers is null
                and ($3::text is null or m.sender = $3) and (cardinality($4::text[]) = 0 or m.message_class = any($4))
                and d.tenant_id = $1 and d.node_id is null
              order by d.message_id for update of d
            ), gone as (
              delete from aval.dispatch where message_id = any(array(select message_id from waiting)) returning message_id
            ), event as (
              insert into aval.message_event (message_id, id, tenant_id, at, type, detail)
              select message_id, $6, $1, $5, 'BLOCKED',
                '{"code":"SUPPRESSED"}'
              from gone
            ), moved as (
              update aval.message m set status = 'BLOCKED', status_at = $5, failure_class = 'OPTED_OUT',
                text_sealed = case when m.discard_text then null else m.text_sealed end
              where m.id = any(array(select message_id from gone))
              returning\s""" + MessageChanges.MOVED + "), told as (" + MessageChanges.TELL + """
            )
            select count(*) from moved""";

    /** The newest that has left for a person. */
    public Mono<Sent> newest(DatabaseClient client, TenantId tenant, UUID subjectId) {
        return client.sql(NEWEST)
                .bind(0, tenant.value())
                .bind(1, subjectId)
                .map(row -> new Sent(
                        RowValues.uuid(row, "id"),
                        RowValues.text(row, "sender"),
                        MessageClass.valueOf(RowValues.text(row, "message_class")),
                        RowValues.uuid(row, "purpose_id"),
                        RowValues.uuid(row, "api_key_id"),
                        RowValues.flag(row, "simulated"),
                        RowValues.uuid(row, "carrier_account_id")))
                .one();
    }

    /** Blocks what waits; how many. An event's id has to be its own among those of one message only. */
    public Mono<Long> stop(
            DatabaseClient client,
            TenantId tenant,
            UUID subjectId,
            @Nullable String sender,
            Set<MessageClass> classes,
            Instant at) {
        return client.sql(STOP)
                .bind(0, tenant.value())
                .bind(1, subjectId)
                .bind(2, Parameters.in(R2dbcType.VARCHAR, sender))
                .bind(3, classes.stream().map(Enum::name).toArray(String[]::new))
                .bind(4, at.atOffset(ZoneOffset.UTC))
                .bind(5, TimeOrderedId.next())
                .mapValue(Long.class)
                .one();
    }

    /** Marks a message as the answer to what somebody wrote. */
    public Mono<Void> answers(DatabaseClient client, UUID messageId, UUID inboundMessageId) {
        return client.sql("update aval.message set answers = $2 where id = $1")
                .bind(0, messageId)
                .bind(1, inboundMessageId)
                .then();
    }
}
