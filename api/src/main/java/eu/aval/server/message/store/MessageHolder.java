// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import eu.aval.server.contact.Subject;
import eu.aval.server.contact.Subjects;
import eu.aval.server.encryption.AssociatedData;
import eu.aval.server.personaldata.PersonalDataHolder;
import eu.aval.server.personaldata.PlaintextAccess;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.KeyedDatabase;
import eu.aval.server.tenant.PlatformDatabase;
import io.r2dbc.spi.Readable;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;

/**
 * Messages and their receipts. Erasure takes texts and references away and leaves the record of the sending under an id
 * that leads to nobody; receipts are append-only and become noise with the key of the person.
 */
@Component
class MessageHolder implements PersonalDataHolder {

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
                "message.text_sealed",
                "message.reference_sealed",
                "message.reference_index",
                "receipt.raw_sealed");
    }

    @Override
    public Publisher<Map<String, Object>> export(TenantId tenant, UUID subjectId, PlaintextAccess access) {
        return database.in(
                        tenant,
                        (client, keys) -> subjects.byId(client, keys, List.of(subjectId))
                                .mapNotNull(found -> found.get(subjectId))
                                .flatMap(subject -> messages(client, tenant, subject)
                                        .concatWith(receipts(client, tenant, subject))
                                        .collectList()))
                .flatMapIterable(rows -> rows);
    }

    @Override
    public Publisher<Long> erase(TenantId tenant, UUID subjectId) {
        return platform.in(client -> client.sql("""
                        update aval.message set text_sealed = null, reference_sealed = null, reference_index = null
                        where tenant_id = $1 and subject_id = $2
                          and (text_sealed is not null or reference_sealed is not null or reference_index is not null)""")
                .bind(0, tenant.value())
                .bind(1, subjectId)
                .fetch()
                .rowsUpdated());
    }

    private static Flux<Map<String, Object>> messages(DatabaseClient client, TenantId tenant, Subject subject) {
        return client.sql("""
                        select m.id, p.key, m.sender, m.status, m.accepted_at, m.text_sealed, m.reference_sealed
                        from aval.message m join aval.purpose p on p.id = m.purpose_id
                        where m.tenant_id = $1 and m.subject_id = $2 order by m.id""")
                .bind(0, tenant.value())
                .bind(1, subject.id())
                .map(row -> {
                    UUID id = id(row, 0);
                    Map<String, Object> message = new LinkedHashMap<>();
                    message.put("message", id.toString());
                    message.put("purpose", Objects.requireNonNull(row.get(1)));
                    message.put("sender", Objects.requireNonNull(row.get(2)));
                    message.put("status", Objects.requireNonNull(row.get(3)));
                    message.put("acceptedAt", String.valueOf(row.get(4, Instant.class)));
                    put(message, "text", opened(row, 5, subject, place(tenant, "message", "text_sealed", id)));
                    put(
                            message,
                            "reference",
                            opened(row, 6, subject, place(tenant, "message", "reference_sealed", id)));
                    return message;
                })
                .all();
    }

    private static Flux<Map<String, Object>> receipts(DatabaseClient client, TenantId tenant, Subject subject) {
        return client.sql("""
                        select r.id, r.message_id, r.state, r.received_at, r.raw_sealed
                        from aval.receipt r join aval.message m on m.id = r.message_id
                        where m.tenant_id = $1 and m.subject_id = $2 order by r.message_id, r.id""")
                .bind(0, tenant.value())
                .bind(1, subject.id())
                .map(row -> {
                    UUID id = id(row, 0);
                    Map<String, Object> receipt = new LinkedHashMap<>();
                    receipt.put("receipt", id.toString());
                    receipt.put("message", id(row, 1).toString());
                    receipt.put("state", Objects.requireNonNull(row.get(2)));
                    receipt.put("receivedAt", String.valueOf(row.get(3, Instant.class)));
                    put(receipt, "raw", opened(row, 4, subject, place(tenant, "receipt", "raw_sealed", id)));
                    return receipt;
                })
                .all();
    }

    private static void put(Map<String, Object> row, String name, @Nullable String value) {
        if (value != null) {
            row.put(name, value);
        }
    }

    private static @Nullable String opened(Readable row, int column, Subject subject, AssociatedData place) {
        ByteBuffer sealed = row.get(column, ByteBuffer.class);
        if (sealed == null) {
            return null;
        }
        byte[] octets = new byte[sealed.remaining()];
        sealed.get(octets);
        return new String(subject.key().open(octets, place), UTF_8);
    }

    private static AssociatedData place(TenantId tenant, String table, String column, UUID id) {
        return new AssociatedData(tenant, table, column, id);
    }

    private static UUID id(Readable row, int column) {
        return Objects.requireNonNull(row.get(column, UUID.class));
    }
}
