// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.inbound.store;

import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.NullableId;
import eu.aval.server.tenant.Octets;
import eu.aval.server.tenant.PlatformDatabase;
import io.r2dbc.spi.Readable;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** {@code aval.inbound_assembly} and {@code aval.inbound_part}. */
@Component
public class PartTable {

    /**
     * A message of which parts have come.
     *
     * @param subjectId null when no person wrote
     */
    public record Assembly(
            UUID id, UUID accountId, @Nullable UUID subjectId, String recipient, int total, boolean finished) {}

    /** One of its parts. */
    public record Part(
            UUID id,
            int number,
            String carrierMessageId,
            Instant receivedAt,
            ByteBuffer textIndex,
            @Nullable ByteBuffer textSealed) {}

    /** An assembly, whose it is, and since when it waits. */
    public record Late(TenantId tenant, UUID id, Instant since) {}

    private static final String ASSEMBLY =
            "select id, carrier_account_id, subject_id, recipient, total, finished_at from aval.inbound_assembly";

    private final PlatformDatabase database;

    PartTable(PlatformDatabase database) {
        this.database = database;
    }

    /** Until the transaction ends nobody else has a part of it; for the statement before the one that reads. */
    public Mono<Void> lock(DatabaseClient client, byte[] groupIndex) {
        return client.sql("select pg_advisory_xact_lock(hashtextextended('aval.inbound:' || encode($1, 'hex'), 0))")
                .bind(0, ByteBuffer.wrap(groupIndex))
                .then();
    }

    /** The one that is open, or else the last that was handed on; locked. */
    public Mono<Assembly> newest(DatabaseClient client, TenantId tenant, List<byte[]> groupIndexes) {
        return client.sql(ASSEMBLY + " where tenant_id = $1 and group_index = any($2::bytea[])"
                        + " order by finished_at desc nulls first, id desc limit 1 for update")
                .bind(0, tenant.value())
                .bind(1, Octets.arrayOf(groupIndexes))
                .map(PartTable::assembly)
                .one();
    }

    /** One that is open; locked. Empty if somebody has it or has handed it on. */
    public Mono<Assembly> open(DatabaseClient client, TenantId tenant, UUID id) {
        return client.sql(ASSEMBLY + " where tenant_id = $1 and id = $2 and finished_at is null for update skip locked")
                .bind(0, tenant.value())
                .bind(1, id)
                .map(PartTable::assembly)
                .one();
    }

    public Mono<Void> begin(DatabaseClient client, TenantId tenant, Assembly assembly, byte[] groupIndex) {
        return client.sql("""
                        insert into aval.inbound_assembly (id, tenant_id, carrier_account_id, group_index, subject_id,
                          recipient, total) values ($1, $2, $3, $4, $5, $6, $7)""")
                .bind(0, assembly.id())
                .bind(1, tenant.value())
                .bind(2, assembly.accountId())
                .bind(3, ByteBuffer.wrap(groupIndex))
                .bind(4, NullableId.of(assembly.subjectId()))
                .bind(5, assembly.recipient())
                .bind(6, (short) assembly.total())
                .then();
    }

    public Mono<Void> add(DatabaseClient client, TenantId tenant, Assembly assembly, Part part, ByteBuffer textSealed) {
        return client.sql("""
                        with touched as (update aval.inbound_assembly set last_part_at = now() where id = $3)
                        insert into aval.inbound_part (id, tenant_id, assembly_id, subject_id, number, carrier_message_id,
                          received_at, text_index, text_sealed) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)""")
                .bind(0, part.id())
                .bind(1, tenant.value())
                .bind(2, assembly.id())
                .bind(3, NullableId.of(assembly.subjectId()))
                .bind(4, (short) part.number())
                .bind(5, part.carrierMessageId())
                .bind(6, part.receivedAt().atOffset(ZoneOffset.UTC))
                .bind(7, part.textIndex())
                .bind(8, textSealed)
                .then();
    }

    /** In their order. */
    public Mono<List<Part>> parts(DatabaseClient client, UUID assemblyId) {
        return client.sql("""
                        select id, number, carrier_message_id, received_at, text_index, text_sealed from aval.inbound_part
                        where assembly_id = $1 order by number""").bind(0, assemblyId).map(PartTable::part).all().collectList();
    }

    /** Nothing is left of it but what tells that a part comes again. */
    public Mono<Void> finish(DatabaseClient client, UUID assemblyId) {
        return client.sql("""
                        with emptied as (update aval.inbound_part set text_sealed = null where assembly_id = $1)
                        update aval.inbound_assembly set finished_at = now() where id = $1""").bind(0, assemblyId).then();
    }

    /** Those that have waited for five minutes since their last part and not as long as {@code after}, the oldest first. */
    public Mono<List<Late>> late(Instant after, int limit) {
        return database.atOnce(client -> client.sql("""
                        select tenant_id, id, last_part_at from aval.inbound_assembly
                        where finished_at is null and last_part_at > $1 and last_part_at < now() - interval '5 minutes'
                        order by last_part_at limit $2""")
                .bind(0, after.atOffset(ZoneOffset.UTC))
                .bind(1, limit)
                .map(row -> new Late(
                        new TenantId(Objects.requireNonNull(row.get("tenant_id", UUID.class))),
                        Objects.requireNonNull(row.get("id", UUID.class)),
                        Objects.requireNonNull(row.get("last_part_at", Instant.class))))
                .all()
                .collectList());
    }

    private static Assembly assembly(Readable row) {
        return new Assembly(
                Objects.requireNonNull(row.get("id", UUID.class)),
                Objects.requireNonNull(row.get("carrier_account_id", UUID.class)),
                row.get("subject_id", UUID.class),
                Objects.requireNonNull(row.get("recipient", String.class)),
                Objects.requireNonNull(row.get("total", Integer.class)),
                row.get("finished_at", Instant.class) != null);
    }

    private static Part part(Readable row) {
        return new Part(
                Objects.requireNonNull(row.get("id", UUID.class)),
                Objects.requireNonNull(row.get("number", Integer.class)),
                Objects.requireNonNull(row.get("carrier_message_id", String.class)),
                Objects.requireNonNull(row.get("received_at", Instant.class)),
                Objects.requireNonNull(row.get("text_index", ByteBuffer.class)),
                row.get("text_sealed", ByteBuffer.class));
    }
}
