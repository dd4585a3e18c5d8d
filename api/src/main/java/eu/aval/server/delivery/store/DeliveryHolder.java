// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.delivery.store;

import eu.aval.server.personaldata.PersonalDataHolder;
import eu.aval.server.personaldata.PlaintextAccess;
import eu.aval.server.shared.TenantId;
import eu.aval.server.tenant.PlatformDatabase;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.reactivestreams.Publisher;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;

/**
 * Receipts that wait for their message. They go on erasure. A waiting receipt is nobody's until its message is found, so an
 * export has none: then it is a receipt of the message, or it expires within days.
 */
@Component
class DeliveryHolder implements PersonalDataHolder {

    private final PlatformDatabase platform;

    DeliveryHolder(PlatformDatabase platform) {
        this.platform = platform;
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
                "parked_receipt.carrier_message_ids",
                "parked_receipt.event_sealed",
                "parked_receipt.received_at",
                "receipt_bundle.events_sealed");
    }

    @Override
    public Publisher<Map<String, Object>> export(TenantId tenant, UUID subjectId, PlaintextAccess access) {
        return Flux.empty();
    }

    /** A bundle is applied within moments, and then what it says of somebody who was erased is not kept. */
    @Override
    public Publisher<Long> erase(TenantId tenant, UUID subjectId) {
        return platform.in(client -> client.sql("""
                        with parked as (
                          delete from aval.parked_receipt r
                          using aval.submitted_part p join aval.message m on m.id = p.message_id
                          where m.tenant_id = $1 and m.subject_id = $2
                            and r.carrier_account_id = p.carrier_account_id
                            and r.carrier_message_ids && array[p.carrier_message_id]
                          returning 1
                        )
                        select count(*) as rows from parked""")
                .bind(0, tenant.value())
                .bind(1, subjectId)
                .mapValue(Long.class)
                .one());
    }
}
