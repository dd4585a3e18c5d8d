// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.inbound.store;

import eu.aval.server.contact.Subject;
import eu.aval.server.contact.Subjects;
import eu.aval.server.encryption.AssociatedData;
import eu.aval.server.personaldata.PersonalDataHolder;
import eu.aval.server.personaldata.PlaintextAccess;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.ExportedRow;
import eu.aval.server.tenant.KeyedDatabase;
import eu.aval.server.tenant.PlatformDatabase;
import io.r2dbc.spi.Readable;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.reactivestreams.Publisher;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What people wrote to us. It goes on erasure; the opt-out that it was stays on the suppression list. */
@Component
class InboundHolder implements PersonalDataHolder {

    private final KeyedDatabase database;
    private final PlatformDatabase platform;
    private final Subjects subjects;

    InboundHolder(KeyedDatabase database, PlatformDatabase platform, Subjects subjects) {
        this.database = database;
        this.platform = platform;
        this.subjects = subjects;
    }

    @Override
    public String name() {
        return "inbound";
    }

    @Override
    public int order() {
        return 250;
    }

    @Override
    public Set<String> columns() {
        return Set.of(
                "inbound_message.carrier_message_id",
                "inbound_message.subject_id",
                "inbound_message.recipient",
                "inbound_message.text_sealed",
                "inbound_message.received_at",
                "inbound_message.meaning",
                "inbound_message.message_id",
                "inbound_assembly.group_index",
                "inbound_assembly.subject_id",
                "inbound_assembly.recipient",
                "inbound_assembly.last_part_at",
                "inbound_part.text_sealed",
                "inbound_part.text_index",
                "inbound_part.subject_id",
                "inbound_part.carrier_message_id",
                "inbound_part.received_at");
    }

    @Override
    public Publisher<Map<String, Object>> export(TenantId tenant, UUID subjectId, PlaintextAccess access) {
        return database.in(
                        tenant,
                        (client, keys) -> subjects.byId(client, keys, subjectId)
                                .flatMap(subject -> client.sql("""
                                                select i.id as inbound, i.recipient,
                                                  i.carrier_message_id as "carrierMessageId",
                                                  i.received_at as "receivedAt", i.meaning, i.message_id as "messageId",
                                                  i.text_sealed
                                                from aval.inbound_message i
                                                where i.tenant_id = $1 and i.subject_id = $2 order by i.id""")
                                        .bind(0, tenant.value())
                                        .bind(1, subjectId)
                                        .map((row, metadata) ->
                                                ExportedRow.of(row, "inbound_message", tenant, subject.key()))
                                        .all()
                                        .concatWith(parts(client, tenant, subject))
                                        .collectList()))
                .flatMapIterable(rows -> rows);
    }

    /** Of messages that are not whole yet. */
    private static Flux<Map<String, Object>> parts(DatabaseClient client, TenantId tenant, Subject subject) {
        return client.sql("""
                        select p.id, a.recipient, p.number, a.total, p.carrier_message_id, p.received_at, p.text_sealed
                        from aval.inbound_part p join aval.inbound_assembly a on a.id = p.assembly_id
                        where p.tenant_id = $1 and a.subject_id = $2 and p.text_sealed is not null order by p.id""")
                .bind(0, tenant.value())
                .bind(1, subject.id())
                .map(row -> part(row, tenant, subject))
                .all();
    }

    private static Map<String, Object> part(Readable row, TenantId tenant, Subject subject) {
        UUID id = Objects.requireNonNull(row.get("id", UUID.class));
        byte[] text = subject.key()
                .open(
                        Objects.requireNonNull(row.get("text_sealed", byte[].class)),
                        new AssociatedData(tenant, "inbound_part", "text_sealed", id));
        return Map.of(
                "part", id.toString(),
                "recipient", Objects.requireNonNull(row.get("recipient", String.class)),
                "number", Objects.requireNonNull(row.get("number", Integer.class)),
                "total", Objects.requireNonNull(row.get("total", Integer.class)),
                "carrierMessageId", Objects.requireNonNull(row.get("carrier_message_id", String.class)),
                "receivedAt",
                        Objects.requireNonNull(row.get("received_at", Instant.class))
                                .toString(),
                "text", new String(text, StandardCharsets.UTF_16BE));
    }

    @Override
    public Publisher<Long> erase(TenantId tenant, UUID subjectId) {
        return platform.in(client -> delete(client, "inbound_assembly", tenant, subjectId)
                .zipWhen(parts -> delete(client, "inbound_message", tenant, subjectId), Long::sum));
    }

    private static Mono<Long> delete(DatabaseClient client, String table, TenantId tenant, UUID subjectId) {
        return client.sql("delete from aval." + table + " where tenant_id = $1 and subject_id = $2")
                .bind(0, tenant.value())
                .bind(1, subjectId)
                .fetch()
                .rowsUpdated();
    }
}
