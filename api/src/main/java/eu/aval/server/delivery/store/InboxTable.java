// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.delivery.store;

import eu.aval.server.outbox.Outbox;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.PlatformDatabase;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Inbound messages, and whom they may concern. */
@Component
public class InboxTable {

    /** A message that came in, sealed. */
    public record NewInbound(
            UUID id,
            TenantId tenant,
            UUID accountId,
            String carrierMessageId,
            @Nullable UUID subjectId,
            String recipient,
            ByteBuffer textSealed,
            boolean complete,
            Instant receivedAt) {}

    /** Who declared the number or name; if nobody, who is alone on the account. */
    private static final String OWNERS = """
            with routed as (
              select distinct tenant_id from aval.route where carrier_account_id = $1
            ), declared as (
              select distinct s.tenant_id from aval.sender s
              where ltrim(s.value, '+') = ltrim($2, '+') and s.state = 'ACTIVE' and s.tenant_id in (select tenant_id from routed)
            )
            select tenant_id from declared
            union
            select tenant_id from routed where not exists (select from declared) and (select count(*) from routed) = 1
            order by tenant_id""";

    private static final String CONCERNED = """
            select distinct r.tenant_id from aval.route r
            where r.carrier_account_id = $1 and ($2 = '' or exists (
              select from aval.sender s where s.tenant_id = r.tenant_id and ltrim(s.value, '+') = ltrim($2, '+')))
            order by r.tenant_id""";

    private static final String INSERT = """
            with stored as (
              insert into aval.inbound_message (id, tenant_id, carrier_account_id, carrier_message_id, subject_id, recipient,
                text_sealed, complete, received_at)
              values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
              on conflict (carrier_account_id, carrier_message_id) do nothing
              returning id, tenant_id, subject_id, recipient, complete, received_at
            )
            """ + Outbox.INSERT + """
            select tenant_id, subject_id, 'message.received', received_at, jsonb_strip_nulls(jsonb_build_object('id', id,
              'to', recipient, 'complete', complete, 'receivedAt', aval.rfc3339(received_at), 'recipientId', subject_id))
            from stored where\s""" + Outbox.isListenedTo("stored.tenant_id");

    private final PlatformDatabase database;

    InboxTable(PlatformDatabase database) {
        this.database = database;
    }

    /** The tenants that a message to this number or name may be for. */
    public Mono<List<TenantId>> owners(UUID accountId, String recipient) {
        return tenants(OWNERS, accountId, recipient);
    }

    /** The tenants that send through the account under this sender; null is any. */
    public Mono<List<TenantId>> concerned(UUID accountId, @Nullable String sender) {
        return tenants(CONCERNED, accountId, sender == null ? "" : sender);
    }

    private Mono<List<TenantId>> tenants(String sql, UUID accountId, String value) {
        return database.in(client -> client.sql(sql)
                .bind(0, accountId)
                .bind(1, value)
                .map(row -> new TenantId(ReceiptTable.required(row, "tenant_id", UUID.class)))
                .all()
                .collectList());
    }

    /** Id of the newest message to a person; empty if there is none. */
    public Mono<UUID> lastMessage(DatabaseClient client, TenantId tenant, UUID subjectId) {
        return client.sql(
                        "select id from aval.message where tenant_id = $1 and subject_id = $2 order by id desc limit 1")
                .bind(0, tenant.value())
                .bind(1, subjectId)
                .map(row -> ReceiptTable.required(row, "id", UUID.class))
                .one();
    }

    public Mono<Void> insert(DatabaseClient client, NewInbound row) {
        DatabaseClient.GenericExecuteSpec statement = client.sql(INSERT)
                .bind(0, row.id())
                .bind(1, row.tenant().value())
                .bind(2, row.accountId())
                .bind(3, row.carrierMessageId())
                .bind(5, row.recipient())
                .bind(6, row.textSealed())
                .bind(7, row.complete())
                .bind(8, row.receivedAt().atOffset(ZoneOffset.UTC));
        return (row.subjectId() == null ? statement.bindNull(4, UUID.class) : statement.bind(4, row.subjectId()))
                .then();
    }
}
