// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.delivery.store;

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
import org.springframework.stereotype.Component;

/**
 * What people wrote to us, and receipts that wait for their message. Both go on erasure. A waiting receipt is nobody's
 * until its message is found, so an export has none: then it is a receipt of the message, or it expires within days.
 */
@Component
class DeliveryHolder implements PersonalDataHolder {

    private final KeyedDatabase database;
    private final PlatformDatabase platform;
    private final Subjects subjects;

    DeliveryHolder(KeyedDatabase database, PlatformDatabase platform, Subjects subjects) {
        this.database = database;
        this.platform = platform;
        this.subjects = subjects;
    }

    @Override
    public String name() {
        return "delivery";
    }

    /** Before the messages, by which it finds the receipts. */
    @Override
    public int order() {
        return 200;
    }

    @Override
    public Set<String> columns() {
        return Set.of(
                "inbound_message.carrier_message_id",
                "inbound_message.subject_id",
                "inbound_message.recipient",
                "inbound_message.text_sealed",
                "inbound_message.received_at",
                "parked_receipt.carrier_message_ids",
                "parked_receipt.event_sealed",
                "parked_receipt.received_at");
    }

    @Override
    public Publisher<Map<String, Object>> export(TenantId tenant, UUID subjectId, PlaintextAccess access) {
        return database.in(
                        tenant,
                        (client, keys) -> subjects.byId(client, keys, List.of(subjectId))
                                .mapNotNull(found -> found.get(subjectId))
                                .flatMap(subject -> client.sql("""
                                                select i.id as inbound, i.recipient,
                                                  i.carrier_message_id as "carrierMessageId",
                                                  i.received_at as "receivedAt", i.text_sealed
                                                from aval.inbound_message i
                                                where i.tenant_id = $1 and i.subject_id = $2 order by i.id""")
                                        .bind(0, tenant.value())
                                        .bind(1, subjectId)
                                        .map((row, metadata) ->
                                                ExportedRow.of(row, "inbound_message", tenant, subject.key()))
                                        .all()
                                        .collectList()))
                .flatMapIterable(rows -> rows);
    }

    @Override
    public Publisher<Long> erase(TenantId tenant, UUID subjectId) {
        return platform.in(client -> client.sql("""
                        with inbound as (
                          delete from aval.inbound_message where tenant_id = $1 and subject_id = $2 returning 1
                        ), parked as (
                          delete from aval.parked_receipt r
                          using aval.submitted_part p join aval.message m on m.id = p.message_id
                          where m.tenant_id = $1 and m.subject_id = $2
                            and r.carrier_account_id = p.carrier_account_id
                            and r.carrier_message_ids && array[p.carrier_message_id]
                          returning 1
                        )
                        select (select count(*) from inbound) + (select count(*) from parked) as rows""")
                .bind(0, tenant.value())
                .bind(1, subjectId)
                .mapValue(Long.class)
                .one());
    }
}
